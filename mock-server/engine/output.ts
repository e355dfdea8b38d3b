import type { Rng } from '../../src/core/rng.ts';
import { draw } from './distribution.ts';
import type { Profile } from './profile.ts';
import type { EngineRequest } from './request.ts';
import { jsonPiece, thoughtAt, wordAt } from './prose.ts';

/** A tool the answer may or must call, with arguments that fit its schema. */
export interface ToolWish {
  readonly name: string;
  readonly argumentsJson: string;
  /** The request leaves no choice. */
  readonly required: boolean;
}

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
  /** Name of the tool that the visible part calls. */
  readonly tool: string | undefined;
  /** Text of one chunk. */
  text(chunk: number): string;
}

/** Tokens that the first `chunks` chunks carry. */
export const tokensUntil = (output: Output, chunks: number): number => {
  const { thinkingChunks, thinkingTokens, visibleTokens, chunkTokens } = output;
  if (chunks <= thinkingChunks) return Math.min(chunks * chunkTokens, thinkingTokens);
  return thinkingTokens + Math.min((chunks - thinkingChunks) * chunkTokens, visibleTokens);
};

/** The text of chunks `from` (included) to `to` (excluded). */
export const textOf = (output: Output, from: number, to: number): string => {
  let text = '';
  for (let chunk = from; chunk < to; chunk++) text += output.text(chunk);
  return text;
};

/** The whole visible part. */
export const visibleText = (output: Output): string => textOf(output, output.thinkingChunks, output.chunks);

/** The whole reasoning. */
export const thinkingText = (output: Output): string => textOf(output, 0, output.thinkingChunks);

const wants = (tool: ToolWish | undefined, profile: Profile, request: EngineRequest, chance: Rng) => {
  if (!tool) return undefined;
  if (tool.required || request.override.toolCall === true) return tool;
  const { toolCallShare } = profile.output;
  return request.override.toolCall !== false && toolCallShare > 0 && chance.next() < toolCallShare
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
): Output => {
  const { override, maxTokens } = request;
  const room = maxTokens ?? Number.POSITIVE_INFINITY;
  const tool = wants(request.tool, profile, request, chance('tool'));
  const json = tool?.argumentsJson ?? request.json;

  const asked =
    profile.output.thinking ?? (request.thinkingBudget === undefined ? 0 : { median: 400, sigma: 0.6 });
  const drawnThinking = asked === 0 ? 0 : whole(draw(asked, chance('thinking')));
  const thinkingTokens = Math.min(
    override.thinkingTokens ?? (request.outputTokens === undefined ? drawnThinking : 0),
    request.thinkingBudget ?? Number.POSITIVE_INFINITY,
    room,
  );
  const wished =
    request.outputTokens ??
    override.outputTokens ??
    (json === undefined ? whole(draw(profile.output.tokens, chance('length'))) : Math.ceil(json.length / 4));
  const visibleTokens = Math.min(wished, room - thinkingTokens);

  const thinkingChunks = Math.ceil(thinkingTokens / chunkTokens);
  const start = Math.floor(chance('text').next() * 2 ** 30);
  const piece = json === undefined ? wordAt : jsonPiece(json, wished);
  return {
    thinkingTokens,
    visibleTokens,
    chunkTokens,
    thinkingChunks,
    chunks: thinkingChunks + Math.ceil(visibleTokens / chunkTokens),
    reason: visibleTokens < wished ? 'length' : tool ? 'tool' : 'stop',
    tool: tool?.name,
    text(chunk) {
      const thinking = chunk < thinkingChunks;
      const first = (thinking ? chunk : chunk - thinkingChunks) * chunkTokens;
      const last = Math.min(first + chunkTokens, thinking ? thinkingTokens : visibleTokens);
      let text = '';
      for (let token = first; token < last; token++) text += (thinking ? thoughtAt : piece)(start, token);
      return text;
    },
  };
};
