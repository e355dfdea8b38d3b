import { figure } from './figures.ts';
import { html, type Markup } from './markup.ts';
import type { ChartModel, SeriesModel } from './page-model.ts';

/** A chart with all that stands around it. */
export interface ChartBlock {
  readonly model: ChartModel;
  readonly title: string;
  /** What to see in it, in a sentence or two. */
  readonly lead: string;
  /** The same figures for those who cannot see it. */
  readonly table: Markup;
}

/** A heading, how to read it, the place for the picture, and the figures as a table. */
export const chartBlock = ({ model, title, lead, table }: ChartBlock): Markup => html`
<figure class="chart" aria-labelledby="${model.id}-title">
<figcaption><h3 id="${model.id}-title">${title}</h3><p>${lead}${model.series.some(({ band }) => band) && ' Bands are 95 % intervals.'}</p></figcaption>
<ul class="legend" aria-hidden="true">${model.series.map((each) => legendItem(each, model.kind))}</ul>
<div class="plot" data-chart="${model.id}" data-rest="${restOf(model)}" role="img" aria-label="${title}"></div>
<details><summary>${title}: the figures as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="${title}, figures">${table}</div></details>
</figure>`;

const restOf = ({ windows }: ChartModel): string =>
  windows
    ? 'Point at the chart to read it; drag over a part to see it larger.'
    : 'Point at the chart to read it.';

const legendItem = ({ label, tone, shape, right }: SeriesModel, kind: ChartModel['kind']): Markup => {
  const key = kind === 'stack' ? 'stack' : right ? 'dashed' : shape;
  return html`<li><i class="key ${key} tone-${tone}"></i>${label}</li>`;
};

/** A row per place with a measured figure, a column per series. */
export const figuresTable = ({ x, y, right, values, names, series }: ChartModel): Markup => {
  const shown = series.filter(({ shape }) => shape === 'line' || shape === 'steps');
  const rows = values.flatMap((value, index) =>
    shown.some((each) => typeof each.values[index] === 'number') ? [{ value, index }] : [],
  );
  return html`<table><thead><tr><th scope="col">${x.label}</th>${shown.map(
    ({ label }) => html`<th scope="col">${label}</th>`,
  )}</tr></thead><tbody>${rows.map(
    ({ value, index }) =>
      html`<tr><th scope="row">${names?.[index] ?? figure(value, x.unit)}</th>${shown.map(
        (each) => html`<td>${cell(each, index, (each.right ? right : y)?.unit ?? 'number')}</td>`,
      )}</tr>`,
  )}</tbody></table>`;
};

const cell = ({ values, band }: SeriesModel, index: number, unit: ChartModel['y']['unit']): string => {
  const low = band?.low[index];
  const high = band?.high[index];
  const range =
    typeof low === 'number' && typeof high === 'number'
      ? ` (${figure(low, unit)} to ${figure(high, unit)})`
      : '';
  return figure(values[index], unit) + range;
};
