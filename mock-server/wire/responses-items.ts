/** Kinds of output items that the mock produces. */
export type ItemKind = 'reasoning' | 'message' | 'function_call';

type Place = (index: number) => Readonly<Record<string, unknown>>;

/** One output item of the Responses API: its forms over time, and the names of its events. */
export interface ResponseItem {
  /** As announced, still empty. */
  readonly added: object;
  /** As completed with `text`; `cut` when the token limit ended it. */
  done(text: string, cut: boolean): object;
  readonly deltaEvent: string;
  readonly doneEvent: string;
  /** Name of the field that holds the text in the done event. */
  readonly textKey: string;
  /** Fields that say which text a delta belongs to. */
  readonly place: Place;
  /** The part of the item that holds the text, where it has parts. */
  readonly part?: {
    readonly addedEvent: string;
    readonly doneEvent: string;
    readonly place: Place;
    readonly empty: object;
    full(text: string): object;
  };
}

const reasoning = (id: string): ResponseItem => {
  const itemId = `rs_${id}`;
  const summary = (text: string) => (text === '' ? [] : [{ type: 'summary_text', text }]);
  const place: Place = (index) => ({ item_id: itemId, output_index: index, summary_index: 0 });
  return {
    added: { id: itemId, type: 'reasoning', summary: [] },
    done: (text) => ({ id: itemId, type: 'reasoning', summary: summary(text) }),
    deltaEvent: 'response.reasoning_summary_text.delta',
    doneEvent: 'response.reasoning_summary_text.done',
    textKey: 'text',
    place,
    part: {
      addedEvent: 'response.reasoning_summary_part.added',
      doneEvent: 'response.reasoning_summary_part.done',
      place,
      empty: { type: 'summary_text', text: '' },
      full: (text) => ({ type: 'summary_text', text }),
    },
  };
};

const message = (id: string): ResponseItem => {
  const itemId = `msg_${id}`;
  const part = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] });
  const place: Place = (index) => ({ item_id: itemId, output_index: index, content_index: 0 });
  const fields = { id: itemId, type: 'message', role: 'assistant' };
  return {
    added: { ...fields, status: 'in_progress', content: [] },
    done: (text, cut) => ({ ...fields, status: cut ? 'incomplete' : 'completed', content: [part(text)] }),
    deltaEvent: 'response.output_text.delta',
    doneEvent: 'response.output_text.done',
    textKey: 'text',
    place: (index) => ({ ...place(index), logprobs: [] }),
    part: {
      addedEvent: 'response.content_part.added',
      doneEvent: 'response.content_part.done',
      place,
      empty: part(''),
      full: part,
    },
  };
};

const functionCall = (id: string, name: string): ResponseItem => {
  const fields = { id: `fc_${id}`, type: 'function_call', call_id: `call_${id.slice(0, 24)}`, name };
  return {
    added: { ...fields, status: 'in_progress', arguments: '' },
    done: (text, cut) => ({ ...fields, status: cut ? 'incomplete' : 'completed', arguments: text }),
    deltaEvent: 'response.function_call_arguments.delta',
    doneEvent: 'response.function_call_arguments.done',
    textKey: 'arguments',
    place: (index) => ({ item_id: fields.id, output_index: index }),
  };
};

/** The item of one kind in the answer `id`; `tool` names the function that a call calls. */
export const responseItem = (kind: ItemKind, id: string, tool: string | undefined): ResponseItem => {
  switch (kind) {
    case 'reasoning':
      return reasoning(id);
    case 'message':
      return message(id);
    case 'function_call':
      return functionCall(id, tool ?? '');
    default:
      return kind satisfies never;
  }
};
