import { formatDuration, formatNumber } from '../../core/units.ts';
import { chartBlock } from '../html/chart-block.ts';
import { pageDocument } from '../html/document.ts';
import { html, type Markup } from '../html/markup.ts';
import type { ChartModel } from '../html/page-model.ts';
import { groupTitle } from './history.ts';
import { changeLabel, changeSentence } from './history-changes.ts';
import type { History, HistoryGroup, HistoryRun } from './history-schema.ts';
import { shortTime } from './history-terminal.ts';

const chartOf = ({ runs, changes }: HistoryGroup, index: number): ChartModel => ({
  id: `group-${index}`,
  kind: 'lines',
  x: { label: 'run, oldest first', unit: 'number' },
  y: { label: 'ok per second at the sweet spot', unit: 'per-second' },
  right: { label: 'sweet spot', unit: 'number' },
  values: runs.map((_, position) => position),
  names: runs.map(({ startedAt }) => shortTime(startedAt)),
  series: [
    {
      label: 'sweet spot, calls at once',
      values: runs.map(({ sweetSpot }) => sweetSpot),
      tone: 'good',
      shape: 'line',
      right: true,
    },
    {
      label: 'throughput',
      values: runs.map(({ throughputPerSecond }) => throughputPerSecond),
      tone: 'main',
      shape: 'line',
    },
  ],
  marks: changes.map(({ at, metric }) => ({ at, label: changeLabel(metric), tone: 'limited' })),
});

/** What changed when, for those who do not see the marks as well. */
const changeList = ({ runs, changes }: HistoryGroup): Markup =>
  changes.length === 0
    ? html`<p>No figure took another level for good.</p>`
    : html`<ul>${changes.map(
        (change) =>
          html`<li>Since ${shortTime(runs[change.at]?.startedAt ?? '')} ${changeSentence(change)}.</li>`,
      )}</ul><p>Advice, not a verdict: a change of machine looks the same. To be sure, measure both with <code>bench ab</code>.</p>`;

const HEADINGS = [
  'began (UTC)',
  'sweet spot',
  'ok/s',
  'speed-up',
  'request p95',
  'failed',
  '429s',
  'version',
  'folder',
];

const row = (run: HistoryRun, position: number): Markup => {
  const cell = (value: number | null, text: string) =>
    html`<td data-value="${value ?? ''}">${value === null ? '–' : text}</td>`;
  return html`<tr><th scope="row" data-value="${position}">${shortTime(run.startedAt)}</th>${cell(run.sweetSpot, String(run.sweetSpot))}${cell(run.throughputPerSecond, formatNumber(run.throughputPerSecond ?? 0))}${cell(run.speedUp, formatNumber(run.speedUp ?? 0))}${cell(run.p95Ms, formatDuration(run.p95Ms ?? 0))}${cell(run.failed, run.failed.toLocaleString('en-US'))}${cell(run.rateLimited, run.rateLimited.toLocaleString('en-US'))}<td data-value="${position}">${run.version}${run.status !== 'complete' && ` (${run.status})`}</td><td data-value="${position}">${run.dir}</td></tr>`;
};

const table = ({ runs }: HistoryGroup): Markup =>
  html`<table class="sortable"><thead><tr>${HEADINGS.map((text, index) => html`<th scope="col"${index === 0 && html` aria-sort="ascending"`}>${text}</th>`)}</tr></thead><tbody>${runs.map(row)}</tbody></table>`;

/** A history as one self-contained page: a chart per group of runs, and every run in a table that sorts. */
export const historyPage = (history: History): string => {
  const { groups } = history;
  const runs = groups.reduce((sum, group) => sum + group.runs.length, 0);
  const charts = groups.map(chartOf);
  const body = html`<header class="top"><p class="brand">sweetspot <span>history of runs</span></p><h1>${runs} ${runs === 1 ? 'run' : 'runs'} of ${groups.length} ${groups.length === 1 ? 'kind' : 'kinds'}</h1></header>
<main id="main" tabindex="-1">${groups.map((group, index) => {
    const model = charts[index];
    return html`<section aria-labelledby="title-${index}"><h2 id="title-${index}">${groupTitle(group)}</h2>${changeList(group)}${
      model &&
      chartBlock({
        model,
        title: `Throughput and sweet spot, ${group.runs.length} ${group.runs.length === 1 ? 'run' : 'runs'}`,
        lead: 'Runs that measured the same: workload, endpoint, client, time and levels.',
        table: table(group),
      })
    }</section>`;
  })}</main>
<footer><p>Made by <code>bench history</code> from stored reports; this file asks for nothing from anywhere.</p></footer>`;
  return pageDocument({ title: 'History of runs', body, model: { charts } });
};
