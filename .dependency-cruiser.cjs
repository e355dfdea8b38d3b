/**
 * Who may import whom. `CONTRIBUTING.md` draws the same map; `test/architecture` proves that each rule fires.
 *
 * Layers, lowest first: a folder imports its own files and lower layers, nothing else.
 */
const LAYERS = [
  ['core'],
  ['stats', 'workload', 'load', 'policy'],
  ['client', 'measure'],
  ['run', 'analyze', 'plan'],
  ['report', 'store', 'distribute', 'simulate', 'calibrate'],
  ['config'],
  ['cli'],
];

/** Layers whose folders must not know each other either. */
const STRANGERS = [LAYERS[1], LAYERS[3], LAYERS[4]];

/** Packages that one place imports, so that replacing one is a change of one file. */
const DOORS = {
  openai: 'src/client/openai.ts',
  '@anthropic-ai/sdk': 'src/client/anthropic.ts',
  undici: 'src/client/undici-pool.ts',
  'eventsource-parser': 'src/client/http.ts',
  '@pydantic/genai-prices': 'src/config/price-list.ts',
  'p-limit': 'src/load/semaphore.ts',
  'pure-rand': 'src/core/rng.ts',
  tinybench: 'src/run/overhead.ts',
  asciichart: 'src/report/',
  'cli-table3': 'src/report/',
  'csv-stringify': 'src/report/',
  'csv-parse': 'src/workload/items.ts',
  xmlbuilder2: 'src/report/junit-document.ts',
  uplot: 'src/report/page/',
  open: 'src/cli/commands/report.ts',
  msw: 'mock-server/carriers/msw.ts',
  commander: 'src/(config|cli)/',
  'cli-progress': 'src/cli/',
};

const SOURCES = '^(src|mock-server|scenarios)/';

const literal = (text) => text.replaceAll(/[.+]/g, '\\$&');
const folders = (names) => `^src/(${names.join('|')})/`;
const exactly = (place) => `^${place.endsWith('/') ? place : `${literal(place)}$`}`;

/** What lies in src beside the layers and the public index. */
const UNKNOWN = `^src/(?!(${LAYERS.flat().join('|')})/|index\\.ts$)`;

const downward = LAYERS.slice(0, -1).map((layer, level) => ({
  name: `downward-only-L${level}`,
  severity: 'error',
  comment: `${layer.join(', ')}: layer ${level} imports lower layers only.`,
  from: { path: folders(layer) },
  to: { path: folders(LAYERS.slice(level + 1).flat()) },
}));

const strangers = STRANGERS.map((layer) => ({
  name: `no-siblings-L${LAYERS.indexOf(layer)}`,
  severity: 'error',
  comment: `${layer.join(', ')}: folders of this layer do not import each other; they meet in a higher layer.`,
  from: { path: folders(layer) },
  to: { path: folders(layer), pathNot: '^src/$1/' },
}));

const doors = Object.entries(DOORS).map(([name, place]) => ({
  name: `one-door-${name.replaceAll(/[^a-z0-9]+/g, '-').replace(/^-/, '')}`,
  severity: 'error',
  comment: `${name} is imported by ${place} only.`,
  from: { path: SOURCES, pathNot: exactly(place) },
  to: { path: `(^|/)node_modules/(@types/)?${literal(name)}/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...downward,
    ...strangers,
    {
      name: 'known-folders',
      severity: 'error',
      comment: 'Every folder of src stands in LAYERS, or no rule would hold for it.',
      from: { path: UNKNOWN },
      to: {},
    },
    {
      name: 'known-folders-only',
      severity: 'error',
      comment: 'Every folder of src stands in LAYERS, or no rule would hold for it.',
      from: {},
      to: { path: UNKNOWN },
    },
    {
      name: 'index-is-for-users',
      severity: 'error',
      comment: 'src/index.ts is the public API; our own code imports the file that holds the thing.',
      from: { path: SOURCES },
      to: { path: '^src/index\\.ts$' },
    },
    {
      name: 'client-not-load',
      severity: 'error',
      comment: 'A client makes one attempt when told to; when is decided elsewhere.',
      from: { path: '^src/client/' },
      to: { path: '^src/load/' },
    },
    {
      name: 'client-no-clock',
      severity: 'error',
      comment: 'Clients emit and the runner stamps: from core/clock a client takes types only.',
      from: { path: '^src/client/' },
      to: { path: '^src/core/(virtual-)?clock\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'src-not-mock-server',
      severity: 'error',
      comment: 'Only simulate/ and cli/ know the mock server.',
      from: { path: '^src/', pathNot: '^src/(simulate|cli)/' },
      to: { path: '^mock-server/' },
    },
    {
      name: 'mock-server-core-only',
      severity: 'error',
      comment: 'Of src, the mock server knows src/core only.',
      from: { path: '^mock-server/' },
      to: { path: '^(src|scenarios)/', pathNot: '^src/core/' },
    },
    {
      name: 'scenarios-core-workload-only',
      severity: 'error',
      comment: 'Scenarios are data: they know src/core and src/workload only.',
      from: { path: '^scenarios/' },
      to: { path: '^(src|mock-server)/', pathNot: '^src/(core|workload)/' },
    },
    {
      name: 'scenarios-from-config-and-cli',
      severity: 'error',
      comment: 'Only config/ and cli/ know which scenarios exist.',
      from: { path: '^src/', pathNot: '^src/(config|cli)/' },
      to: { path: '^scenarios/' },
    },
    {
      name: 'page-is-for-browsers',
      severity: 'error',
      comment:
        'The report page runs in a browser and is bundled by itself: nothing of the program imports it.',
      from: { path: '^src/', pathNot: '^src/report/page/' },
      to: { path: '^src/report/page/' },
    },
    {
      name: 'page-takes-figures-only',
      severity: 'error',
      comment: 'Of the program, the report page takes what is drawn, how figures are written, and no more.',
      from: { path: '^src/report/page/' },
      to: {
        path: '^src/',
        pathNot: '^src/(report/page/|report/html/(page-model|figures)\\.ts$|core/units\\.ts$)',
      },
    },
    ...doors,
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Type-only imports count too: two files that need each other are one idea.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that imports nothing and that nothing imports does nothing.',
      from: { path: SOURCES, pathNot: '\\.d\\.ts$', orphan: true },
      to: {},
    },
    {
      name: 'no-test-code',
      severity: 'error',
      comment: 'Sources do not import tests.',
      from: { path: SOURCES },
      to: { path: '^test/' },
    },
    {
      name: 'no-dev-dependencies',
      severity: 'error',
      comment:
        'Whoever installs the package gets no devDependencies. The msw carrier is for tests and stands apart; the report page is bundled when the package is built.',
      from: { path: SOURCES, pathNot: '^(mock-server/carriers/msw\\.ts$|src/report/page/)' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm'] },
    },
    {
      name: 'msw-carrier-is-for-tests',
      severity: 'error',
      comment: 'msw is a devDependency, so no source may reach it.',
      from: { path: SOURCES },
      to: { path: '^mock-server/carriers/msw\\.ts$' },
    },
    {
      name: 'no-undeclared',
      severity: 'error',
      comment: 'Every package that is imported stands in package.json.',
      from: { path: SOURCES },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'Every import resolves.',
      from: { path: SOURCES },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true, // count type-only imports
    detectProcessBuiltinModuleCalls: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
