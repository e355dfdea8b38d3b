import Table from 'cli-table3';

const GAP = '  ';

/** Aligned columns under a rule, without a frame: the first to the left, the rest to the right. Cells may be painted. */
export const grid = (
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  rule: string,
): string => {
  const table = new Table({
    head: [...heading],
    colAligns: heading.map((_, index) => (index === 0 ? 'left' : 'right')),
    chars: { ...NO_FRAME, mid: rule, 'mid-mid': rule.repeat(GAP.length), middle: GAP },
    // Empty lists keep the table's own colours off; `compact` leaves only the rule under the heading.
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
};

const NO_FRAME = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  right: '',
  'right-mid': '',
};

/** Columns that such a grid takes, without drawing it; cells unpainted. */
export const gridWidth = (rows: readonly (readonly string[])[]): number => {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      const longest = Math.max(...cell.split('\n').map((line) => line.length));
      widths[index] = Math.max(widths[index] ?? 0, longest);
    });
  }
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * Math.max(0, widths.length - 1);
};
