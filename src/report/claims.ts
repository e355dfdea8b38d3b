import type { ClaimResult, Figure } from '../analyze/claims.ts';
import { formatDuration, formatNumber, formatPercent } from '../core/units.ts';
import { grid } from './grid.ts';
import type { RenderOptions } from './reporter.ts';
import { styleOf } from './style.ts';
import { wrap } from './wrap.ts';

const inUnit = (value: number, unit: ClaimResult['unit']): string => {
  if (!Number.isFinite(value)) return '–';
  if (unit === 'ms') return formatDuration(value);
  if (unit === 'share') return formatPercent(value);
  if (unit === 'times') return `${formatNumber(value)} ×`;
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
};

const figureText = (figure: Figure, unit: ClaimResult['unit']): string =>
  typeof figure === 'number'
    ? inUnit(figure, unit)
    : `${inUnit(figure.min, unit)} to ${inUnit(figure.max, unit)}`;

const verdictText = ({ verdict, offBy }: ClaimResult): string => {
  if (verdict === 'reproduced') return 'reproduced';
  if (offBy !== null && Number.isNaN(offBy)) return 'off: there is no such figure';
  const by =
    offBy === null || !Number.isFinite(offBy) ? '' : ` ${offBy > 0 ? '+' : ''}${formatPercent(offBy)}`;
  return verdict === 'off' ? `off by${by || ' more than nothing'}` : `contradicts itself${by}`;
};

const HEADING = ['', 'claimed', 'measured', 'verdict'] as const;

const cells = (result: ClaimResult): readonly [string, string, string, string] => [
  result.about,
  figureText(result.claimed, result.unit),
  inUnit(result.measured, result.unit),
  verdictText(result),
];

const count = (results: readonly ClaimResult[], verdict: ClaimResult['verdict']): number =>
  results.filter((each) => each.verdict === verdict).length;

/** How many claims hold, in one sentence. */
const total = (results: readonly ClaimResult[]): string =>
  `${results.length} claims: ${count(results, 'reproduced')} reproduced, ${count(results, 'off')} off, ${count(results, 'self-contradicting')} contradicting themselves.`;

const byGuide = (results: readonly ClaimResult[]): ReadonlyMap<string, readonly ClaimResult[]> =>
  Map.groupBy(results, ({ guide }) => guide);

/** Claims against measurements, for a screen. */
export const claimsText = (results: readonly ClaimResult[], options: RenderOptions): string => {
  const style = styleOf(options);
  const paint = { reproduced: style.good, off: style.warn, 'self-contradicting': style.bad };
  const widest = Math.max(30, options.width - 50);
  const blocks = [...byGuide(results)].map(([guide, rows]) => {
    const body = rows.flatMap((row, index) => {
      const [about, claimed, measured, verdict] = cells(row).map(style.plain);
      const given =
        row.given === rows[index - 1]?.given ? [] : wrap(style.plain(`given ${row.given}:`), widest);
      const text = wrap(about ?? '', widest, 2).join('\n');
      return [
        ...given.map((line) => [style.quiet(line), '', '', '']),
        [text, claimed ?? '', measured ?? '', paint[row.verdict](verdict ?? '')],
      ];
    });
    return grid([style.strong(guide), ...HEADING.slice(1)], body, style.symbols.rule);
  });
  return `${[...blocks, style.strong(total(results))].join('\n\n')}\n`;
};

const escaped = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

/** The same as a Markdown table per guide. */
export const claimsMarkdown = (results: readonly ClaimResult[]): string => {
  const blocks = [...byGuide(results)].map(([guide, rows]) =>
    [
      `### ${guide}`,
      '',
      '| claim | given | claimed | measured | verdict |',
      '| :-- | :-- | --: | --: | :-- |',
      ...rows.map((row) => {
        const [about, ...others] = cells(row);
        return `| ${[about, row.given, ...others].map(escaped).join(' | ')} |`;
      }),
    ].join('\n'),
  );
  return `${[...blocks, `**${total(results)}**`].join('\n\n')}\n`;
};
