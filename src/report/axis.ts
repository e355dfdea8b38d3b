/** A vertical axis from zero: equal steps, each drawn in `rowsPerStep` rows. */
export interface Scale {
  readonly top: number;
  /** Of the steps from 0 to `top`, all equally long. */
  readonly labels: readonly string[];
  readonly rowsPerStep: number;
  /** From 0 to `top`. */
  readonly rows: number;
}

const MOST_STEPS = 5;
const MOST_ROWS = 12;

/** Round numbers from 0 to at least `largest`, which must be finite and positive. */
export const roundScale = (largest: number): Scale => {
  const power = 10 ** Math.floor(Math.log10(largest / MOST_STEPS));
  const step =
    [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size * MOST_STEPS >= largest) ??
    largest / MOST_STEPS;
  const count = Math.max(1, Math.ceil(largest / step - 1e-9));
  const decimals = [0, 1, 2, 3].find(
    (digits) => step >= 0.001 && Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) < 1e-9,
  );
  const labelOf = (value: number): string => {
    if (value === 0) return '0';
    if (step >= 1e15 || decimals === undefined) return value.toExponential(1);
    return step < 1000 ? value.toFixed(decimals) : COMPACT.format(value);
  };
  const labels = Array.from({ length: count + 1 }, (_, index) => labelOf(index * step));
  const longest = Math.max(...labels.map((label) => label.length));
  const rowsPerStep = Math.floor(MOST_ROWS / count);
  return {
    top: step * count,
    labels: labels.map((label) => label.padStart(longest)),
    rowsPerStep,
    rows: count * rowsPerStep,
  };
};

const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** A text that wants to stand centred at a column. */
export interface Mark {
  readonly column: number;
  readonly text: string;
  /** Marks of lower rank get their place first. */
  readonly rank: number;
}

/** One line of `width` columns with every mark that keeps two columns away from those before it in rank. */
export const placeMarks = (marks: readonly Mark[], width: number): string => {
  const line = new Array<string>(width).fill(' ');
  for (const { column, text } of marks.toSorted((a, b) => a.rank - b.rank)) {
    const from = Math.max(0, Math.min(column - Math.floor((text.length - 1) / 2), width - text.length));
    const around = line.slice(Math.max(0, from - 2), from + text.length + 2);
    if (text.length > width || around.some((sign) => sign !== ' ')) continue;
    line.splice(from, text.length, ...text);
  }
  return line.join('').trimEnd();
};

/** `text` with its pointer at `column`: to the right of it, or to the left where there is more room. */
export const pointAt = (column: number, pointer: string, text: string, width: number): string => {
  const after = `${pointer} ${text}`;
  if (column + after.length <= width) return ' '.repeat(column) + after;
  const before = `${text} ${pointer}`;
  return before.length <= column + 1
    ? ' '.repeat(column + 1 - before.length) + before
    : ' '.repeat(column) + pointer;
};
