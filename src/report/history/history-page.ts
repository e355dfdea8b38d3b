import { formatDuration, formatNumber } from '../../core/units.ts';
import { chartBlock, figuresTable } from '../html/chart-block.ts';
import { pageDocument } from '../html/document.ts';
import { html, type Markup } from '../html/markup.ts';
import type { ChartModel } from '../html/page-model.ts';
import { groupTitle } from './history.ts';
import { changeLabel, changeSentence } from './history-changes.ts';
import type { History, HistoryChange, HistoryGroup, HistoryRun } from './history-schema.ts';
import { runTimes, shortRunTimes } from './run-times.ts';

const MARKED: Readonly<Record<'speed' | 'latency', readonly HistoryChange['metric'][]>> = {
  speed: ['throughputPerSecond', 'sweetSpot'],
  latency: ['p95Ms'],
};

const shared = ({ runs, changes }: HistoryGroup, marked: readonly HistoryChange['metric'][]) => ({
  kind: 'lines' as const,
  x: { label: 'run, oldest first', unit: 'number' as const },
  values: runs.map((_, position) => position),
  names: shortRunTimes(runs),
  marks: changes
    .filter(({ metric }) => marked.includes(metric))
    .map(({ at, metric }) => ({ at, label: changeLabel(metric), tone: 'limited' as const })),
});

const speedChart = (group: HistoryGroup, index: number): ChartModel => ({
  id: `group-${index}`,
  ...shared(group, MARKED.speed),
  y: { label: 'ok per second at the sweet spot', unit: 'per-second' },
  right: { label: 'sweet spot', unit: 'number' },
  series: [
    {
      label: 'sweet spot, calls at once',
      values: group.runs.map(({ sweetSpot }) => sweetSpot),
      tone: 'good',
      shape: 'line',
      right: true,
    },
    {
      label: 'throughput',
      values: group.runs.map(({ throughputPerSecond }) => throughputPerSecond),
      tone: 'main',
      shape: 'line',
    },
  ],
});

const latencyChart = (group: HistoryGroup, index: number): ChartModel => ({
  id: `latency-${index}`,
  ...shared(group, MARKED.latency),
  y: { label: 'request p95 at the sweet spot', unit: 'ms' },
  series: [
    { label: 'request p95', values: group.runs.map(({ p95Ms }) => p95Ms), tone: 'second', shape: 'line' },
  ],
});

/** What changed when, for those who do not see the marks as well. */
const changeList = ({ runs, changes }: HistoryGroup): Markup =>
  changes.length === 0
    ? html`<p>No figure took another level for good.</p>`
    : html`<ul class="notes">${changes.map(
        (change) => html`<li>Since ${runTimes(runs)[change.at]} ${changeSentence(change)}.</li>`,
      )}</ul><p>Advice, not a verdict: a change of machine looks the same. To be sure, measure both with <code>bench\u00a0ab</code>.</p>`;

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

const row = (run: HistoryRun, position: number, time: string): Markup => {
  const cell = (value: number | null, text: string) =>
    html`<td data-value="${value ?? ''}">${value === null ? '–' : text}</td>`;
  return html`<tr><th scope="row" data-value="${position}">${time}</th>${cell(run.sweetSpot, String(run.sweetSpot))}${cell(run.throughputPerSecond, formatNumber(run.throughputPerSecond ?? 0))}${cell(run.speedUp, formatNumber(run.speedUp ?? 0))}${cell(run.p95Ms, formatDuration(run.p95Ms ?? 0))}${cell(run.failed, run.failed.toLocaleString('en-US'))}${cell(run.rateLimited, run.rateLimited.toLocaleString('en-US'))}<td data-value="${position}">${run.version}${run.status !== 'complete' && ` (${run.status})`}</td><td data-value="${position}">${run.dir}</td></tr>`;
};

const table = ({ runs }: HistoryGroup): Markup => {
  const times = runTimes(runs);
  return html`<table class="sortable"><thead><tr>${HEADINGS.map((text, index) => html`<th scope="col"${index === 0 && html` aria-sort="ascending"`}>${text}</th>`)}</tr></thead><tbody>${runs.map((run, position) => row(run, position, times[position] ?? ''))}</tbody></table>`;
};

/** A history as one self-contained page: a chart per group of runs, and every run in a table that sorts. */
export const historyPage = (history: History): string => {
  const { groups } = history;
  const runs = groups.reduce((sum, group) => sum + group.runs.length, 0);
  const charts = groups.map((group, index) => ({
    speed: speedChart(group, index),
    latency: latencyChart(group, index),
  }));
  const body = html`<header class="top"><p class="brand">sweetspot <span>history of runs</span></p><h1>${runs} ${runs === 1 ? 'run' : 'runs'} of ${groups.length} ${groups.length === 1 ? 'kind' : 'kinds'}</h1></header>
<main id="main" tabindex="-1">${groups.map((group, index) => {
    const models = charts[index];
    const count = `${group.runs.length} ${group.runs.length === 1 ? 'run' : 'runs'}`;
    return html`<section aria-labelledby="title-${index}"><h2 id="title-${index}">${groupTitle(group)}</h2>${changeList(group)}${
      models &&
      html`${chartBlock({
        model: models.speed,
        title: `Throughput and sweet spot, ${count}`,
        lead: 'Runs that measured the same: workload, endpoint, client, time and levels.',
        table: table(group),
      })}${chartBlock({
        model: models.latency,
        title: `Latency, ${count}`,
        lead: '95 of 100 requests at the sweet spot took no longer.',
        table: figuresTable(models.latency),
      })}`
    }</section>`;
  })}</main>
<footer><p>Made by <code>bench history</code> from stored reports; this file asks for nothing from anywhere.</p></footer>`;
  return pageDocument({
    title: 'History of runs',
    body,
    model: { charts: charts.flatMap(({ speed, latency }) => [speed, latency]) },
  });
};
