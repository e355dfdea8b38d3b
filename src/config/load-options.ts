import { ARRIVALS, type ArrivalName } from '../load/arrivals.ts';
import { levels } from './level-values.ts';
import { precision, ramp, rates, requests, stages } from './load-values.ts';
import { defaulted, describe, type OptionSpec, open } from './option-spec.ts';
import { amount, duration, factor, oneOf, text, whole } from './values.ts';

const arrivalNames = Object.keys(ARRIVALS) as readonly ArrivalName[];

/** What load is put on the endpoint, at which points, for how long and how often. */
export const LOAD_OPTIONS = {
  levels: defaulted(
    '--levels <list>',
    'how many calls at once, to compare: 1,5,10, 1..50:5, geometric:1..64; auto to search',
    levels,
    [1, 5, 10, 20, 30],
    '1,5,10,20,30',
  ),
  requests: open(
    '--requests <n|auto>',
    'requests per level (items of a workflow); auto: as many as keep the drain below 5 %, 18 × level for the usual spread',
    requests,
    "the scenario's own; 2000 or auto with --precision",
  ),
  duration: open('--duration <time>', 'start no new request after this time at a level', duration('30s', 1)),
  precision: open(
    '--precision <share>',
    'stop a level once its throughput is known this well, say 5%',
    precision,
  ),
  repeat: defaulted('--repeat <n>', 'run all levels this often, in blocks of random order', whole(1, '3'), 1),
  ramp: open(
    '--ramp <auto|off|time>',
    'let the calls in one by one: auto over one latency',
    ramp,
    'off for a batch of fixed size, else auto',
  ),
  arrival: open(
    '--arrival <name>',
    `open loop, requests start on a schedule: ${describe(ARRIVALS)}`,
    oneOf(arrivalNames),
    'none; poisson with --rate',
  ),
  rate: open('--rate <list>', 'open loop: requests per second, to compare (5/s, 300/min)', rates),
  burstiness: open(
    '--burstiness <n>',
    'of gamma arrivals: 1 is poisson, less is bursts',
    factor(1000, '0.5'),
  ),
  stages: open('--stages <list>', 'of ramp arrivals: times and the rates at their ends, 30s:5,1m:10', stages),
  trace: open('--trace <file>', 'of trace arrivals: one instant per line, in seconds', text),
  maxInFlight: open(
    '--max-in-flight <n>',
    'open loop: requests that find as many open are dropped and counted',
    whole(1, '1000'),
    '1000',
  ),
  warmup: open('--warmup <n|time>', 'requests or time at each level before it is measured', amount, 'none'),
  cooldown: open(
    '--cooldown <time>',
    'fixed wait before each level',
    duration('60s'),
    'until the rate limits are full again',
  ),
} as const satisfies Readonly<Record<string, OptionSpec<unknown>>>;
