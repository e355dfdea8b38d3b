/**
 * How fast is simulated time? A sweep under the virtual clock beside a bare loop over an event heap that handles as many
 * events, in the same run: npm run bench:simulate. Absolute figures are for orientation; those per CPU second hold on a busy
 * machine too, where the wall-clock counts what others do.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import TinyQueue from 'tinyqueue';
import { freshDir } from '../support/bench-process.ts';
import { simulatedRun } from '../support/simulated-run.ts';

const program = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

/** A discrete-event loop that does nothing but keep its heap: three events an attempt, thirty attempts open. */
const bareLoop = (events: number): number => {
  const heap = new TinyQueue<{ at: number; fire: () => void }>([], (a, b) => a.at - b.at);
  let now = 0;
  let left = events;
  const next = () => {
    if (left-- > 0) heap.push({ at: now + 1 + ((left * 7919) % 100), fire: next });
  };
  const startedAt = performance.now();
  for (let i = 0; i < 30; i++) next();
  for (let event = heap.pop(); event; event = heap.pop()) {
    now = event.at;
    event.fire();
  }
  return performance.now() - startedAt;
};

/** Wall-clock and CPU milliseconds, helper threads of the engine included. */
const timed = async <T>(work: () => T | Promise<T>) => {
  const usedBefore = process.cpuUsage();
  const startedAt = performance.now();
  const result = await work();
  const took = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(usedBefore);
  return { result, took, cpu: (user + system) / 1000 };
};

for (const requests of [2_000, 20_000, 100_000, 100_000]) {
  const { result, took, cpu } = await timed(() =>
    simulatedRun({ profile: 'g1', levels: [20], requests, keepRecords: false }),
  );
  const events = requests * 3;
  const bare = await timed(() => bareLoop(events));
  const rate = (millis: number) => ((requests / millis) * 1000).toFixed(0).padStart(6);
  console.log(
    `${String(requests).padStart(7)} requests at 20: ${took.toFixed(0).padStart(5)} ms, ${rate(took)} requests/s, ${rate(cpu)} per CPU second; bare heap loop of ${events} events ${bare.cpu.toFixed(0)} ms of CPU: ratio ${(cpu / bare.cpu).toFixed(0)}; ${result.levels[0]?.counts.ok} ok`,
  );
}

const cwd = freshDir();
const command = (...args: string[]) => {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [program, 'sweep', '--simulate', '--quiet', '--json', ...args],
    { cwd },
  );
  if (status !== 0) throw new Error(`${stderr}`);
  return performance.now() - startedAt;
};
const empty = performance.now();
spawnSync(process.execPath, ['-e', '0']);
console.log(`bare node: ${(performance.now() - empty).toFixed(0)} ms`);
console.log(
  `five levels, 2,500 requests, 45 virtual minutes, whole command: ${command('--levels', '1,5,10,20,30').toFixed(0)} ms`,
);

const peak = (requests: number): number => {
  const script = `process.on('exit', () => process.stderr.write(String(process.resourceUsage().maxRSS))); await import(${JSON.stringify(program)});`;
  const args = [
    '--input-type=module',
    '-e',
    script,
    'sweep',
    '--simulate',
    '--levels',
    '20',
    '--requests',
    String(requests),
    '--records',
    'drop',
    '--quiet',
    '--json',
  ];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${stderr}`);
  return Number(/\d+$/.exec(`${stderr}`)?.[0]) / 1024;
};
for (const requests of [10_000, 100_000, 1_000_000])
  console.log(`peak memory at ${requests.toLocaleString('en-US')} requests: ${peak(requests).toFixed(0)} MB`);
