import { describe, expect, it } from 'vitest';
import { AnswerBuilder } from '../../src/run/answer-builder.ts';

describe('an answer put together', () => {
  it('is the visible text of a stream, and tool calls piece by piece', () => {
    const builder = new AnswerBuilder();
    builder.add({ type: 'headers', status: 200, rateLimit: undefined });
    builder.add({ type: 'delta', channel: 'reasoning', text: 'Hm.' });
    builder.add({ type: 'delta', channel: 'content', text: 'It is ' });
    builder.add({ type: 'delta', channel: 'content', text: 'late.' });
    builder.add({ type: 'delta', channel: 'tool', index: 1, id: 'call_a', name: 'clock', text: '' });
    builder.add({ type: 'delta', channel: 'tool', index: 1, text: '{"zone":' });
    builder.add({ type: 'delta', channel: 'tool', index: 2, id: 'call_b', name: 'alarm', text: '{}' });
    builder.add({ type: 'delta', channel: 'tool', index: 1, text: '"UTC"}' });
    expect(builder.answer()).toEqual({
      text: 'It is late.',
      toolCalls: [
        { id: 'call_a', name: 'clock', arguments: '{"zone":"UTC"}' },
        { id: 'call_b', name: 'alarm', arguments: '{}' },
      ],
    });
  });

  it('is a whole answer as it came', () => {
    const builder = new AnswerBuilder();
    const toolCalls = [{ id: 'call_a', name: 'clock', arguments: '{}' }];
    builder.add({ type: 'answer', text: 'Late.', toolCalls });
    expect(builder.answer()).toEqual({ text: 'Late.', toolCalls });
  });
});
