/**
 * How far is a measured wall-clock above the ideal? Against an endpoint of constant latency L, n requests at a level take
 * at least ceil(n / level) × L; what is above it is the harness. Run on an idle machine: npm run bench:wall-clock [L in ms].
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SweepReport } from '../../src/analyze/report.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { readRecords } from '../../src/store/records.ts';
import { bench } from '../support/bench-process.ts';

const latency = Number(process.argv[2] ?? 100);
const ROUNDS = 40;
const dir = mkdtempSync(join(tmpdir(), 'bench-wall-clock-'));
const profile = join(dir, 'constant.json');
writeFileSync(profile, JSON.stringify({ extends: 'constant', latency: `${latency}ms` }));

console.log(`constant latency ${latency} ms, ${ROUNDS} rounds per level, real time`);
console.log('level  requests   ideal s  measured s   above  started within  cpu cores');
for (const level of [1, 2, 5, 10, 20, 30, 50]) {
  const requests = level * ROUNDS;
  const args = [
    'sweep',
    '--levels',
    String(level),
    '--requests',
    String(requests),
    '--profile',
    profile,
    '--speed',
    '1',
  ];
  const { code, stdout, stderr } = await bench([...args, '--json', '--quiet'], { cwd: dir });
  if (code !== 0) throw new Error(stderr);
  const report: SweepReport = JSON.parse(stdout);
  const measured = report.levels[0];
  if (!measured) throw new Error('no level in the report');
  const ideal = Math.ceil(requests / level) * latency;
  const first: RequestRecord[] = [];
  for await (const record of readRecords(join(dir, 'results/latest/records.jsonl'))) {
    if (record.phase === 'measure' && record.index < level) first.push(record);
  }
  const starts = first.map(({ startedAt }) => startedAt);
  console.log(
    [
      String(level).padStart(5),
      String(requests).padStart(9),
      (ideal / 1000).toFixed(3).padStart(9),
      (measured.wallClockMs / 1000).toFixed(3).padStart(11),
      `${((measured.wallClockMs / ideal - 1) * 100).toFixed(2)} %`.padStart(7),
      `${(Math.max(...starts) - Math.min(...starts)).toFixed(1)} ms`.padStart(15),
      (measured.health?.cpuCores ?? 0).toFixed(2).padStart(10),
    ].join(' '),
  );
}
rmSync(dir, { recursive: true });
