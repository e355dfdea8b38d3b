import { formatNumber } from '../../core/units.ts';
import type { PlanSettings } from '../../plan/report.ts';

/** Code to start from, with the plan's numbers in it: complete programs that need nothing but the official SDK and one limiter. */
export const snippets = (
  settings: PlanSettings,
): readonly { readonly language: string; readonly text: string }[] => [
  { language: 'typescript', text: typescript(settings) },
  { language: 'python', text: python(settings) },
  { language: 'sh', text: shell(settings) },
];

const typescript = ({
  concurrency,
  requestsPerSecond,
  burst,
  timeoutMs,
  maxRetries,
}: PlanSettings): string => `\
import OpenAI from 'openai';
import pLimit from 'p-limit';

const client = new OpenAI({ timeout: ${timeoutMs}, maxRetries: 0 });
const slots = pLimit(${concurrency});
${
  requestsPerSecond === null
    ? ''
    : `
// Token bucket: ${formatNumber(requestsPerSecond)} requests a second, ${burst} at once.
let tokens = ${burst};
let filledAt = Date.now();
const pace = async () => {
  for (;;) {
    const now = Date.now();
    tokens = Math.min(${burst}, tokens + ((now - filledAt) / 1000) * ${requestsPerSecond.toFixed(3)});
    filledAt = now;
    if (tokens >= 1) return void tokens--;
    await new Promise((done) => setTimeout(done, ((1 - tokens) / ${requestsPerSecond.toFixed(3)}) * 1000));
  }
};
`
}
let closedUntil = 0; // one gate for all: after a 429 nobody starts before the server's Retry-After
export const call = (body: OpenAI.ChatCompletionCreateParamsNonStreaming) =>
  slots(async () => {
    for (let attempt = 0; ; attempt++) {
      while (Date.now() < closedUntil) {
        const spread = Math.random() * 500;
        await new Promise((done) => setTimeout(done, closedUntil - Date.now() + spread));
      }
${requestsPerSecond === null ? '' : '      await pace();\n'}\
      try {
        return await client.chat.completions.create(body);
      } catch (error) {
        const failed = error instanceof OpenAI.APIError ? error : undefined;
        const status = failed?.status;
        const again = status === undefined || status === 429 || status >= 500;
        if (!again || attempt >= ${maxRetries}) throw error;
        const seconds = Number(failed?.headers?.get('retry-after') ?? 2 ** attempt);
        closedUntil = Math.max(closedUntil, Date.now() + Math.ceil(seconds) * 1000);
      }
    }
  });
`;

const python = ({ concurrency, requestsPerSecond, burst, timeoutMs, maxRetries }: PlanSettings): string => `\
import asyncio, math, random, time
import openai

client = openai.AsyncOpenAI(timeout=${timeoutMs / 1000}, max_retries=0)
slots = asyncio.Semaphore(${concurrency})
closed_until = 0.0  # one gate for all: after a 429 nobody starts before the server's Retry-After
${
  requestsPerSecond === null
    ? ''
    : `tokens, filled_at = ${burst}.0, time.monotonic()

async def pace():  # token bucket: ${formatNumber(requestsPerSecond)} requests a second, ${burst} at once
    global tokens, filled_at
    while True:
        now = time.monotonic()
        tokens = min(${burst}.0, tokens + (now - filled_at) * ${requestsPerSecond.toFixed(3)})
        filled_at = now
        if tokens >= 1:
            tokens -= 1
            return
        await asyncio.sleep((1 - tokens) / ${requestsPerSecond.toFixed(3)})
`
}
async def call(**body):
    global closed_until
    async with slots:
        for attempt in range(${maxRetries + 1}):
            while (wait := closed_until - time.monotonic()) > 0:
                await asyncio.sleep(wait + random.random() * 0.5)
${requestsPerSecond === null ? '' : '            await pace()\n'}\
            try:
                return await client.chat.completions.create(**body)
            except openai.APIStatusError as error:
                if attempt == ${maxRetries} or not (error.status_code == 429 or error.status_code >= 500):
                    raise
                seconds = float(error.response.headers.get("retry-after", 2**attempt))
                closed_until = max(closed_until, time.monotonic() + math.ceil(seconds))
            except openai.APIConnectionError:
                if attempt == ${maxRetries}:
                    raise
                await asyncio.sleep(2**attempt * random.random())
`;

const shell = ({ concurrency, requestsPerSecond, burst }: PlanSettings): string =>
  `bench sweep --policy recommended --levels ${concurrency}${
    requestsPerSecond === null ? '' : ` --rate ${formatNumber(requestsPerSecond)}/s --burst ${burst}`
  }`;
