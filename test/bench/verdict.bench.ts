// How often the verdict is right, over many seeds: npm run bench:verdict [seeds] [models…]
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { pointOf } from '../../src/analyze/level-point.ts';
import { pick } from '../../src/analyze/rule.ts';
import { verdictOf } from '../../src/analyze/verdict.ts';
import { judgedRun, searchedRun } from '../support/judged-run.ts';
import { randomServer } from '../support/random-server.ts';

const [count = '20', ...only] = process.argv.slice(2);
const SEEDS = Array.from({ length: Number(count) }, (_, i) => i + 1);
const FIVE = [1, 5, 10, 20, 30];
const DENSE = [1, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64];
const LONG = 4000;

/** Model, right levels on the dense grid, right reasons on it, right levels among the five. */
const MODELS: readonly (readonly [string, readonly number[], readonly string[], number])[] = [
  ['requests-limited', [20], ['rate-limit'], 20],
  ['rejects-drain', [16, 20], ['rate-limit'], 20],
  ['tokens-limited', [20], ['rate-limit'], 20],
  ['batching', [32], ['latency'], 30],
  ['thrashing', [32], ['latency'], 30],
  ['unbounded', [64], ['not-reached'], 30],
  ['far-limit', [64], ['rate-limit', 'not-reached'], 30],
];

const tally = (values: readonly (string | number | undefined)[]): string =>
  [...new Set(values)]
    .map((value) => [value, values.filter((each) => each === value).length] as const)
    .toSorted(([, a], [, b]) => b - a)
    .map(([value, times]) => `${value} × ${times}`)
    .join(', ');

const share = (values: readonly boolean[]): string =>
  `${((100 * values.filter(Boolean).length) / values.length).toFixed(0)} %`;

const truthOf = async (profile: Parameters<typeof judgedRun>[0]['profile'], levels: readonly number[]) => {
  const long = await judgedRun({ profile, levels, seed: 999, measure: { requests: LONG } });
  return long.map((level) => pointOf(level, CRITERIA));
};

const wants = (name: string) => only.length === 0 || only.includes(name);

for (const [model, right, reasons, ofFive] of MODELS) {
  if (!wants(model)) continue;
  const sweeps = async (levels: readonly number[]) => {
    const found = [];
    for (const seed of SEEDS) {
      const measured = await judgedRun({ profile: model, levels, seed, measure: { requests: 500 } });
      found.push(verdictOf(measured, CRITERIA));
    }
    return found;
  };
  const five = await sweeps(FIVE);
  const dense = await sweeps(DENSE);
  const truth = await truthOf(model, DENSE);
  const noiseFree = pick(truth, CRITERIA)?.level ?? 0;
  console.log(`${model}: noise-free answer on the dense grid ${noiseFree}`);
  console.log(
    `  five levels: ${tally(five.map((spot) => spot?.level))}; right ${share(five.map((spot) => spot?.level === ofFive))}; ${tally(five.map((spot) => spot?.reason))}`,
  );
  console.log(
    `  dense: ${tally(dense.map((spot) => spot?.level))}; right ${share(dense.map((spot) => right.includes(spot?.level ?? 0)))}; ${tally(dense.map((spot) => spot?.reason))}; reason right ${share(dense.map((spot) => reasons.includes(spot?.reason ?? '')))}`,
  );
  console.log(
    `  interval holds ${noiseFree}: ${share(dense.map((spot) => spot?.interval?.levels.includes(noiseFree) ?? false))}, levels in it ${(dense.reduce((sum, spot) => sum + (spot?.interval?.levels.length ?? 0), 0) / dense.length).toFixed(1)}`,
  );
  if (model === 'unbounded') continue;
  const searches = [];
  for (const seed of SEEDS) {
    const { levels, requests } = await searchedRun(model, { seed });
    searches.push({ spot: verdictOf(levels, CRITERIA), requests });
  }
  const picks = [...new Set(searches.map(({ spot }) => spot?.level ?? 1))].toSorted((a, b) => a - b);
  const candidates = [...new Set([1, ...DENSE, 18, 19, 21, 22, 23, 34, 36, 60, 66, 68, ...picks])].toSorted(
    (a, b) => a - b,
  );
  const long = await truthOf(model, candidates);
  const base = long[0]?.tails[0] ?? 0;
  const feasible = long.filter(
    ({ extraAttempts, failures, tails }) =>
      extraAttempts <= 0.1 && failures <= 0.01 && (tails[0] ?? 0) <= 2 * base,
  );
  const best = Math.max(...feasible.map(({ perSecond }) => perSecond));
  const good = (level: number) => (long.find((each) => each.level === level)?.perSecond ?? 0) / best;
  console.log(
    `  search: ${tally(searches.map(({ spot }) => spot?.level))}; within 10 % of the best feasible ${share(searches.map(({ spot }) => good(spot?.level ?? 1) >= 0.9))}; goodput ${(searches.reduce((sum, { spot }) => sum + good(spot?.level ?? 1), 0) / searches.length).toFixed(3)}; requests ${Math.min(...searches.map(({ requests }) => requests))} to ${Math.max(...searches.map(({ requests }) => requests))}`,
  );
}

if (wants('random')) {
  const rows = [];
  for (const seed of SEEDS) {
    const server = randomServer(seed);
    const { levels, requests } = await searchedRun(server.profile, { seed });
    const spot = verdictOf(levels, CRITERIA);
    const level = spot?.level ?? 1;
    const [unloaded, held] = await truthOf(server.profile, level > 1 ? [1, level] : [1]);
    const x = (held ?? unloaded)?.perSecond ?? 0;
    const goodput = x / server.perSecond;
    const extra = held?.extraAttempts ?? 0;
    const slower = (held?.tails[0] ?? 0) / (unloaded?.tails[0] ?? 1);
    const right = goodput >= 0.85 && extra <= 0.15 && slower <= 2.2;
    rows.push(right);
    console.log(
      `  ${right ? 'right' : 'WRONG'} ${server.text}: ceiling ${server.ceiling.toFixed(1)}, found ${level} (${spot?.reason}), goodput ${goodput.toFixed(2)}, extra ${extra.toFixed(2)}, p95 × ${slower.toFixed(2)}, ${requests} requests`,
    );
  }
  console.log(`random servers: right ${share(rows)}`);
}
