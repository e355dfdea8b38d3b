import { closest, distance } from 'fastest-levenshtein';

/** The known name that `wrong` was most likely meant to be, or `undefined` if none is close. */
const nearest = (wrong: string, names: readonly string[]): string | undefined => {
  if (names.length === 0) return undefined;
  const best = closest(wrong.toLowerCase(), [...names]);
  return distance(wrong.toLowerCase(), best) <= Math.max(2, Math.floor(best.length / 2)) ? best : undefined;
};

/** A list that a reader takes in at a glance. */
const SHORT_LIST = 12;

/** `Did you mean x? Known: a, b, c.`, for a name that is not known; a good guess makes a long list needless. */
export const nameHint = (wrong: string, names: readonly string[]): string => {
  const guess = nearest(wrong, names);
  if (guess && names.length > SHORT_LIST) return `Did you mean ${guess}?`;
  return `${guess ? `Did you mean ${guess}? ` : ''}Known: ${names.join(', ')}.`;
};
