import { formatNumber } from '../../core/units.ts';
import type { PlanSettings } from '../../plan/report.ts';

/** A piece of code and what it is written in. */
export interface Snippet {
  readonly language: string;
  readonly text: string;
}

/** What the SDKs call the same things. */
const SDKS = {
  openai: {
    typescript: {
      import: "import OpenAI from 'openai';",
      name: 'OpenAI',
      body: 'OpenAI.ChatCompletionCreateParamsNonStreaming',
      create: 'chat.completions.create',
    },
    python: { name: 'openai', client: 'AsyncOpenAI', create: 'chat.completions.create' },
  },
  anthropic: {
    typescript: {
      import: "import Anthropic from '@anthropic-ai/sdk';",
      name: 'Anthropic',
      body: 'Anthropic.MessageCreateParamsNonStreaming',
      create: 'messages.create',
    },
    python: { name: 'anthropic', client: 'AsyncAnthropic', create: 'messages.create' },
  },
} as const;

/** Numbers of one worker, and the SDK of its provider. */
interface Worker extends Pick<PlanSettings, 'timeoutMs' | 'maxRetries' | 'workers'> {
  readonly sdk: keyof typeof SDKS;
  readonly concurrency: number;
  readonly pace: { readonly perSecond: string; readonly burst: number } | null;
}

/** Code to start from, with the plan's numbers in it: programs that need nothing but the official SDK and one limiter. */
export const snippets = (settings: PlanSettings): readonly Snippet[] => {
  const { workers, requestsPerSecond, burst } = settings;
  const worker: Worker = {
    ...settings,
    sdk: settings.provider === 'anthropic' ? 'anthropic' : 'openai',
    // Several workers share what one key may do.
    concurrency: Math.ceil(settings.concurrency / workers),
    pace:
      requestsPerSecond === null
        ? null
        : {
            perSecond: Number((requestsPerSecond / workers).toPrecision(4)).toString(),
            burst: Math.max(1, Math.floor((burst ?? 1) / workers)),
          },
  };
  return [
    { language: 'typescript', text: typescript(worker) },
    { language: 'python', text: python(worker) },
    { language: 'sh', text: shell(settings) },
  ];
};

/** What stands above the numbers where they are of one worker among several. */
const share = (workers: number, sign: string): string =>
  workers === 1 ? '' : `${sign} The share of one of ${workers} workers.\n`;

const typescript = ({ sdk, concurrency, pace, timeoutMs, maxRetries, workers }: Worker): string => {
  const { import: line, name, body, create } = SDKS[sdk].typescript;
  return `\
${line}
import pLimit from 'p-limit';

${share(workers, '//')}const client = new ${name}({ timeout: ${timeoutMs}, maxRetries: 0 });
const slots = pLimit(${concurrency});
const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
${
  pace === null
    ? ''
    : `
// Token bucket: ${formatNumber(Number(pace.perSecond))} requests a second, ${pace.burst} at once.
let tokens = ${pace.burst};
let filledAt = Date.now();
const pace = async () => {
  for (;;) {
    const now = Date.now();
    tokens = Math.min(${pace.burst}, tokens + ((now - filledAt) / 1000) * ${pace.perSecond});
    filledAt = now;
    if (tokens >= 1) return void tokens--;
    await sleep(((1 - tokens) / ${pace.perSecond}) * 1000);
  }
};
`
}
let closedUntil = 0; // one gate for all: after a 429 nobody starts before the server's Retry-After
export const call = (body: ${body}) =>
  slots(async () => {
    for (let attempt = 0; ; attempt++) {
      for (let wait = closedUntil - Date.now(); wait > 0; wait = closedUntil - Date.now())
        await sleep(wait + Math.random() * 500);
${pace === null ? '' : '      await pace();\n'}\
      try {
        return await client.${create}(body);
      } catch (error) {
        const failed = error instanceof ${name}.APIError ? error : undefined;
        const status = failed?.status;
        const again = failed !== undefined && (status === undefined || status === 429 || status >= 500);
        if (!again || attempt >= ${maxRetries}) throw error;
        const told = Number(failed.headers?.get('retry-after') ?? Number.NaN);
        const seconds = told >= 0 ? told : 2 ** attempt;
        if (status === 429) closedUntil = Math.max(closedUntil, Date.now() + Math.ceil(seconds) * 1000);
        else await sleep(seconds * 1000 * (0.5 + Math.random() / 2));
      }
    }
  });

// const answers = await Promise.allSettled(bodies.map(call));
`;
};

const python = ({ sdk, concurrency, pace, timeoutMs, maxRetries, workers }: Worker): string => {
  const { name, client, create } = SDKS[sdk].python;
  return `\
import asyncio, math, random, time
import ${name}

${share(workers, '#')}client = ${name}.${client}(timeout=${timeoutMs / 1000}, max_retries=0)
slots = asyncio.Semaphore(${concurrency})
closed_until = 0.0  # one gate for all: after a 429 nobody starts before the server's Retry-After
${
  pace === null
    ? ''
    : `tokens, filled_at = ${pace.burst}.0, time.monotonic()


async def pace():  # token bucket: ${formatNumber(Number(pace.perSecond))} requests a second, ${pace.burst} at once
    global tokens, filled_at
    while True:
        now = time.monotonic()
        tokens = min(${pace.burst}.0, tokens + (now - filled_at) * ${pace.perSecond})
        filled_at = now
        if tokens >= 1:
            tokens -= 1
            return
        await asyncio.sleep((1 - tokens) / ${pace.perSecond})
`
}

def seconds_told(error, attempt):
    try:
        return max(0.0, float(error.response.headers["retry-after"]))
    except (AttributeError, KeyError, ValueError):
        return 2.0**attempt


async def call(**body):
    global closed_until
    async with slots:
        for attempt in range(${maxRetries + 1}):
            while (wait := closed_until - time.monotonic()) > 0:
                await asyncio.sleep(wait + random.random() * 0.5)
${pace === null ? '' : '            await pace()\n'}\
            try:
                return await client.${create}(**body)
            except (${name}.APIStatusError, ${name}.APIConnectionError) as error:
                status = getattr(error, "status_code", None)
                if attempt == ${maxRetries} or not (status is None or status == 429 or status >= 500):
                    raise
                seconds = seconds_told(error, attempt)
                if status == 429:
                    closed_until = max(closed_until, time.monotonic() + math.ceil(seconds))
                else:
                    await asyncio.sleep(seconds * (0.5 + random.random() / 2))


# answers = await asyncio.gather(*(call(**body) for body in bodies), return_exceptions=True)
`;
};

/** The same numbers on the mock: the policy keeps to 95 % of the limit by itself, so the limit is what it is told. */
const shell = ({ concurrency, requestsPerSecond, limitPerSecond, burst }: PlanSettings): string =>
  `bench sweep --policy recommended --levels ${concurrency}${
    requestsPerSecond === null || limitPerSecond === null
      ? ''
      : ` --limit ${Number(limitPerSecond.toPrecision(4))}/s --burst ${burst ?? 1}`
  }`;
