import type { PageModel } from '../html/page-model.ts';
import { addChart, type Chart } from './chart.ts';
import { button, choice, find, make } from './dom.ts';
import { makeSortable } from './sortable-table.ts';
import { addWaterfall } from './waterfall.ts';

const { charts, waterfall }: PageModel = JSON.parse(find('#page-model').textContent);

for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable')) makeSortable(table);
for (const model of charts.filter(({ windows }) => !windows)) addChart(model);

/** Charts over the time of the run move together: one choice, one zoom. */
const timed: Chart[] = [];
const zoomAll = (from: number, to: number): void => {
  for (const chart of timed) chart.show(from, to);
};
for (const model of charts.filter(({ windows }) => windows)) timed.push(addChart(model, zoomAll));

const [chief] = timed;
const windows = chief?.model.windows ?? [];
if (chief && windows.length > 0) {
  let current = chief.model.first ?? 0;
  const showWindow = (index: number): void => {
    current = index;
    const window = windows[index];
    if (window) zoomAll(window.from, window.to);
  };
  find('[data-windows]').append(
    choice(
      'Show',
      windows.map(({ label }) => label),
      current,
      showWindow,
    ),
    make('span', { class: 'buttons' }, [button('Reset zoom', 'Reset zoom', () => showWindow(current))]),
  );
  showWindow(current);
}
if (waterfall) addWaterfall(waterfall);
document.documentElement.dataset['drawn'] = 'true';
