import { findScenario } from '../config/scenarios.ts';
import { whole } from '../config/values.ts';
import type { Call, Message } from '../core/call.ts';
import { formatDuration } from '../core/units.ts';
import { type PreviewedCall, preview, requestRng } from '../workload/preview.ts';
import { batchSize, batchUnit, isWorkflow, type Scenario } from '../workload/scenario.ts';
import { CHARACTERS_PER_TOKEN } from '../workload/text.ts';

/** Requests or items whose calls are looked at for the estimate; the first of them are printed. */
const SAMPLED = 200;
const PRINTED = 2;
const LONGEST_TEXT = 400;

/** Tokens of a call's input by the usual estimate. */
const inputTokens = ({ messages, tools, responseFormat }: Call): number => {
  const extras = [tools, responseFormat]
    .filter((each) => each !== undefined)
    .map((each) => JSON.stringify(each));
  const characters = [...messages.map(({ content }) => content), ...extras].join('').length;
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
};

interface Estimate {
  readonly calls: number;
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
}

/** Scales what the sampled requests or items hold to the whole batch. */
const estimate = (sampled: readonly (readonly PreviewedCall[])[], size: number): Estimate => {
  const calls = sampled.flat().map(({ call }) => call);
  const share = size / sampled.length;
  const sum = (of: (call: Call) => number) =>
    Math.round(share * calls.reduce((total, call) => total + of(call), 0));
  return {
    calls: Math.round(share * calls.length),
    inputTokens: sum(inputTokens),
    maxOutputTokens: sum(({ maxTokens }) => maxTokens),
  };
};

const shortened = (text: string): string =>
  text.length <= LONGEST_TEXT
    ? text
    : `${text.slice(0, LONGEST_TEXT)} … (${text.length.toLocaleString('en-US')} characters)`;

const indented = (text: string, by: string): string => text.replaceAll('\n', `\n${by}`);

const messageText = (message: Message): string => {
  const marks = [
    'cache' in message && message.cache ? 'cached up to here' : '',
    message.role === 'assistant' && message.toolCalls
      ? `calls ${message.toolCalls.map(({ name }) => name).join(', ')}`
      : '',
  ].filter(Boolean);
  const mark = marks.length > 0 ? ` [${marks.join('; ')}]` : '';
  return `    ${message.role}${mark}: ${indented(shortened(message.content), '      ')}`;
};

const callText = ({ step, call }: PreviewedCall): string => {
  const { messages, ...rest } = call;
  const settings = Object.entries(rest).map(([key, value]) =>
    typeof value === 'object' ? `${key} ${shortened(JSON.stringify(value))}` : `${key} ${value}`,
  );
  return [
    `  ${step === undefined ? '' : `${step}: `}${settings.join(', ')}`,
    ...messages.map(messageText),
  ].join('\n');
};

const pageOf = (
  scenario: Scenario,
  sampled: readonly (readonly PreviewedCall[])[],
  total: Estimate,
): string => {
  const size = batchSize(scenario);
  const about = (count: number) => count.toLocaleString('en-US');
  const arrivals =
    !isWorkflow(scenario) && scenario.arrivesAt
      ? [`Arrivals at their own times, over ${formatDuration(scenario.arrivesAt(size - 1))}.`]
      : [];
  const judged = scenario.slo === undefined ? [] : [`Judged by ${scenario.slo}.`];
  const shown = sampled.slice(0, PRINTED).map((calls, number) => {
    const title = isWorkflow(scenario) ? `Item ${number}, ${calls.length} calls` : `Request ${number}`;
    return [`${title}:`, ...calls.map(callText)].join('\n');
  });
  return [
    `${scenario.name}: ${scenario.description}`,
    [
      `${about(size)} ${batchUnit(scenario)}${isWorkflow(scenario) ? `, about ${about(total.calls)} calls` : ''} in one batch: about ${about(total.inputTokens)} input tokens and at most ${about(total.maxOutputTokens)} output tokens`,
      `(${CHARACTERS_PER_TOKEN} characters a token${isWorkflow(scenario) ? '; answers count as one line' : ''}).`,
      ...arrivals,
      ...judged,
    ].join(' '),
    ...shown,
  ].join('\n\n');
};

/** Prints what a scenario sends, without sending it. Throws `UsageError` for one that is not there. */
export const showScenario = async (
  nameOrFile: string,
  { seed, json }: { readonly seed: string; readonly json: boolean },
): Promise<void> => {
  const scenario = await findScenario(nameOrFile);
  const size = batchSize(scenario);
  const chance = requestRng(whole(0, '7')(seed, '--seed'));
  const sampled: (readonly PreviewedCall[])[] = [];
  for (let number = 0; number < Math.min(SAMPLED, size); number++)
    sampled.push(await preview(scenario, number, chance));
  const total = estimate(sampled, size);
  const { name, description, slo } = scenario;
  const text = json
    ? JSON.stringify(
        {
          name,
          description,
          ...(slo === undefined ? {} : { slo }),
          [batchUnit(scenario)]: size,
          estimate: total,
          calls: sampled.slice(0, PRINTED).flat(),
        },
        null,
        2,
      )
    : pageOf(scenario, sampled, total);
  process.stdout.write(`${text}\n`);
};
