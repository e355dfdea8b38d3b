import type { Rng } from '../../src/core/rng.ts';
import { draw } from './distribution.ts';
import type { Profile } from './profile.ts';
import { answerText, jsonText, thoughtText } from './prose.ts';
import type { EngineRequest, ToolWish } from './request.ts';

/** Why an answer ends. */
export type FinishReason = 'stop' | 'length' | 'tool';

/** The content of one answer, decided before its first token. */
export interface Output {
  readonly thinkingTokens: number;
  /** Visible tokens: text, JSON or tool arguments. */
  readonly visibleTokens: number;
  readonly chunkTokens: number;
  /** Chunks of thinking; they come first. */
  readonly thinkingChunks: number;
  readonly chunks: number;
  readonly reason: FinishReason;
  /** The text is ASCII in which JSON has nothing to escape. */
  readonly plain: boolean;
  /** Name of the tool that the visible part calls. */
  readonly tool: string | undefined;
  /** Text of chunks `from` (included) to `to` (excluded), all of them thinking or all of them visible. */
  text(from: number, to: number): string;
}

/** Tokens that the first `chunks` chunks carry. */
export const tokensUntil = (output: Output, chunks: number): number => {
  const { thinkingChunks, thinkingTokens, visibleTokens, chunkTokens } = output;
  if (chunks <= thinkingChunks) return Math.min(chunks * chunkTokens, thinkingTokens);
  return thinkingTokens + Math.min((chunks - thinkingChunks) * chunkTokens, visibleTokens);
};

/** The text of chunks `from` (included) to `to` (excluded), of both kinds. */
export const textOf = (output: Output, from: number, to: number): string => {
  const { thinkingChunks } = output;
  if (from >= thinkingChunks || to <= thinkingChunks) return output.text(from, to);
  return output.text(from, thinkingChunks) + output.text(thinkingChunks, to);
};

/** The whole visible part. */
export const visibleText = (output: Output): string => output.text(output.thinkingChunks, output.chunks);

/** The whole reasoning. */
export const thinkingText = (output: Output): string => output.text(0, output.thinkingChunks);

const wants = (tool: ToolWish | undefined, profile: Profile, request: EngineRequest, chance: () => Rng) => {
  if (!tool) return undefined;
  if (tool.required || request.override.toolCall === true) return tool;
  const { toolCallShare } = profile.output;
  return request.override.toolCall !== false && toolCallShare > 0 && chance().next() < toolCallShare
    ? tool
    : undefined;
};

const whole = (tokens: number): number => Math.max(1, Math.round(tokens));

/** Decides length, kind and text of an answer. `chance` names one stream per purpose. */
export const drawOutput = (
  profile: Profile,
  request: EngineRequest,
  chunkTokens: number,
  chance: (purpose: string) => Rng,
  seed: number,
): Output => {
  const { override, reading } = request;
  const { maxTokens, thinkingBudget, outputTokens } = reading;
  const room = maxTokens ?? Number.POSITIVE_INFINITY;
  const tool = wants(reading.tool, profile, request, () => chance('tool'));
  const json = tool?.argumentsJson ?? reading.json;

  const asked = profile.output.thinking ?? (thinkingBudget === undefined ? 0 : { median: 400, sigma: 0.6 });
  const drawnThinking = asked === 0 ? 0 : whole(draw(asked, () => chance('thinking')));
  const thinkingTokens = Math.min(
    override.thinkingTokens ?? (outputTokens === undefined ? drawnThinking : 0),
    thinkingBudget ?? Number.POSITIVE_INFINITY,
    room,
  );
  const wished =
    outputTokens ??
    override.outputTokens ??
    (json === undefined
      ? whole(draw(profile.output.tokens, () => chance('length')))
      : Math.ceil(json.length / 4));
  const visibleTokens = Math.min(wished, room - thinkingTokens);

  const thinkingChunks = Math.ceil(thinkingTokens / chunkTokens);
  const start = Math.imul(seed + 1, 0x85ebca6b) >>> 1;
  const visible = json === undefined ? answerText : jsonText(json, wished);
  return {
    thinkingTokens,
    visibleTokens,
    chunkTokens,
    thinkingChunks,
    chunks: thinkingChunks + Math.ceil(visibleTokens / chunkTokens),
    reason: visibleTokens < wished ? 'length' : tool ? 'tool' : 'stop',
    plain: json === undefined,
    tool: tool?.name,
    text(from, to) {
      if (to <= thinkingChunks && from < to)
        return thoughtText(
          start + request.index,
          from * chunkTokens,
          Math.min(to * chunkTokens, thinkingTokens),
        );
      const first = (from - thinkingChunks) * chunkTokens;
      const last = Math.min((to - thinkingChunks) * chunkTokens, visibleTokens);
      return visible(start + request.index, first, last);
    },
  };
};
