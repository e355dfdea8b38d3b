import { z } from 'zod';
import type { Call } from '../core/call.ts';
import { UsageError } from '../core/errors.ts';
import { parseSlo } from '../measure/slo.ts';
import { isWorkflow, type Scenario } from '../workload/scenario.ts';
import { CALL_KEYS, choiceProblem, someText, tokens } from './call-keys.ts';
import { type WordedIssue, wordIssue } from './issue-words.ts';
import type { SourceFile } from './source-file.ts';

const content = z.string({ error: 'expected a text' });
const cache = z.boolean().exactOptional();
const toolCall = z.strictObject({ id: z.string(), name: z.string(), arguments: z.string() });
const said = { content, cache };

const CallSchema = z.strictObject(
  {
    messages: z
      .array(
        z.discriminatedUnion(
          'role',
          [
            z.strictObject({ role: z.enum(['system', 'user']), ...said }),
            z.strictObject({
              role: z.literal('assistant'),
              toolCalls: z.array(toolCall).exactOptional(),
              blocks: z.array(z.record(z.string(), z.unknown())).exactOptional(),
              ...said,
            }),
            z.strictObject({ role: z.literal('tool'), toolCallId: someText, ...said }),
          ],
          { error: 'expected {role, content} with role system, user, assistant or tool' },
        ),
        { error: 'expected a list of messages' },
      )
      .min(1, { error: 'expected at least one message' }),
    maxTokens: tokens,
    stream: z.boolean({ error: 'expected true or false' }),
    ...CALL_KEYS,
  },
  { error: 'expected a call: { messages, maxTokens, stream }' },
);

const EXAMPLE =
  "For example { messages: [{ role: 'user', content: 'Hello' }], maxTokens: 100, stream: false }.";

const keysAt = (keys: readonly (string | number)[]): readonly string[] =>
  keys.length === 0 ? Object.keys(CallSchema.shape) : [];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** What is left out may be written as undefined. */
const withoutBlanks = (call: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(call).filter(([, value]) => value !== undefined));

/** Returns a call that a scenario has made. Throws `UsageError` with file, line and key if it is none. */
const checked = (call: unknown, made: string, { place, path }: SourceFile): Call => {
  const given = isObject(call) ? withoutBlanks(call) : call;
  const parsed = CallSchema.safeParse(given);
  const choice = parsed.success ? choiceProblem(parsed.data) : undefined;
  if (parsed.success && choice === undefined) return call as Call;
  const { keys, why, hint }: WordedIssue = parsed.success
    ? { keys: ['toolChoice'], why: choice ?? '' }
    : wordIssue(parsed.error, given, keysAt);
  const named = keys.findLast((key) => typeof key === 'string');
  const where = named === undefined ? path : place([named]);
  const within = keys.length > 0 ? `${keys.join('.')}: ` : '';
  throw new UsageError(`${where}: ${made}: ${within}${why}`, hint ?? EXAMPLE);
};

/** `file:line` in which a module of the user has thrown. */
const thrownAt = (error: unknown, path: string): string => {
  const name = path.replace(/^.*[/\\]/, '').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const line = error instanceof Error && new RegExp(`${name}:(\\d+)`).exec(error.stack ?? '')?.[1];
  return line ? `${path}:${line}` : path;
};

const thrown = (error: unknown, made: string, { path }: SourceFile): UsageError =>
  error instanceof UsageError
    ? error
    : new UsageError(
        `${thrownAt(error, path)}: ${made} threw: ${error instanceof Error ? error.message : error}`,
        'A scenario makes its calls of index and rng alone, and must not fail.',
      );

/** A scenario from code whose calls are looked at as they are made: what is none is refused with file, line and key. */
export const checkedScenario = (scenario: Scenario, file: SourceFile): Scenario => {
  const { name, description = 'from a file', slo } = scenario;
  if (slo !== undefined) parseSlo(String(slo), `${file.place(['slo'])}: slo`);
  const about = { name, description, ...(slo === undefined ? {} : { slo }) };
  if (isWorkflow(scenario)) {
    return {
      ...about,
      items: scenario.items,
      async run(item, ask, rng) {
        let asked = false;
        const step = (name = 'call') => `item ${item}, ${name}`;
        try {
          await scenario.run(
            item,
            async (call, options) => {
              asked = true;
              return ask(checked(call, step(options?.step), file), options);
            },
            rng,
          );
        } catch (error) {
          throw asked ? error : thrown(error, `run(${item})`, file);
        }
      },
    };
  }
  const { requests, arrivesAt } = scenario;
  return {
    ...about,
    requests,
    call(index, rng) {
      try {
        return checked(scenario.call(index, rng), `call(${index})`, file);
      } catch (error) {
        throw thrown(error, `call(${index})`, file);
      }
    },
    ...(arrivesAt ? { arrivesAt: arrivesAt.bind(scenario) } : {}),
  };
};
