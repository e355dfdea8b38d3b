import type { Tone } from '../html/page-model.ts';

type Colour = Tone | 'ink' | 'ink-quiet' | 'rule' | 'paper';

/** The style sheet's colour of this name, as it is now: light, dark or in print. */
export const colour = (name: Colour): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The same colour, to be seen through. */
export const faint = (name: Colour, percent: number): string =>
  `color-mix(in srgb, ${colour(name)} ${percent}%, transparent)`;

/** The style sheet's font at a size. */
export const font = (pixels: number): string => `${pixels}px ${getComputedStyle(document.body).fontFamily}`;

/** A4 and Letter without their margins, in CSS pixels. */
const PRINTED_WIDTH = 680;

/**
 * Calls back whenever pictures must be drawn again: other colours, another width, or paper. `width` is what an element of
 * the page may be wide then, where it is not as wide as it is on the screen.
 */
export const onAppearance = (redraw: (width?: number) => void): void => {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => redraw());
  const printing = matchMedia('print');
  printing.addEventListener('change', () => redraw(printing.matches ? PRINTED_WIDTH : undefined));
  addEventListener('beforeprint', () => redraw(PRINTED_WIDTH));
  addEventListener('afterprint', () => redraw());
};
