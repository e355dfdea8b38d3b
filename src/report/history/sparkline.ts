const UNICODE = '▁▂▃▄▅▆▇█';
const ASCII = '_.-=+*#@';

/** A row of figures as one sign each, from the lowest to the highest of them; a blank where there is none. */
export const sparkline = (values: readonly (number | null)[], unicode: boolean): string => {
  const signs = [...(unicode ? UNICODE : ASCII)];
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  return values
    .map((value) => {
      if (value === null) return ' ';
      // Figures that are all alike stand in the middle: neither high nor low.
      const share = span > 0 ? (value - low) / span : 0.5;
      return signs[Math.min(signs.length - 1, Math.floor(share * signs.length))] ?? ' ';
    })
    .join('');
};
