// How often the verdict is right, over many seeds: npm run bench:verdict [100 | 1001..1100] [dense|five|search|random|foreign|unknown|told…] [models or kinds…]; told: no search without headers
import { CRITERIA } from '../../src/analyze/criteria.ts';
import type { Point } from '../../src/analyze/level-point.ts';
import { pick } from '../../src/analyze/rule.ts';
import { drawnForeign } from './verdict/foreign.ts';
import { judgeAll } from './verdict/pool.ts';
import { drawnServer } from './verdict/servers.ts';
import type { Judged, Trial } from './verdict/trial.ts';

const KINDS = ['dense', 'five', 'search', 'random', 'foreign', 'unknown'];
const [count = '100', ...words] = process.argv.slice(2);
const kinds = words.filter((word) => KINDS.includes(word));
const TOLD = 'told';
const only = words.filter((word) => !KINDS.includes(word) && word !== TOLD);
const [from, to] = count.includes('..') ? count.split('..').map(Number) : [1, Number(count)];
const SEEDS = Array.from({ length: (to ?? 0) - (from ?? 0) + 1 }, (_, i) => (from ?? 0) + i);
const FIVE = [1, 5, 10, 20, 30];
const DENSE = [1, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64];
/** For the best that a search could have found. */
const FINE = [1, 12, 14, 16, 18, 19, 20, 21, 22, 23, 24, 26, 28, 30, 32, 34, 36, 40, 56, 60, 62, 64, 66, 68];

/** Model; levels that are right on the dense grid, the reason there; the level that is right among five. */
const MODELS: readonly (readonly [string, readonly number[], readonly string[], number])[] = [
  ['requests-limited', [20], ['rate-limit'], 20],
  ['rejects-drain', [16, 20], ['rate-limit'], 20],
  ['tokens-limited', [20], ['rate-limit'], 20],
  ['batching', [32], ['latency'], 30],
  ['thrashing', [32], ['latency'], 30],
  ['unbounded', [64], ['not-reached'], 30],
  ['far-limit', [64], ['rate-limit', 'not-reached'], 30],
];

const wants = (kind: string) => kinds.length === 0 || kinds.includes(kind);
const models = MODELS.filter(([name]) => only.length === 0 || only.includes(name));

const tally = (values: readonly (string | number | undefined)[]): string =>
  [...new Set(values)]
    .map((value) => [value, values.filter((each) => each === value).length] as const)
    .toSorted(([, a], [, b]) => b - a)
    .map(([value, times]) => `${value ?? 'none'} × ${times}`)
    .join(', ');

const share = (values: readonly boolean[]): string =>
  `${((100 * values.filter(Boolean).length) / values.length).toFixed(0)} %`;

