import { formatNumber } from '../../core/units.ts';
import type { PlanReport } from '../../plan/report.ts';
import { chartBlock, figuresTable } from '../html/chart-block.ts';
import { pageDocument } from '../html/document.ts';
import { html, type Markup } from '../html/markup.ts';
import { planDocument } from './document.ts';
import type { PlanBlock, PlanTable } from './plan-block.ts';
import { planCharts } from './plan-charts.ts';

/** Chart that stands under the part of this title. */
const CHART_OF: Readonly<Record<string, string>> = { Tiers: 'tiers', 'What if': 'what-if' };

/** A capacity plan as one page in one file: the answer first, then the day, the tiers, what would change it, and every source. */
export const planHtml = (report: PlanReport): string => {
  const [answer, ...rest] = planDocument(report);
  const charts = planCharts(report);
  const chart = (id: string): Markup | '' => {
    const found = charts.find(({ model }) => model.id === id);
    return found ? chartBlock({ ...found, table: figuresTable(found.model) }) : '';
  };
  const day = chart('day');
  const sections = [
    ...(day === '' ? [] : [{ id: 'day', title: 'The day', body: day }]),
    ...rest.map((block) => ({
      id: idOf(block.title),
      title: block.title,
      body: html`${chart(CHART_OF[block.title] ?? '')}${content(block)}`,
    })),
  ];
  const headline =
    report.recommended === null ? 'No tier carries this work as asked' : `${report.recommended} carries it`;
  const body = html`<header class="top"><p class="brand">sweetspot <span>capacity plan</span></p>
<h1>${workOf(report)}</h1>
<p class="badges"><span class="badge">planned from formulas and simulated days: nothing was sent</span></p></header>
<main id="main" tabindex="-1">
<section class="verdict ${report.recommended === null ? 'none' : ''}" aria-labelledby="verdict">
<h2 id="verdict">${report.recommended !== null && html`<span aria-hidden="true">★</span> `}${headline}</h2>
<p class="because">${answer?.lines?.[0] ?? ''}</p>
${facts(report)}
</section>
<nav aria-label="On this page"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${sections.map(({ id, title, body: part }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${part}</section>`)}
</main>
<footer><p>Made by <code>bench plan</code>; this file asks for nothing from anywhere.</p></footer>`;
  return pageDocument({
    title: `Capacity plan: ${headline}`,
    body,
    model: { charts: charts.map(({ model }) => model) },
  });
};

const idOf = (title: string): string => title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

const workOf = ({ inputs: { work } }: PlanReport): string =>
  work.kind === 'stream'
    ? `${formatNumber(work.perDay.value)} requests a day`
    : `A batch of ${formatNumber(work.requests.value)} requests`;

const facts = ({ settings, tiers, recommended }: PlanReport): Markup | '' => {
  const shown = tiers.find(({ tier }) => tier.name === recommended);
  if (!settings || !shown) return '';
  const entries = [
    ['calls at once', String(settings.concurrency)],
    ['workers', String(shown.concurrency.workers)],
    ['bound by', shown.buckets[0]?.dimension ?? 'nothing'],
    ...(settings.requestsPerSecond === null
      ? []
      : [['paced at', `${formatNumber(settings.requestsPerSecond)}/s`]]),
  ];
  return html`<dl class="facts" aria-label="In short">${entries.map(
    ([name, value]) => html`<div><dt>${name ?? ''}</dt><dd>${value ?? ''}</dd></div>`,
  )}</dl>`;
};

const content = ({ title, lines = [], table, legend = [], code = [] }: PlanBlock): Markup =>
  html`${
    lines.length > 0 && html`<ul class="notes">${lines.map((line) => html`<li>${line}</li>`)}</ul>`
  }${table && tableMarkup(table, title)}${legend.map((line) => html`<p class="note">${line}</p>`)}${code.map(
    ({ language, text }) =>
      html`<details><summary>${language}</summary><div class="scroll" tabindex="0" role="region" aria-label="${title}, ${language}"><pre><code>${text}</code></pre></div></details>`,
  )}`;

const tableMarkup = ({ head, rows, marked }: PlanTable, title: string): Markup =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${title}: table"><table class="words"><thead><tr>${head.map(
    (name) => html`<th scope="col">${name}</th>`,
  )}</tr></thead><tbody>${rows.map(
    ([first = '', ...cells], index) =>
      html`<tr class="${index === marked ? 'best' : ''}"><th scope="row">${first}${index === marked && ' ★'}</th>${cells.map(
        (cell) => html`<td>${cell}</td>`,
      )}</tr>`,
  )}</tbody></table></div>`;
