import type { SweepReport } from '../../analyze/report.ts';
import { assertionLines } from '../assertion-words.ts';
import { headings } from '../header.ts';
import {
  cooldownNotes,
  failureNotes,
  type Note,
  referenceNote,
  refusalNotes,
  warningNotes,
} from '../notes.ts';
import type { Reporter, RunDetail } from '../reporter.ts';
import { isSearch } from '../shown-throughput.ts';
import { type ChartBlock, chartBlock, figuresTable } from './chart-block.ts';
import { pageDocument } from './document.ts';
import { percentileChart, slotTimeChart, throughputChart } from './level-charts.ts';
import { html, type Markup } from './markup.ts';
import type { ChartModel } from './page-model.ts';
import { pageHeader, verdictBlock } from './summary.ts';
import { courseTable, levelFigures, slowestTable } from './tables.ts';
import { timeCharts } from './time-charts.ts';
import { endingsShown, waterfallModel } from './waterfall.ts';

/** One page for people: the verdict, charts to look into, every figure, and how to get there again. */
export const htmlPage: Reporter = {
  format: 'html',
  file: 'report.html',
  needs: 'requests',
  home: 'browser',
  render(report, _, detail = {}) {
    const sections = [
      levelSections(report),
      timeSections(report, detail),
      figures(report),
      notes(report),
      origin(report, detail),
    ].flat();
    const body = html`${pageHeader(report)}
<main id="main" tabindex="-1">
${verdictBlock(report)}
<nav aria-label="On this page"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${sections.map(({ id, title, body: content }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`)}
</main>
<footer><p>Made by <code>bench</code>${report.meta['version'] ? ` ${report.meta['version']}` : ''} from the records of the run; this file asks for nothing from anywhere.</p></footer>`;
    const waterfall = detail.view && waterfallModel(report, detail.view);
    return pageDocument({
      title: `${report.meta['scenario'] ?? 'Sweep'}: ${report.sweetSpot ? `sweet spot ${report.sweetSpot.level}` : 'no sweet spot'}`,
      body,
      model: {
        charts: [
          ...levelCharts(report).map(({ model }) => model),
          ...(detail.view ? timeCharts(report, detail.view) : []),
        ],
        ...(waterfall ? { waterfall } : {}),
      },
    });
  },
};

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

interface LevelChart {
  readonly model: ChartModel;
  readonly title: string;
  readonly lead: string;
  readonly section: string;
}

const levelCharts = (report: SweepReport): readonly LevelChart[] => {
  const all: readonly (Omit<LevelChart, 'model'> & { readonly model: ChartModel | undefined })[] = [
    {
      section: 'Throughput',
      title: 'Throughput by calls at once',
      lead: `${isSearch(report) ? 'Requests that succeed per second without start and drain, which are much of the short runs of a search: steady as measured, throughput no more than a known limit lets last.' : 'Requests that succeed per second of wall-clock; steady leaves out the start and the drain at the end.'} Where a line leaves perfect scaling, more calls at once buy less.`,
      model: throughputChart(report),
    },
    {
      section: 'Latency',
      title: 'Latency of a request, retries and their waits included',
      lead: 'Of requests that succeeded. What people wait for: attempts, backoff and all.',
      model: percentileChart(report, 'latency', 'serviceTime'),
    },
    {
      section: 'Latency',
      title: 'Time to the first token',
      lead: 'Of the attempt that succeeded, from its start; streamed answers only.',
      model: percentileChart(report, 'ttft', 'ttft'),
    },
    {
      section: 'Slot time',
      title: 'Where the slots spent their time',
      lead: 'Calls at once times wall-clock is all the time there is: service is work, the rest is waiting or loss.',
      model: slotTimeChart(report),
    },
  ];
  return all.flatMap(({ model, ...rest }) => (model ? [{ ...rest, model }] : []));
};

const idOf = (title: string): string => title.toLowerCase().replaceAll(/[^a-z]+/g, '-');

const NO_CURVE: Section = {
  id: 'no-throughput',
  title: 'Throughput',
  body: html`<p>No request succeeded, so there is no curve to show.</p>`,
};

const levelSections = (report: SweepReport): readonly Section[] => {
  const blocks = levelCharts(report);
  const titles = [...new Set(blocks.map(({ section }) => section))];
  const sections = titles.map((title) => ({
    id: `${idOf(title)}-section`,
    title,
    body: html`${blocks
      .filter(({ section }) => section === title)
      .map(
        (block): Markup => chartBlock({ ...block, table: figuresTable(block.model) } satisfies ChartBlock),
      )}`,
  }));
  return titles.includes(NO_CURVE.title) ? sections : [NO_CURVE, ...sections];
};

const timeSections = (report: SweepReport, { view }: RunDetail): readonly Section[] => {
  const charts = view ? timeCharts(report, view) : [];
  const waterfall = view && waterfallModel(report, view);
  if (!view || !waterfall || charts.length === 0) return [];
  const [attempts, inFlight] = charts;
  const table = courseTable(view);
  const shown = waterfall.levels.reduce((sum, { requests }) => sum + requests.length, 0);
  const all = view.levels.reduce((sum, { requests }) => sum + requests, 0);
  const which =
    shown < all
      ? `It shows ${shown.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} requests: of every level the slowest, those that did not succeed (or an even selection of them), and an even selection of the rest.`
      : `It shows all ${all.toLocaleString('en-US')} requests.`;
  return [
    {
      id: 'over-time',
      title: 'Over time',
      body: html`<div class="controls" data-windows></div>
