import type { SweepSettings } from '../config/resolve.ts';
import type { KnownLimit } from '../core/known-limit.ts';
import { formatUsd } from '../core/units.ts';
import { ARRIVALS } from '../load/arrivals.ts';
import { limiterSentence, retryWords } from '../run/policy.ts';
import { batchUnit } from '../workload/scenario.ts';
import { loadText } from './load-text.ts';
import type { Progress } from './progress.ts';
import type { OpenTarget } from './target.ts';
import { unusedProxies } from './unused-proxies.ts';

/** Price and cap of a run; `undefined` where nothing has a price. */
export const moneyWords = ({ money: { source, cap } }: Pick<SweepSettings, 'money'>): string | undefined =>
  source && `price: ${source}; spending cap: ${Number.isFinite(cap) ? formatUsd(cap) : 'none'}`;

/** Says what is about to happen, and what is left out of it on purpose. */
export const introduce = (
  settings: SweepSettings,
  { label }: OpenTarget,
  limits: readonly KnownLimit[],
  progress: Progress,
): void => {
  const { scenario, speed, policy, arrival } = settings;
  progress.note(`${scenario.name}: ${loadText(settings, batchUnit(scenario))}, against ${label}`);
  const name = policy.name === 'plain' ? 'plain concurrency' : `policy ${policy.name}`;
  const how = arrival
    ? `open loop: ${ARRIVALS[arrival.name].description}, at most ${arrival.maxInFlight} open`
    : `${name}: ${limiterSentence(policy, limits)}`;
  progress.note(`${how}; ${retryWords(policy)}`);
  if (policy.name === 'plain' && !arrival)
    progress.note('(what concurrency alone does; to pace calls to the limit: --policy recommended)');
  const money = moneyWords(settings);
  if (money !== undefined) progress.note(money);
  const proxies = unusedProxies(settings, process.env);
  if (proxies) progress.note(proxies);
  if (speed !== 1) progress.note(`all times are model time: ${speed} s of it pass in 1 s`);
};
