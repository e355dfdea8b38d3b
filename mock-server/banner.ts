import type { LatenessSummary } from './engine/lateness.ts';
import type { LedgerCounts } from './engine/ledger.ts';

const number = new Intl.NumberFormat('en-US');

const manner = (speed: number, workers: number): string =>
  [
    ...(speed === 1 ? [] : [`${speed} times faster than real time`]),
    ...(workers === 1 ? [] : [`${workers} processes`]),
  ].join(', ');

/** Where the mock is, and lines to paste for each client. */
export const banner = (
  url: string,
  profile: { readonly name: string; readonly description: string },
  {
    speed,
    workers,
    set,
  }: { readonly speed: number; readonly workers: number; readonly set: readonly string[] },
): string => {
  const how = manner(speed, workers);
  return `Mock server on ${url}, profile ${profile.name}${how && `, ${how}`}
${profile.description && `  ${profile.description}\n`}${set.length > 0 ? `  but ${set.join(', ')}\n` : ''}
OpenAI, TypeScript
import OpenAI from 'openai';
const openai = new OpenAI({ baseURL: '${url}/v1', apiKey: 'mock' });
console.log((await openai.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] })).choices[0].message.content);

OpenAI, Python
from openai import OpenAI
client = OpenAI(base_url="${url}/v1", api_key="mock")
print(client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Hello"}]).choices[0].message.content)

Anthropic, TypeScript
import Anthropic from '@anthropic-ai/sdk';
const anthropic = new Anthropic({ baseURL: '${url}', apiKey: 'mock' });
console.log((await anthropic.messages.create({ model: 'claude-haiku-4-5', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] })).content);

Anthropic, Python
from anthropic import Anthropic
client = Anthropic(base_url="${url}", api_key="mock")
print(client.messages.create(model="claude-haiku-4-5", max_tokens=100, messages=[{"role": "user", "content": "Hello"}]).content)

curl
curl -sN ${url}/v1/chat/completions -H 'content-type: application/json' -d '{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"Hello"}]}'

What it saw: ${url}/__bench/ledger/summary   All flags: bench mock --help   Stop: Ctrl-C`;
};

const outcomes = (totals: LedgerCounts): string => {
  const told = [
    `${number.format(totals.ok)} ok`,
    `${number.format(totals.rateLimited)} rate-limited`,
    ...(totals.failed > 0 ? [`${number.format(totals.failed)} failed`] : []),
    ...(totals.closedEarly > 0 ? [`${number.format(totals.closedEarly)} left early`] : []),
    ...(totals.faulted > 0 ? [`${number.format(totals.faulted)} broken on purpose`] : []),
  ];
  return told.join(', ');
};

const lateness = ({ count, p99Ms }: Pick<LatenessSummary, 'count' | 'p99Ms'>): string =>
  count === 0 ? '' : ` · sent late by ${p99Ms.toFixed(1)} ms (p99)`;

/** The live line. */
export const liveLine = (
  state: { readonly active: number; readonly queued: number; readonly lateness: LatenessSummary },
  totals: LedgerCounts,
): string => {
  const waiting = state.queued > 0 ? `, ${number.format(state.queued)} waiting` : '';
  return `${number.format(state.active)} in flight${waiting} · ${outcomes(totals)}${lateness(state.lateness)}`;
};

/** What is left to say at the end; `open` requests were cut off by it. */
export const closingLine = (totals: LedgerCounts, late: LatenessSummary, open: number): string => {
  const cut = open > 0 ? `, ${number.format(open)} cut off` : '';
  if (totals.attempts + open === 0) return 'Stopped. No request came.';
  return `Stopped after ${number.format(totals.attempts + open)} attempts: ${outcomes(totals)}${cut}${lateness(late)}`;
};
