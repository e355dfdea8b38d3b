import type { ToolWish } from '../engine/request.ts';
import { EFFORT } from './openai-chat.ts';
import { fieldsOf, missingField, numberIn, objectIn, objectsIn, textIn, wrongField } from './parameters.ts';
import { promptTokens } from './prompt.ts';
import { responsesEncoder, wantsSummary } from './responses-encoder.ts';
import { sampleJson } from './sample.ts';
import type { Endpoint, JsonObject } from './wire.ts';

const FIELDS = fieldsOf(
  'access_programs background context_management conversation image include input instructions max_output_tokens max_tool_calls metadata model moderation parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream stream_options temperature text tool_choice tools top_logprobs top_p truncation user',
  { model: 'string', input: 'prompt', stream: 'boolean', max_output_tokens: 'count' },
);

const toolWish = (body: JsonObject): ToolWish | undefined => {
  const wanted = textIn(objectIn(body, 'tool_choice'), 'name');
  const tools = objectsIn(body, 'tools').filter((tool) => tool['type'] === 'function');
  const tool = tools.find((each) => wanted === '' || each['name'] === wanted);
  if (!tool || body['tool_choice'] === 'none') return undefined;
  return {
    name: textIn(tool, 'name'),
    argumentsJson: sampleJson(tool['parameters']),
    required: body['tool_choice'] === 'required' || wanted !== '',
  };
};

const structured = (body: JsonObject): string | undefined => {
  const format = objectIn(objectIn(body, 'text'), 'format');
  if (format['type'] === 'json_schema') return sampleJson(format['schema']);
  return format['type'] === 'json_object' ? '{"answer":"sample"}' : undefined;
};

/** `POST /v1/responses`. Reasoning appears as a summary if the request asks for one, else it only takes its time. */
export const openaiResponses: Endpoint = {
  name: 'responses',
  parse(body) {
    const problem = missingField(body, ['model', 'input']) ?? wrongField(body, FIELDS);
    if (problem) return problem;
    const model = textIn(body, 'model');
    const inputTokens = promptTokens([body['instructions'], body['input']], body['tools']);
    const effort = textIn(objectIn(body, 'reasoning'), 'effort');
    return {
      reading: {
        model,
        stream: body['stream'] === true,
        inputTokens,
        maxTokens: numberIn(body, 'max_output_tokens'),
        thinkingBudget: effort === '' || effort === 'none' ? undefined : EFFORT[effort],
        thinkingShown: wantsSummary(body),
        tool: toolWish(body),
        json: structured(body),
      },
      encoder: (identity) => responsesEncoder(body, model, inputTokens, identity),
    };
  },
};
