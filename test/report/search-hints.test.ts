import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { SweepReport, Warning } from '../../src/analyze/report.ts';
import { addFind } from '../../src/cli/commands/find.ts';
import { addSweep } from '../../src/cli/commands/sweep.ts';
import { DECIDED_BY_SEARCH } from '../../src/config/decided-by-search.ts';
import { flagName } from '../../src/config/option-spec.ts';
import { SWEEP_OPTIONS } from '../../src/config/options.ts';
import { resolveSweep } from '../../src/config/resolve.ts';
import { sweepOptions } from '../../src/config/sweep-options.ts';
import { withWholeCommands } from '../../src/report/search-hints.ts';
import { shellLine, shellWords } from '../../src/report/shell-words.ts';
import { terminal } from '../../src/report/terminal.ts';
import { levelReport, sixPerSecond } from '../support/report-fixtures.ts';
import { fiftyLevels, oneLevel, REPORTS } from './canonical-reports.ts';

/** How searches are started. */
const COMMANDS = [
  ['find'],
  ['find', '--simulate', '--profile', 'openai-tier-1', '--seed', '3'],
  ['find', '--slo', 'p95<4s, ttft.p95<800ms', '--max-level', '64', '--budget', '10m', '--json', '--quiet'],
  ['sweep', '--auto', '--simulate', '--assert', 'goodput{level:20} >= 18/s', '--html', 'page.html'],
  ['sweep', '--levels=auto', '--max-level=32', '--scenario', 'rag', '--speed', '20'],
  ['find', '--target', 'openai', '--model', "it's mine", '--base-url', 'http://127.0.0.1:8000/v1', '--yes'],
] as const;

/** What the analysis advises, in all its forms. */
const HINTS: readonly Pick<Warning, 'code' | 'hint'>[] = [
  {
    code: 'edge-not-held',
    hint: 'Before a long job, use 18 or see whether it lasts: --levels 18,20 --duration 10m',
  },
  { code: 'burst', hint: 'To see the pace that lasts, run past the bucket: --levels 20 --requests 900' },
  {
    code: 'no-limit-seen',
    hint: "To see whether they last, run past a bucket of a minute's worth: --levels 20 --duration 10m",
  },
  { code: 'too-few-samples', hint: 'Use --requests 2000 or more.' },
  { code: 'slo-not-judged', hint: 'Use --requests 2000 or more.' },
  {
    code: 'under-delivered',
    hint: 'Calls of an item wait for one another, and the last items leave slots empty: use more --requests.',
  },
  { code: 'no-sweet-spot', hint: 'Try lower levels: --levels 1,2,3.' },
  { code: 'client-bound', hint: 'Use a smaller factor, for example --speed 20.' },
  { code: 'pace', hint: 'Pace the calls instead: --policy recommended.' },
];

const searched = (report: SweepReport, argv: readonly string[] = COMMANDS[1]): SweepReport => ({
  ...report,
  meta: {
    ...report.meta,
    search: 'levels up to 128, at most 2000 requests',
    command: shellLine(['bench', ...argv]),
  },
});

const advised = (report: SweepReport): SweepReport => ({
  ...report,
  warnings: HINTS.map(({ code, hint }) => ({
    code,
    hint,
    message: 'Something is to be known.',
    ...(code === 'slo-not-judged' || report.levels[0] === undefined ? {} : { level: report.levels[0].level }),
  })),
});

const noisy = (report: SweepReport): SweepReport => ({
  ...report,
  sweetSpot: report.sweetSpot && {
    ...report.sweetSpot,
    interval: {
      low: 1,
      high: 20,
      confidence: 0.9,
      levels: [report.sweetSpot.level],
      share: 0.8,
      redraws: 400,
      noise: { source: 'cycles', relative: 0.02, blocks: 1 },
    },
  },
});

const told = (because: string): SweepReport => {
  const report = fiftyLevels();
  return { ...report, sweetSpot: report.sweetSpot && { ...report.sweetSpot, because } };
};

const BECAUSE: Readonly<Record<string, () => SweepReport>> = {
  'at its own bound': () => ({
    ...told(
      '20: it is the highest level tested and nothing gave way, so no ceiling was found. Next: --levels 128,192,256',
    ),
    levels: [levelReport({ level: 128 })],
  }),
  'at the end of its budget': () =>
    told(
      '22: it is the highest level tested and nothing gave way, so no ceiling was found. Next: --levels 50,75,100',
    ),
  'in doubt': () =>
    told(
      '22: 30 is 7 % faster in throughput but not by more than chance at this spread: more requests, or --repeat 3, would tell',
    ),
};

const FORMS = { ...REPORTS, ...BECAUSE };

const COMMAND = /bench (?:sweep|find)\b.*/g;

const shown = (report: SweepReport, width: number): string =>
  terminal.render(withWholeCommands(report), { color: false, unicode: true, width });

/** Refuses what the command itself refuses. */
const accept = async (line: string): Promise<void> => {
  const [, name, ...words] = shellWords(line);
  const program = new Command('bench');
  addFind(program);
  addSweep(program);
  const command = program.commands.find((each) => each.name() === name);
  expect(command?.parseOptions(words)).toEqual({ operands: [], unknown: [] });
  const flags = { ...command?.opts(), ...(name === 'find' ? { auto: true } : {}) };
  const options = sweepOptions({ flags, env: {}, file: undefined });
  await resolveSweep(options, { OPENAI_API_KEY: 'none' });
};

const REFUSED: readonly string[] = DECIDED_BY_SEARCH.map((key) => flagName(SWEEP_OPTIONS[key]));

