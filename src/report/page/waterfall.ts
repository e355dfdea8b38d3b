import uPlot from 'uplot';
import { figure } from '../html/figures.ts';
import type { RequestModel, WaterfallModel } from '../html/page-model.ts';
import { onAppearance } from './appearance.ts';
import { button, choice, find, make } from './dom.ts';
import { axisOf } from './plot-options.ts';
import { paintRequests, type Rows } from './request-bars.ts';

const HEIGHT = 420;
/** How often a typical request fits into what is shown first. */
const TYPICAL_LENGTHS = 30;

/** What of the waterfall is shown. */
interface Shown {
  level: number;
  /** Index into the outcomes; −1 for all of them. */
  outcome: number;
  from: number;
  to: number;
  chosen: RequestModel | undefined;
}

const endOf = ([, , start, length]: RequestModel): number => start + length;

/** A request in words. */
const inWords = (model: WaterfallModel, [index, outcome, start, length, attempts]: RequestModel): string => {
  const course = attempts.map(
    ([, took, firstToken, ending]) =>
      `${model.endings[ending]?.label ?? 'ended'} after ${figure(took, 'ms')}${firstToken < 0 ? '' : ` (first token after ${figure(firstToken, 'ms')})`}`,
  );
  const waited = length - attempts.reduce((sum, [, took]) => sum + took, 0);
  const wait =
    attempts.length > 1 && waited > 0 ? `; ${figure(waited, 'ms')} of it waiting between attempts` : '';
  return `Request ${index}: ${model.outcomes[outcome]}, from ${figure(start, 'ms')} for ${figure(length, 'ms')}${wait}. ${attempts.length > 1 ? `${attempts.length} attempts: ` : ''}${course.join(', ')}.`;
};

/** Draws the requests of one level as bars in time, with what is needed to choose and to zoom. */
export const addWaterfall = (model: WaterfallModel): void => {
  const place = find('[data-waterfall]');
  const count = make('p', { class: 'count', role: 'status' });
  const output = make('p', { class: 'readout', 'aria-hidden': true });
  const slider = make('input', {
    type: 'range',
    min: 0,
    max: 0,
    value: 0,
    'aria-label': 'Go through the requests',
  });
  const shown: Shown = { level: model.first, outcome: -1, from: 0, to: 1, chosen: undefined };
  let rows: Rows = [];
  let plot: uPlot | undefined;
  let drawnWidth = 0;

  const requests = () => model.levels[shown.level]?.requests ?? [];
  const wholeLength = () => Math.max(1, ...requests().map(endOf));

  const setUp = (width: number): void => {
    plot?.destroy();
    drawnWidth = width;
    plot = new uPlot(
      {
        width,
        height: width < 520 ? HEIGHT - 80 : HEIGHT,
        legend: { show: false },
        padding: [8, 14, 0, 0],
        cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
        scales: { x: { time: false, range: () => [shown.from, shown.to] }, y: { range: () => [0, 1] } },
        axes: [
          axisOf(
            { label: 'time since the level began (s, or min:s)', unit: 'ms' },
            { side: 2, space: width < 520 ? 56 : 80 },
          ),
          axisOf(
            { label: 'requests, by their start', unit: 'number' },
            { side: 3, values: () => [], size: 8, grid: { show: false } },
          ),
        ],
        series: [{}, { show: false }],
        hooks: {
          draw: [(drawn) => paintRequests(drawn, model, rows, shown.chosen)],
          setSelect: [
            (chosen) => {
              const { left, width: wide } = chosen.select;
              if (wide > 4) zoom(chosen.posToVal(left, 'x'), chosen.posToVal(left + wide, 'x'));
              chosen.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
          setCursor: [
            ({ cursor, over }) => {
              const row = Math.floor(((cursor.top ?? -1) / over.clientHeight) * rows.length);
              const under = (cursor.top ?? -1) >= 0 ? rows[row] : undefined;
              output.textContent = under ? inWords(model, under) : rest;
            },
          ],
        },
      },
      [
        [shown.from, shown.to],
        [null, null],
      ],
      place,
    );
    plot.over.addEventListener('dblclick', whole);
  };
  const rest = 'Point at a request to read it; drag over a part to see it larger, double-click for all.';

  const show = (): void => {
    rows = requests().filter(
      (request) =>
        (shown.outcome < 0 || request[1] === shown.outcome) &&
        request[2] <= shown.to &&
        endOf(request) >= shown.from,
    );
    slider.max = String(Math.max(0, rows.length - 1));
    slider.value = '0';
    shown.chosen = undefined;
    output.textContent = rest;
    count.textContent = `${rows.length.toLocaleString('en-US')} requests shown, from ${figure(shown.from, 'ms')} to ${figure(shown.to, 'ms')}.`;
    plot?.setData([
      [shown.from, shown.to],
      [null, null],
    ]);
  };
  const zoom = (from: number, to: number): void => {
    const length = Math.min(wholeLength(), Math.max(10, to - from));
    shown.from = Math.max(0, Math.min(from, wholeLength() - length));
    shown.to = shown.from + length;
    show();
  };
  const whole = (): void => zoom(0, wholeLength());
  /** At first as much of the level as lets a typical request be seen as a bar: of a long level its beginning. */
  const beginning = (): void => {
    const lengths = requests()
      .map(([, , , length]) => length)
      .sort((a, b) => a - b);
    zoom(0, (lengths[lengths.length >> 1] ?? 0) * TYPICAL_LENGTHS);
  };
  const by = (factor: number, shift: number) => (): void => {
    const half = ((shown.to - shown.from) * factor) / 2;
    const middle = (shown.from + shown.to) / 2 + shift * (shown.to - shown.from);
    zoom(middle - half, middle + half);
  };

  slider.addEventListener('input', () => {
    shown.chosen = rows[Number(slider.value)];
    const text = shown.chosen ? inWords(model, shown.chosen) : '';
    slider.setAttribute('aria-valuetext', text);
    output.textContent = text;
    plot?.redraw(false);
  });
  place.before(
    make('div', { class: 'controls' }, [
      choice(
        'Level',
        model.levels.map(({ level }) => `${level} ${model.at}`),
        shown.level,
        (index) => {
          shown.level = index;
          beginning();
        },
      ),
      choice('Outcome', ['all', ...model.outcomes], 0, (index) => {
        shown.outcome = index - 1;
        show();
      }),
      make('span', { class: 'buttons', role: 'group', 'aria-label': 'Zoom' }, [
        button('+', 'Zoom in', by(0.5, 0)),
        button('−', 'Zoom out', by(2, 0)),
        button('←', 'Earlier', by(1, -0.5)),
        button('→', 'Later', by(1, 0.5)),
        button('All', 'All of the level', whole),
      ]),
      count,
    ]),
  );
  place.after(make('div', { class: 'reading' }, [slider, output]));
  setUp(place.clientWidth);
  beginning();
  const again = (width = place.clientWidth): void => {
    if (width > 0) setUp(width);
  };
  onAppearance(again);
  new ResizeObserver(() => {
    if (place.clientWidth !== drawnWidth && !matchMedia('print').matches) again();
  }).observe(place);
};
