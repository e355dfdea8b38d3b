import { describe, expect, it } from 'vitest';
import type { SweepReport } from '../../src/analyze/report.ts';
import { bench, freshDir } from '../support/bench-process.ts';

// A hundred and fifty calls at once that the mock answers within 4 ms are more than one process can send; six times over, so that start and drain,
// in which it gets its breath back, are a small part. With forty it did so once, while other tests kept the machine busy.
const ARGS = 'sweep --levels 1,150 --requests 900 --speed 1000 --json'.split(' ');

describe('a run that this machine is too slow for', () => {
  it('is no result: it says so, keeps what it measured, and ends with 4', async () => {
    const cwd = freshDir();
    const { code, stdout, stderr } = await bench(ARGS, { cwd, env: { BENCH_ALLOW_SATURATED: 'false' } });
    expect(code).toBe(4);
    expect(stderr).toContain('the measurement is not valid: at ');
    expect(stderr).toContain('--allow-saturated');
    const report: SweepReport = JSON.parse(stdout);
    expect(report.validity.valid).toBe(false);
    expect(report.levels.find(({ level }) => level === 150)).toMatchObject({
      valid: false,
      admissible: false,
    });
    // Rendered again, it is the same.
    expect((await bench(['report', 'results/latest', '--json'], { cwd })).stdout).toBe(stdout);
  }, 120_000);

  it('is judged all the same where that is asked for', async () => {
    const { code, stdout } = await bench([...ARGS, '--allow-saturated'], {
      env: { BENCH_ALLOW_SATURATED: 'false' },
    });
    expect(code).toBe(0);
    const report: SweepReport = JSON.parse(stdout);
    expect(report.validity.valid).toBe(true);
    expect(report.sweetSpot).not.toBeNull();
  }, 120_000);
});
