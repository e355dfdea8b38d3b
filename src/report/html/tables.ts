import type { LevelReport, SweepReport } from '../../analyze/report.ts';
import { formatDuration } from '../../core/units.ts';
import { COLUMNS, type Column, cellText } from '../columns.ts';
import { isBest } from '../mark.ts';
import type { RunView } from '../run-view/run-view.ts';
import { html, type Markup } from './markup.ts';
import type { WaterfallModel } from './page-model.ts';

const state = (
  level: LevelReport,
  report: SweepReport,
): readonly [sign: string, words: string] | undefined => {
  if (isBest(level, report)) return ['★', 'sweet spot'];
  if (!level.admissible) return ['✗', 'not recommended'];
  return level.complete ? undefined : ['~', 'cut short'];
};

const rowClass = (level: LevelReport, report: SweepReport): string => {
  if (isBest(level, report)) return 'best';
  return level.admissible ? '' : 'refused';
};

const headCell = (level: LevelReport, report: SweepReport): Markup => {
  const found = state(level, report);
  return html`<th scope="row" data-value="${level.level}">${level.level}${
    found &&
    html` <span title="${found[1]}"><span aria-hidden="true">${found[0]}</span><span class="unseen">${found[1]}</span></span>`
  }</th>`;
};

/** Paper is too narrow for all of them. */
const MOST_PRINTED = 13;
const columnClass = ({ priority }: Column): string =>
  priority === null || priority > MOST_PRINTED ? 'minor' : '';

const cell = (column: Column, level: LevelReport): Markup => {
  const value = column.value(level);
  const number = value !== null && Number.isFinite(value) ? value : '';
  return html`<td class="${columnClass(column)}" data-value="${number}">${cellText(column, level)}</td>`;
};

/** Every figure that some level has, one level per row; its script lets it be sorted by any of them. */
export const levelFigures = (report: SweepReport): Markup => {
  const [first, ...others] = COLUMNS;
  const columns = others.filter((column) =>
    report.levels.some((level) => Number.isFinite(column.value(level))),
  );
  return html`<table class="sortable"><thead><tr><th scope="col" aria-sort="ascending">${first?.label}</th>${columns.map(
    (column) => html`<th scope="col" class="${columnClass(column)}">${column.label}</th>`,
  )}</tr></thead><tbody>${report.levels.map(
    (level) =>
      html`<tr class="${rowClass(level, report)}">${headCell(level, report)}${columns.map((column) => cell(column, level))}</tr>`,
  )}</tbody></table>`;
};

/** What the time charts show, added up by level. */
export const courseTable = ({ levels }: RunView): Markup =>
  html`<table><thead><tr><th scope="col">calls at once</th><th scope="col">began at</th><th scope="col">attempts ok</th><th scope="col">429</th><th scope="col">other failures</th><th scope="col">most requests open</th><th scope="col">least left of a limit</th></tr></thead><tbody>${levels.map(
    ({ level, timeline: { fromMs, buckets } }) => {
      const sum = (of: (bucket: (typeof buckets)[number]) => number) =>
        buckets.reduce((total, bucket) => total + of(bucket), 0).toLocaleString('en-US');
      const left = buckets.flatMap(({ budget }) =>
        Object.values(budget).map(({ remaining, limit }) => remaining / limit),
      );
      return html`<tr><th scope="row">${level}</th><td>${formatDuration(fromMs)}</td><td>${sum(({ ok }) => ok)}</td><td>${sum(({ rateLimited }) => rateLimited)}</td><td>${sum(({ failed }) => failed)}</td><td>${Math.round(Math.max(0, ...buckets.map(({ requestsOpen }) => requestsOpen)))}</td><td>${left.length > 0 ? `${Math.round(Math.min(...left) * 100)} %` : '–'}</td></tr>`;
    },
  )}</tbody></table>`;

const MOST_REQUESTS = 40;

/** The requests that took longest, as the waterfall has them. */
export const slowestTable = ({ levels, outcomes, endings }: WaterfallModel): Markup => {
  const all = levels.flatMap(({ level, requests }) => requests.map((request) => ({ level, request })));
  const slowest = all.sort((a, b) => b.request[3] - a.request[3]).slice(0, MOST_REQUESTS);
  return html`<table class="sortable"><thead><tr><th scope="col">calls at once</th><th scope="col">request</th><th scope="col">from</th><th scope="col" aria-sort="descending">took</th><th scope="col">attempts</th><th scope="col">outcome</th></tr></thead><tbody>${slowest.map(
    ({ level, request: [index, outcome, start, length, attempts] }) => {
      const failures = [
        ...new Set(
          attempts.filter(([, , , ending]) => ending > 0).map(([, , , ending]) => endings[ending]?.label),
        ),
      ];
      return html`<tr><th scope="row" data-value="${level}">${level}</th><td data-value="${index}">${index}</td><td data-value="${start}">${formatDuration(start)}</td><td data-value="${length}">${formatDuration(length)}</td><td data-value="${attempts.length}">${attempts.length}</td><td data-value="${outcome}">${outcomes[outcome]}${failures.length > 0 && `: ${failures.join(', ')}`}</td></tr>`;
    },
  )}</tbody></table>`;
};
