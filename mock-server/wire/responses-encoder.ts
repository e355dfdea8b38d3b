import type { Opening } from '../engine/listener.ts';
import { type Output, textOf, thinkingText, visibleText } from '../engine/output.ts';
import { type ItemKind, responseItem } from './responses-items.ts';
import { eventFrame, flat, quoted } from './sse.ts';
import type { Encoder, Identity, JsonObject } from './wire.ts';

const responseUsage = ({ output, cachedTokens }: Opening, inputTokens: number) => {
  const generated = output.thinkingTokens + output.visibleTokens;
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedTokens, cache_write_tokens: 0 },
    output_tokens: generated,
    output_tokens_details: { reasoning_tokens: output.thinkingTokens },
    total_tokens: inputTokens + generated,
  };
};

/** The settings of a request that its response repeats. */
const echoed = (body: JsonObject) => ({
  instructions: body['instructions'] ?? null,
  max_output_tokens: body['max_output_tokens'] ?? null,
  metadata: body['metadata'] ?? {},
  parallel_tool_calls: body['parallel_tool_calls'] ?? true,
  previous_response_id: body['previous_response_id'] ?? null,
  reasoning: body['reasoning'] ?? { effort: null, summary: null },
  service_tier: 'default',
  store: body['store'] ?? true,
  temperature: body['temperature'] ?? 1,
  text: body['text'] ?? { format: { type: 'text' } },
  tool_choice: body['tool_choice'] ?? 'auto',
  tools: body['tools'] ?? [],
  top_p: body['top_p'] ?? 1,
  truncation: body['truncation'] ?? 'disabled',
  user: body['user'] ?? null,
});

const visibleKind = (output: Output): ItemKind => (output.tool === undefined ? 'message' : 'function_call');

/** Encodes answers of the Responses API. */
export const responsesEncoder = (
  body: JsonObject,
  model: string,
  inputTokens: number,
  { id, created }: Identity,
): Encoder => {
  let opening: Opening | undefined;
  let sequence = 0;
  /** Index of the open item, or of the last one. */
  let index = -1;
  let open: ItemKind | undefined;
  /** First chunk of the open item. */
  let first = 0;
  /** What every delta of the open item starts with. */
  let beforeDelta = '';
  const finished: unknown[] = [];

  const event = (type: string, fields: object): string =>
    eventFrame(type, JSON.stringify({ type, ...fields, sequence_number: sequence++ }));
  const response = (status: string, output: readonly unknown[], rest: object) => ({
    id: `resp_${id}`,
    object: 'response',
    created_at: created,
    status,
    background: false,
    error: null,
    incomplete_details: null,
    model,
    output,
    usage: null,
    ...echoed(body),
    ...rest,
  });
  const outcome = (whole: Opening, items: readonly unknown[]) => {
    const cut = whole.output.reason === 'length';
    return response(cut ? 'incomplete' : 'completed', items, {
      usage: responseUsage(whole, inputTokens),
      incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
    });
  };
  const item = (kind: ItemKind, output: Output) => responseItem(kind, id, output.tool);

  const start = (kind: ItemKind, chunk: number, output: Output): string => {
    open = kind;
    first = chunk;
    index++;
    const { added, part, deltaEvent, place } = item(kind, output);
    const fields = JSON.stringify({ type: deltaEvent, ...place(index) }).slice(0, -1);
    beforeDelta = flat(`event: ${deltaEvent}\ndata: ${fields},"delta":`);
    const frames = event('response.output_item.added', { output_index: index, item: added });
    return part ? frames + event(part.addedEvent, { ...part.place(index), part: part.empty }) : frames;
  };
  const stop = (chunk: number, output: Output): string => {
    if (!open) return '';
    const { done, part, doneEvent, textKey, place } = item(open, output);
    const text = textOf(output, first, chunk);
    const whole = done(text, chunk === output.chunks && output.reason === 'length');
    finished.push(whole);
    open = undefined;
    let frames = event(doneEvent, { ...place(index), [textKey]: text });
    if (part) frames += event(part.doneEvent, { ...part.place(index), part: part.full(text) });
    return frames + event('response.output_item.done', { output_index: index, item: whole });
  };

  return {
    // A whole answer repeats fields of its request.
    ascii: ({ output }, part) => part === 'chunks' && output.plain,
    whole(whole) {
      const { output } = whole;
      const items: unknown[] = [];
      if (output.thinkingChunks > 0)
        items.push(item('reasoning', output).done(wantsSummary(body) ? thinkingText(output) : '', false));
      if (output.visibleTokens > 0)
        items.push(item(visibleKind(output), output).done(visibleText(output), output.reason === 'length'));
      return JSON.stringify(outcome(whole, items));
    },
    open(opened) {
      opening = opened;
      const initial = { response: response('in_progress', [], {}) };
      return event('response.created', initial) + event('response.in_progress', initial);
    },
    chunks(from, to) {
      if (!opening) return '';
      const { output } = opening;
      let frames = '';
      for (let chunk = from; chunk < to; chunk++) {
        const kind = chunk < output.thinkingChunks ? 'reasoning' : visibleKind(output);
        if (kind !== open) frames += stop(chunk, output) + start(kind, chunk, output);
        frames += `${beforeDelta}${quoted(output.text(chunk, chunk + 1), output.plain)},"sequence_number":${sequence++}}\n\n`;
      }
      return frames;
    },
    close: () => (opening ? stop(opening.output.chunks, opening.output) : ''),
    terminator() {
      if (!opening) return '';
      const cut = opening.output.reason === 'length';
      return event(cut ? 'response.incomplete' : 'response.completed', {
        response: outcome(opening, finished),
      });
    },
    failure: () =>
      event('error', {
        code: 'server_error',
        message: 'The server had an error while processing your request.',
        param: null,
      }),
  };
};

/** Whether a request asks for its reasoning to be shown. */
export const wantsSummary = (body: JsonObject): boolean => {
  const { reasoning } = body;
  if (typeof reasoning !== 'object' || reasoning === null) return false;
  const summary = (reasoning as JsonObject)['summary'] ?? (reasoning as JsonObject)['generate_summary'];
  return typeof summary === 'string' && summary !== 'none';
};
