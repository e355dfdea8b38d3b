import { basename } from 'node:path';
import ts from 'typescript';

/** A rule over one file that no checker knows: `path:line: what is wrong`, one line per finding. */
export type TextRule = (path: string, text: string) => readonly string[];

const LONGEST_FILE = 250;

/** Names under which anything fits: a file that needs one has no idea of its own yet. */
const DRAWERS = /^(.+-)?(utils?|helpers?|common|managers?|services?|base|data|info|misc|shared|lib)$/;

/** One idea fits in 250 lines. */
export const isShort: TextRule = (path, text) => {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return lines > LONGEST_FILE
    ? [`${path}:${LONGEST_FILE + 1}: ${lines} lines; one idea fits in ${LONGEST_FILE}`]
    : [];
};

/** A file or folder is named for what it holds. */
export const isNamed: TextRule = (path) =>
  path
    .split('/')
    .map((part) => basename(part, '.ts'))
    .filter((part) => DRAWERS.test(part))
    .map((part) => `${path}:1: '${part}' says nothing; name the idea`);

const parse = (path: string, text: string) => ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);

const at = (file: ts.SourceFile, node: ts.Node) =>
  `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`;

const isExported = (node: ts.Statement): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);

/** The names a top-level statement declares. */
const namesOf = (node: ts.Statement): readonly string[] => {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.map((each) => each.name.getText());
  if (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node)
  )
    return [node.name?.getText() ?? 'default'];
  return [];
};

/** Every exported declaration says in a JSDoc sentence what it means; an overload may leave that to its first signature. */
export const isDocumented: TextRule = (path, text) => {
  const file = parse(path, text);
  const later = new Set<string>(); // exported by an `export { name }` elsewhere in the file
  for (const node of file.statements) {
    if (!ts.isExportDeclaration(node) || node.moduleSpecifier || !node.exportClause) continue;
    if (ts.isNamedExports(node.exportClause))
      for (const { propertyName, name } of node.exportClause.elements) later.add((propertyName ?? name).text);
  }
  const documented = new Set<string>();
  const findings: string[] = [];
  for (const node of file.statements) {
    const names = namesOf(node).filter((name) => isExported(node) || later.has(name));
    const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
    const says = comments.some((doc) => (ts.getTextOfJSDocComment(doc.comment) ?? '').trim() !== '');
    for (const name of names) {
      if (says) documented.add(name);
      else if (!documented.has(name))
        findings.push(`${at(file, node)}: export '${name}' has no JSDoc sentence`);
    }
  }
  return findings;
};

/** A rule that is switched off in place holds nowhere. */
export const keepsRulesOn: TextRule = (path, text) =>
  text.split('\n').flatMap((line, index) => {
    const found = /biome-ignore(-\w+)?|@ts-(ignore|expect-error|nocheck)/.exec(line);
    return found ? [`${path}:${index + 1}: '${found[0]}' switches a rule off`] : [];
  });

/** Open work stands in the issues, with a number. */
export const isFinished: TextRule = (path, text) =>
  text.split('\n').flatMap((line, index) => {
    const found = /\b(TODO|FIXME|XXX)\b(?! ?\(?#\d+)/.exec(line);
    return found ? [`${path}:${index + 1}: '${found[0]}' without an issue number`] : [];
  });

/** What is run for each attempt of a simulation. */
const HOT = /^(mock-server\/engine|src\/(core|simulate))\//;

/** V8 puts a function that is written straight into a field among its old objects, with all that hangs on it. */
export const keepsYoung: TextRule = (path, text) => {
  if (!HOT.test(path)) return [];
  const file = parse(path, text);
  const findings: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isBinaryExpression(node) &&
      /^(\?\?|\|\|)?=$/.test(node.operatorToken.getText(file)) &&
      ts.isPropertyAccessExpression(node.left) &&
      (ts.isArrowFunction(node.right) || ts.isFunctionExpression(node.right))
    )
      findings.push(`${at(file, node)}: ${node.left.getText(file)} takes a function; give it a name first`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return findings;
};

/** Every test runs: none is left out, and none runs alone. */
export const runsEveryTest: TextRule = (path, text) => {
  const file = parse(path, text);
  const findings: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isPropertyAccessExpression(node) &&
      /^(only|skip|todo)$/.test(node.name.text) &&
      /^(it|test|describe|suite|bench)\b/.test(node.expression.getText(file))
    )
      findings.push(`${at(file, node)}: ${node.getText(file)}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return findings;
};
