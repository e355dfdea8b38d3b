import type { LevelReport, Meta, SweepReport } from '../../analyze/report.ts';
import { formatDuration, formatNumber, formatPercent } from '../../core/units.ts';
import { costUsd } from '../evidence.ts';
import { shownThroughput } from '../shown-throughput.ts';
import { collapseNote, statusNote, verdict } from '../verdict.ts';
import { html, type Markup } from './markup.ts';

/** In which time the run lived, in a word or two, where it was not real time. */
const timeBadge = (meta: Meta): string | undefined => {
  if (meta['simulated'] !== undefined) return 'simulated time: nothing was sent';
  const speed = meta['speed'];
  return typeof speed === 'number' && speed !== 1
    ? `model time: ${Number(speed.toPrecision(3))} × real time`
    : undefined;
};

const STATES: Readonly<Record<string, string>> = {
  failed: 'failed before its end',
  interrupted: 'interrupted',
  running: 'not finished',
};

/** What was measured, when, and in which time. */
export const pageHeader = ({ meta }: SweepReport): Markup => {
  const badges = [
    meta['predicted'] === true ? 'predicted by a twin: no figure is measured' : undefined,
    timeBadge(meta),
    STATES[String(meta['status'])],
  ].filter((text) => text !== undefined);
  const target = [meta['target'], meta['profile'] && `profile ${meta['profile']}`, meta['model']]
    .filter(Boolean)
    .join(', ');
  const startedAt = meta['startedAt'];
  return html`<header class="top"><p class="brand">sweetspot <span>concurrency report</span></p>
<h1>${String(meta['scenario'] ?? 'a sweep')}</h1>
<p class="about">${target}${startedAt === undefined ? '' : html`${target ? ' · ' : ''}<time datetime="${String(startedAt)}">${readable(String(startedAt))}</time>`}</p>
${badges.length > 0 && html`<p class="badges">${badges.map((text) => html`<span class="badge">${text}</span>`)}</p>`}</header>`;
};

/** `2026-05-04 09:30 UTC` of an RFC 3339 instant. */
const readable = (instant: string): string => instant.replace(/^(.{10})T(\d\d:\d\d).*Z$/, '$1 $2 UTC');

interface Fact {
  readonly name: string;
  readonly of: (level: LevelReport, report: SweepReport) => string | undefined;
}

const FACTS: readonly Fact[] = [
  {
    name: 'throughput',
    of: (level, report) => `${formatNumber(shownThroughput(level, report))}/s`,
  },
  {
    name: 'speed-up',
    of: ({ speedUp }) => (speedUp === null ? undefined : `${formatNumber(speedUp)} ×`),
  },
  {
    name: 'request p95',
    of: ({ metrics }) => {
      const p95 = metrics.serviceTime?.p95;
      return typeof p95 === 'number' ? formatDuration(p95) : undefined;
    },
  },
  {
    name: 'wall-clock',
    of: ({ wallClockMs }) => (wallClockMs > 0 ? formatDuration(wallClockMs) : undefined),
  },
  {
    name: 'retry overhead',
    of: ({ retryOverhead }) => (retryOverhead === null ? undefined : formatPercent(retryOverhead)),
  },
  {
    name: 'cost',
    of(level) {
      const cost = costUsd(level);
      return cost === undefined ? undefined : `$${formatNumber(cost)}`;
    },
  },
];

/** The answer, its reason, and how the recommended level compares with the next one up. */
export const verdictBlock = (report: SweepReport): Markup => {
  const { headline, because, next } = verdict(report);
  const { levels, sweetSpot } = report;
  const chosen = levels.find(({ level }) => level === sweetSpot?.level);
  const other = levels.find(({ level }) => level === sweetSpot?.nextLevel);
  const alarms = [statusNote(report), collapseNote(report)].filter((text) => text !== undefined);
  const facts = chosen
    ? FACTS.flatMap(({ name, of }) => {
        const value = of(chosen, report);
        const compared = other && of(other, report);
        return value === undefined
          ? []
          : [
              html`<div><dt>${name}</dt><dd>${value}${compared && html`<small>${compared} at ${other.level}</small>`}</dd></div>`,
            ];
      })
    : [];
  return html`<section class="verdict ${sweetSpot ? '' : 'none'}" aria-labelledby="verdict">
<h2 id="verdict">${sweetSpot ? html`<span aria-hidden="true">★</span> ` : ''}${headline}</h2>
<p class="because">${because}</p>${next && html`<p class="next">${next}</p>`}
${alarms.map((text) => html`<p class="alarm" role="note">${text}</p>`)}
${facts.length > 0 && html`<dl class="facts" aria-label="At the sweet spot">${facts}</dl>`}
</section>`;
};