const row = (...cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
const heading = (...cells: readonly string[]) => {
  row(...cells);
  row(...cells.map(() => '---'));
};

/** The seeded trials of one kind. */
const trials = (base: Omit<Trial, 'seed'>) => judgeAll(SEEDS.map((seed) => ({ ...base, seed })));

const truthOf = async (profile: Trial['profile'], levels: readonly number[], requests?: number) => {
  const [judged] = await judgeAll([
    { kind: 'truth', profile, levels, seed: 999, ...(requests === undefined ? {} : { requests }) },
  ]);
  return judged?.points ?? [];
};

if (wants('dense')) {
  heading(
    'model',
    'noise-free',
    'answers',
    'right',
    'reason right',
    '90 % interval holds it',
    'levels in it',
  );
  for (const [name, right, reasons] of models) {
    const noiseFree = pick(await truthOf(name, DENSE, 3000), CRITERIA)?.level ?? 0;
    const found = await trials({ kind: 'sweep', profile: name, levels: DENSE, ramp: 0 });
    row(
      name,
      noiseFree,
      tally(found.map(({ level }) => level)),
      share(found.map(({ level }) => right.includes(level ?? 0))),
      share(found.map(({ reason }) => reasons.includes(reason ?? ''))),
      share(found.map(({ interval }) => interval.includes(noiseFree))),
      (found.reduce((sum, { interval }) => sum + interval.length, 0) / found.length).toFixed(1),
    );
  }
  console.log();
}

if (wants('five')) {
  heading('model', 'answers', 'right', 'reasons');
  for (const [name, , , right] of models) {
    const found = await trials({ kind: 'sweep', profile: name, levels: FIVE, ramp: 0 });
    row(
      name,
      tally(found.map(({ level }) => level)),
      share(found.map(({ level }) => level === right)),
      tally(found.map(({ reason }) => reason)),
    );
  }
  console.log();
}

const feasible = ({ extraAttempts, failures, tails: [p95] }: Point, unloaded: number, slack = 1) =>
  extraAttempts <= 0.1 * slack && failures <= 0.01 * slack && (p95 ?? 0) <= (slack > 1 ? 2.2 : 2) * unloaded;

const bestOf = (truth: readonly Point[]) => {
  const unloaded = truth[0]?.tails[0] ?? 0;
  return {
    unloaded,
    best: Math.max(...truth.filter((each) => feasible(each, unloaded)).map(({ perSecond }) => perSecond)),
  };
};

if (wants('search')) {
  heading(
    'model',
    'limit told',
    'answers',
    'within 10 % of the best',
    'keeps the bounds',
    'requests',
    'of which ≤ 150',
  );
  for (const [name] of models.filter(([each]) => each !== 'unbounded')) {
    const runs: [string, readonly Judged[]][] = [];
    for (const isSilent of words.includes(TOLD) ? [false] : [false, true])
      runs.push([isSilent ? 'no' : 'yes', await trials({ kind: 'search', profile: name, isSilent })]);
    const picked = runs.flatMap(([, found]) => found.flatMap(({ level }) => level ?? []));
    const truth = await truthOf(
      name,
      [...new Set([...FINE, ...picked])].toSorted((a, b) => a - b),
      3000,
    );
    const { best, unloaded } = bestOf(truth);
    const keepsBounds = ({ level }: Judged) =>
      truth.some((each) => each.level === level && feasible(each, unloaded, 1.5));
    const isGood = ({ level }: Judged) =>
      (truth.find((each) => each.level === level)?.perSecond ?? 0) >= 0.9 * best;
    for (const [told, found] of runs) {
      const spent = found.map(({ requests }) => requests);
      row(
        name,
        told,
        tally(found.map(({ level }) => level)),
        share(found.map(isGood)),
        share(found.map(keepsBounds)),
        `${Math.min(...spent)} to ${Math.max(...spent)}`,
        share(spent.map((each) => each <= 150)),
      );
    }
  }
  console.log();
}

/** What is wrong with an answer, by the server's own long runs around it; empty if nothing is. */
const faults = (level: number, truth: readonly Point[]): readonly string[] => {
  const { unloaded, best } = bestOf(truth);
  const own = truth.find((each) => each.level === level);
  if (!own) return ['no answer'];
  const least =
    truth.find((each) => feasible(each, unloaded) && each.perSecond >= 0.95 * best)?.level ?? level;
  return [
    own.perSecond < 0.9 * best ? `only ${(own.perSecond / best).toFixed(2)} of the best` : '',
    feasible(own, unloaded, 1.5)
      ? ''
      : `${own.extraAttempts.toFixed(2)} extra, ${own.failures.toFixed(2)} fail, p95 × ${((own.tails[0] ?? 0) / unloaded).toFixed(2)}`,
    level - least > 2 && level > 1.35 * least ? `${least} would do` : '',
  ].filter(Boolean);
};

const AROUND = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2];

/** A drawn server: what is searched, and what long runs are held against. */
interface Drawn {
  readonly seed: number;
  readonly kind: string;
  /** The server tells its limit. */
  readonly told: boolean;
  readonly text: string;
  readonly profile: Trial['profile'];
  readonly lasting: Trial['profile'];
  readonly longRun: number;
  /** What it tells is to be kept from the search. */
  readonly isSilent?: boolean;
}