describe.each(COMMANDS.map((argv) => [shellLine(['bench', ...argv]), argv] as const))(
  'after %s',
  (_, argv) => {
    it.each(Object.entries(FORMS))(
      'every option that a report of %s names is taken by the command it is for',
      async (_name, form) => {
        const report = noisy(advised(searched(form(), argv)));
        const texts = [
          shown(report, 100_000),
          ...withWholeCommands(report).warnings.map(({ hint }) => hint),
        ].join('\n');
        for (const [command] of texts.matchAll(COMMAND)) await accept(command);
        const rest = texts.replaceAll(COMMAND, '').match(/--[a-z][a-z-]+/g) ?? [];
        expect(rest.filter((name) => REFUSED.includes(name))).toEqual([]);
      },
    );
  },
);

it.each([40, 60, 80, 120])('a command is whole where a screen of %i columns breaks it', (width) => {
  const longer = [...COMMANDS[2], '--out', 'a/folder/of/a/name/that/no/line/of/forty/columns/can/hold'];
  const report = noisy(advised(searched(fiftyLevels(), longer)));
  const whole = [...shown(report, 100_000).matchAll(COMMAND)].map(([command]) => shellWords(command));
  const copied = shown(report, width).replaceAll(/ \\\n +/g, ' ');
  expect([...copied.matchAll(COMMAND)].map(([command]) => shellWords(command))).toEqual(whole);
});

it('a sweep keeps its advice as options of its own command', () => {
  expect(withWholeCommands(advised(oneLevel()))).toEqual(advised(oneLevel()));
});

describe('what people see after a search', () => {
  const hints = (report: SweepReport) => withWholeCommands(report).warnings.map(({ hint }) => hint);
  const because = (form: () => SweepReport, argv?: readonly string[]) =>
    withWholeCommands(searched(form(), argv)).sweetSpot?.because;

  it('names the run to make', () => {
    expect(hints(advised(searched(oneLevel()))).join('\n')).toMatchInlineSnapshot(`
      "Before a long job, use 18 or see whether it lasts: bench sweep --simulate --profile openai-tier-1 --seed 3 --levels 18,20 --duration 10m
      To see the pace that lasts, run past the bucket: bench sweep --simulate --profile openai-tier-1 --seed 3 --levels 20 --requests 900
      To see whether they last, run past a bucket of a minute's worth: bench sweep --simulate --profile openai-tier-1 --seed 3 --levels 20 --duration 10m
      To have enough: bench sweep --simulate --profile openai-tier-1 --seed 3 --levels 20 --requests 2000
      To have enough: bench sweep --simulate --profile openai-tier-1 --seed 3 --levels 20 --requests 2000
      Calls of an item wait for one another, and the last items leave slots empty. To measure more of them: bench sweep --simulate --profile openai-tier-1 --seed 3 --levels 20 --requests 1000
      Try lower levels: bench sweep --simulate --profile openai-tier-1 --seed 3 --levels 1,2,3
      Use a smaller factor, for example --speed 20.
      Pace the calls instead: --policy recommended."
    `);
  });

  it('goes on above its own bound as a search, above its budget as a sweep', () => {
    expect(BECAUSE['at its own bound'] && because(BECAUSE['at its own bound'])).toMatchInlineSnapshot(
      `"20: it is the highest level tested and nothing gave way, so no ceiling was found. Next: bench find --simulate --profile openai-tier-1 --seed 3 --max-level 256"`,
    );
    expect(
      because(
        () => told('22: it is the highest level tested. Next: --levels 50,75,100'),
        ['find', '--budget', '300'],
      ),
    ).toMatchInlineSnapshot(`"22: it is the highest level tested. Next: bench sweep --levels 50,75,100"`);
  });

  it('sends nobody above a limit that is used up', () => {
    const full = oneLevel();
    const used = (share: number) =>
      because(() => ({
        ...full,
        sweetSpot: full.sweetSpot && { ...full.sweetSpot, limits: [sixPerSecond(share)] },
      }));
    expect(used(0.98)).toMatchInlineSnapshot(
      `"20: it is the only level tested, and leaves no room for more: it uses 98 % of the limit of 360 requests per minute"`,
    );
    expect(used(0.4)).toMatchInlineSnapshot(
      `"20: it is the only level tested. Next: bench sweep --simulate --profile openai-tier-1 --seed 3 --levels 20,30,40"`,
    );
  });

  it('asks for no more requests where nearly all fail', () => {
    const report = advised(searched(oneLevel()));
    const failing = { ...report, levels: report.levels.map((level) => ({ ...level, admissible: false })) };
    expect(hints(failing)[3]).toBe('No recommendation rests on it.');
  });

  it('says how to end a doubt', () => {
    expect(BECAUSE['in doubt'] && because(BECAUSE['in doubt'])).toMatchInlineSnapshot(
      `"22: 30 is 7 % faster in throughput but not by more than chance at this spread: more requests would tell, or repeats: bench sweep --simulate --profile openai-tier-1 --seed 3 --levels 22,23 --repeat 3"`,
    );
  });

  it('gives a command lines of its own', () => {
    const report = noisy(searched(fiftyLevels(), COMMANDS[2]));
    const lines = shown({ ...report, warnings: [] }, 80).split('\n');
    expect(
      lines.slice(lines.findIndex((line) => line.startsWith('★ Sweet'))).join('\n'),
    ).toMatchInlineSnapshot(`
      "★ Sweet spot: 22 at once. Throughput levels off: 23 is no faster in throughput.
        22 in 80 % of redraws, no other tested level comes into question (90 %
        interval); the spread within each run taken for noise: ± 2 %; to measure it:
        bench sweep --slo 'p95<4s, ttft.p95<800ms' --levels 22,23 --repeat 3
      "
    `);
  });
});
