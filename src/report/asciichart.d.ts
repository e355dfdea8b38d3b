/** The part of asciichart 1.5 that we use; the package ships no types. It throws on empty and on non-finite input. */
declare module 'asciichart' {
  interface PlotOptions {
    readonly min: number;
    readonly max: number;
    /** Rows above the lowest one. */
    readonly height: number;
    /** Columns of label and axis, where a label of any width counts as one. */
    readonly offset: number;
    /** In this order: `┼ ┤ ╶ ╴ ─ ╰ ╭ ╮ ╯ │`. */
    readonly symbols: readonly string[];
    format(value: number, index: number): string;
  }
  const asciichart: { plot(series: readonly number[], options: PlotOptions): string };
  export = asciichart;
}