/** Searches each server, and holds the answers against its long runs around them. */
const searchDrawn = async (all: readonly Drawn[]) => {
  const servers = all.filter(({ kind }) => only.length === 0 || only.includes(kind));
  const found = await judgeAll(
    servers.map(({ profile, seed, isSilent = false }) => ({ kind: 'search', profile, seed, isSilent })),
  );
  const truths = await judgeAll(
    servers.map(({ lasting, longRun }, i) => {
      const level = found[i]?.level ?? 4;
      const levels = new Set([1, ...AROUND.map((factor) => Math.max(1, Math.round(factor * level)))]);
      return {
        kind: 'truth',
        profile: lasting,
        seed: 999,
        requests: longRun,
        levels: [...levels].toSorted((a, b) => a - b),
      };
    }),
  );
  const judged = servers.map(({ seed, kind, told, text }, i) => ({
    seed,
    kind,
    told: told ? 'yes' : 'no',
    text,
    level: found[i]?.level,
    requests: found[i]?.requests ?? 0,
    wrong: faults(found[i]?.level ?? 0, truths[i]?.points ?? []),
  }));
  heading('server', 'limit told', 'servers', 'judged right');
  for (const key of [...new Set(judged.map(({ kind, told }) => `${kind} | ${told}`))].toSorted()) {
    const those = judged.filter(({ kind, told }) => `${kind} | ${told}` === key);
    row(key, those.length, share(those.map(({ wrong }) => wrong.length === 0)));
  }
  row('all', '', judged.length, share(judged.map(({ wrong }) => wrong.length === 0)));
  console.log();
  for (const { seed, text, level, requests, wrong } of judged.filter((each) => each.wrong.length > 0))
    console.log(`${seed}: ${text}: ${level ?? 'none'} after ${requests} requests: ${wrong.join('; ')}`);
};

if (wants('random'))
  await searchDrawn(
    SEEDS.map((seed) => {
      const drawn = drawnServer(seed);
      return { ...drawn, seed, told: !drawn.isSilent, longRun: 2500 };
    }),
  );

if (wants('foreign'))
  await searchDrawn(
    SEEDS.map((seed) => {
      const { server, ...drawn } = drawnForeign(seed);
      return { ...drawn, seed, profile: server, lasting: server };
    }),
  );

/** What a newcomer would sweep. */
const DOUBLING = [1, 2, 4, 8, 16, 32, 64, 128];

if (wants('unknown')) {
  const servers = SEEDS.map((seed) => ({ seed, ...drawnServer(seed) }));
  const truths = await judgeAll(
    servers.map(({ lasting }) => ({
      kind: 'truth',
      profile: lasting,
      seed: 999,
      requests: 4000,
      levels: DOUBLING,
    })),
  );
  heading('requests a level', 'servers', 'the noise-free answer', 'as good', 'wrong');
  for (const requests of [500, 2000]) {
    const found = await judgeAll(
      servers.map(({ profile, seed, isSilent }) => ({
        kind: 'sweep',
        profile,
        seed,
        isSilent,
        levels: DOUBLING,
        requests,
      })),
    );
    const verdicts = servers.map(({ seed, text, isSilent }, i) => {
      const truth = truths[i]?.points ?? [];
      const { level, reason } = found[i] ?? {};
      const [right, own] = [pick(truth, CRITERIA), truth.find((each) => each.level === level)];
      const { unloaded, best } = bestOf(truth);
      const isAsGood = own !== undefined && feasible(own, unloaded, 1.5) && own.perSecond >= 0.9 * best;
      const words = `${seed}: ${text}, limit ${isSilent ? 'not ' : ''}told: ${level} (${reason}) instead of ${right?.level}`;
      return { isSame: right?.level === level, isAsGood, words };
    });
    const [same, wrong] = [
      verdicts.filter(({ isSame }) => isSame),
      verdicts.filter(({ isSame, isAsGood }) => !isSame && !isAsGood),
    ];
    row(requests, servers.length, same.length, servers.length - same.length - wrong.length, wrong.length);
    for (const { words } of wrong) console.error(words);
  }
  console.log();
}
