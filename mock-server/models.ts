import type { Answer, Circumstances, Dialect } from './wire/wire.ts';

const OPENAI_MODELS = [
  'gpt-5.5',
  'gpt-5.4-mini',
  'gpt-4.1-mini',
  'gpt-4o',
  'gpt-4o-mini',
  'text-embedding-3-small',
];
const ANTHROPIC_MODELS = ['claude-opus-4-7', 'claude-sonnet-4-6', 'claude-haiku-4-5'];

/** A fixed creation date for all models: 2026-01-01. */
const CREATED = 1_767_225_600;

const openaiModel = (id: string) => ({ id, object: 'model', created: CREATED, owned_by: 'mock' });
const anthropicModel = (id: string) => ({
  type: 'model',
  id,
  display_name: id,
  created_at: '2026-01-01T00:00:00Z',
});

/** `GET /v1/models` and `/v1/models/<id>`. Any model can be used; these are merely listed. */
export const modelsAnswer = (model: string | undefined, dialect: Dialect, at: Circumstances): Answer => {
  const anthropic = dialect.name === 'anthropic';
  const known = anthropic ? ANTHROPIC_MODELS : OPENAI_MODELS;
  if (model !== undefined && !known.includes(model))
    return dialect.problem({ kind: 'no-model', detail: model }, at);
  const describe: (id: string) => object = anthropic ? anthropicModel : openaiModel;
  const data = known.map(describe);
  const list = anthropic
    ? { data, has_more: false, first_id: known[0], last_id: known.at(-1) }
    : { object: 'list', data };
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...dialect.headers([], at) },
    body: JSON.stringify(model === undefined ? list : describe(model)),
  };
};
