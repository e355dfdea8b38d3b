import { expect, test } from 'vitest';
import { EXACT, lab } from './lab.ts';

test('Gemini, behind its OpenAI path: no rate headers, RESOURCE_EXHAUSTED, the wait as RetryInfo', async () => {
  const { clock, fetch } = lab({ ...EXACT, rejectLatency: 0, limits: { requestsPerMinute: 10 } });
  const call = (model: string) =>
    fetch('http://mock/v1beta/openai/chat/completions', {
      method: 'POST',
      headers: { authorization: 'Bearer k' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
    });
  const last = await clock.run(async () => {
    const answers = await Promise.all(Array.from({ length: 11 }, () => call('gemini-2.5-flash')));
    expect(answers[0]?.status).toBe(200);
    return answers.at(-1);
  });
  expect(last?.status).toBe(429);
  expect([...(last?.headers.keys() ?? [])]).toEqual(['content-type']);
  expect(await last?.json()).toMatchObject({
    error: {
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
      details: [
        {
          violations: [
            {
              quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests',
              quotaId: 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier',
              quotaDimensions: { location: 'global', model: 'gemini-2.5-flash' },
              quotaValue: '10',
            },
          ],
        },
        { '@type': 'type.googleapis.com/google.rpc.Help' },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '6s' },
      ],
    },
  });
});

test('Azure serves deployments, and the APIs that name no deployment', async () => {
  const { clock, fetch } = lab(EXACT);
  const post = (path: string, body: object) =>
    fetch(`http://mock${path}?api-version=2024-10-21`, {
      method: 'POST',
      headers: { 'api-key': 'k' },
      body: JSON.stringify(body),
    });
  const messages = [{ role: 'user', content: 'hi' }];
  const seen = await clock.run(async () => [
    await post('/openai/deployments/mine/chat/completions', { messages }),
    await post('/openai/responses', { model: 'mine', input: 'hi' }),
    await post('/openai/v1/responses', { model: 'mine', input: 'hi' }),
    await post('/openai/nowhere', {}),
  ]);
  expect(seen.map(({ status }) => status)).toEqual([200, 200, 200, 404]);
  expect(await seen[0]?.json()).toMatchObject({ model: 'mine', object: 'chat.completion' });
  expect(seen.every(({ headers }) => headers.has('apim-request-id') || headers.has('x-request-id'))).toBe(
    true,
  );
});