${attempts && chartBlock({ model: attempts, title: 'Attempts and what was left of the limit', lead: attempts.right ? 'How attempts ended, per second, and the remaining budget as the response headers told it (right-hand axis).' : 'How attempts ended, per second. No response told a rate limit in its headers.', table })}
${inFlight && chartBlock({ model: inFlight, title: 'In flight', lead: 'Between the two lines: requests that wait for their next attempt.', table })}`,
    },
    {
      id: 'requests',
      title: 'Requests',
      body: html`<figure class="chart" aria-labelledby="waterfall-title"><figcaption><h3 id="waterfall-title">Every request as a bar in time</h3><p>A bar is an attempt; until its first token it is pale. A thin line is a wait between attempts. ${which}</p></figcaption>
<ul class="legend" aria-hidden="true">${endingsShown(waterfall).map(({ label, tone }) => html`<li><i class="key stack tone-${tone}"></i>${label}</li>`)}<li><i class="key line tone-waiting"></i>waiting</li></ul>
<div class="plot" data-waterfall role="img" aria-label="Requests as bars in time"></div>
<details><summary>The slowest requests as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="The slowest requests">${slowestTable(waterfall)}</div></details></figure>`,
    },
  ];
};

const figures = (report: SweepReport): readonly Section[] =>
  report.levels.length === 0
    ? []
    : [
        {
          id: 'figures',
          title: 'All figures',
          body: html`<p>A heading sorts by its column. ★ sweet spot, ✗ not recommended, ~ cut short; – stands where there are too few requests for the figure.</p>
<div class="scroll" tabindex="0" role="region" aria-label="All figures by level">${levelFigures(report)}</div>`,
        },
      ];

const list = (title: string, found: readonly Note[], kind = ''): Markup | undefined =>
  found.length === 0
    ? undefined
    : html`<h3>${title}</h3><ul class="notes ${kind}">${found.map(({ text, hint }) => html`<li>${text}${hint && html` <em>${hint}</em>`}</li>`)}</ul>`;

const notes = (report: SweepReport): readonly Section[] => {
  const reference = referenceNote(report);
  const parts = [
    list(
      'Thresholds',
      assertionLines(report).map((text) => ({ text })),
    ),
    list('Warnings', warningNotes(report), 'caution'),
    list('Not recommended', refusalNotes(report)),
    list('Failures by kind', failureNotes(report)),
    list('How the levels were measured', [...cooldownNotes(report), ...(reference ? [reference] : [])]),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? [] : [{ id: 'notes', title: 'What to know', body: html`${parts}` }];
};

/** What the run's headings say already. */
const SAID: ReadonlySet<string> = new Set([
  ...['tool', 'scenario', 'seed', 'target', 'profile', 'model', 'baseUrl'],
  ...['limiter', 'attemptTimeoutMs', 'retry', 'speed', 'simulated', 'timeUnit', 'command'],
]);

const origin = (report: SweepReport, { environment = {} }: RunDetail): readonly Section[] => {
  const { command } = report.meta;
  const rest = Object.entries({ ...report.meta, ...environment }).filter(([name]) => !SAID.has(name));
  const facts = [
    ...headings(report).map(({ name, text }) => [name, text] as const),
    ...rest.map(([name, value]) => [name, String(value)] as const),
  ].filter(([, text]) => text !== '');
  return [
    {
      id: 'origin',
      title: 'Environment and how to repeat it',
      body: html`${command !== undefined && html`<p>The same run again:</p><pre tabindex="0"><code>${String(command)}</code></pre>`}
<dl class="environment">${facts.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>`,
    },
  ];
};
