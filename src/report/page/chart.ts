import uPlot from 'uplot';
import { figure } from '../html/figures.ts';
import type { ChartModel } from '../html/page-model.ts';
import { onAppearance } from './appearance.ts';
import { find, make } from './dom.ts';
import { plotOptions, wholeRange } from './plot-options.ts';

/** A chart that stands on the page. */
export interface Chart {
  readonly model: ChartModel;
  /** Shows this part of the horizontal axis. */
  show(from: number, to: number): void;
}

/** What a chart says at one of its places. */
const reading = ({ at: suffix, x, names, values, series, y, right }: ChartModel, index: number): string => {
  const value = values[index];
  if (value === undefined) return '';
  const place = names?.[index] ?? figure(value, x.unit);
  const parts = series.flatMap((each) => {
    const at = each.values[index];
    if (at === null || at === undefined) return [];
    const unit = (each.right ? right : y)?.unit ?? 'number';
    const low = each.band?.low[index];
    const high = each.band?.high[index];
    const range =
      typeof low === 'number' && typeof high === 'number'
        ? ` (${figure(low, unit)} to ${figure(high, unit)})`
        : '';
    return [`${each.label} ${figure(at, unit)}${range}`];
  });
  return `${suffix === undefined ? place : `${place} ${suffix}`}: ${parts.join(', ') || 'no figure'}`;
};

/** Where a reader can stop: places with a figure that was measured, not those that only make a curve smooth. */
const stops = ({ values, series, kind }: ChartModel): readonly number[] => {
  const measured = series.filter(({ shape }) => shape === 'line' || shape === 'steps');
  return values.flatMap((_, index) =>
    kind === 'stack' || measured.some((each) => each.values[index] !== null) ? [index] : [],
  );
};

/** Draws a chart into its place on the page; `onZoom` hears of a part that was chosen with the pointer. */
export const addChart = (model: ChartModel, onZoom?: (from: number, to: number) => void): Chart => {
  const place = find(`[data-chart="${model.id}"]`);
  const output = make('p', { class: 'readout', 'aria-hidden': true });
  const places = stops(model);
  const slider = make('input', {
    type: 'range',
    min: 0,
    max: Math.max(0, places.length - 1),
    value: 0,
    'aria-label': `Read ${place.getAttribute('aria-label') ?? 'the chart'}, value by value`,
  });
  const rest = place.dataset['rest'] ?? '';
  output.textContent = rest;
  place.after(make('div', { class: 'reading' }, [...(places.length > 1 ? [slider] : []), output]));

  const setUp = (width: number): uPlot => {
    const { options, columns } = plotOptions(model, width);
    options.hooks = {
      ...options.hooks,
      setCursor: [
        ({ cursor }) => {
          output.textContent =
            (typeof cursor.idx === 'number' && reading(model, nearest(cursor.idx))) || rest;
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width: chosen } = plot.select;
          if (chosen > 4) onZoom?.(plot.posToVal(left, 'x'), plot.posToVal(left + chosen, 'x'));
        },
      ],
    };
    return new uPlot(options, columns, place);
  };
  const nearest = (index: number): number =>
    places.reduce(
      (best, each) => (Math.abs(each - index) < Math.abs(best - index) ? each : best),
      places[0] ?? 0,
    );

  let range = wholeRange(model);
  let plot = setUp(place.clientWidth);
  let drawnWidth = place.clientWidth;
  const again = (width = place.clientWidth): void => {
    if (width <= 0) return;
    plot.destroy();
    plot = setUp(width);
    drawnWidth = width;
    if (model.windows) plot.setScale('x', { min: range[0], max: range[1] });
  };
  onAppearance(again);
  new ResizeObserver(() => {
    if (place.clientWidth !== drawnWidth && !matchMedia('print').matches) again();
  }).observe(place);

  slider.addEventListener('input', () => {
    const index = places[Number(slider.value)] ?? 0;
    const text = reading(model, index);
    slider.setAttribute('aria-valuetext', text);
    output.textContent = text;
    plot.setCursor({ left: plot.valToPos(model.values[index] ?? 0, 'x'), top: 10 }, false);
  });
  slider.setAttribute('aria-valuetext', reading(model, places[0] ?? 0));
  return {
    model,
    show(from, to) {
      range = [from, to];
      plot.setScale('x', { min: from, max: to });
    },
  };
};
