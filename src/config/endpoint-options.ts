import { TRANSPORTS, type TransportName } from '../client/transports.ts';
import { headers } from './header-values.ts';
import { maxCost, price } from './money-values.ts';
import { defaulted, describe, onOff, open, repeated, switchedOff } from './option-spec.ts';
import { oneOf, text, url } from './values.ts';

const transportNames = Object.keys(TRANSPORTS) as readonly TransportName[];

/** Which endpoint, how it is spoken to, and what that may cost. */
export const ENDPOINT_OPTIONS = {
  baseUrl: open('--base-url <url>', 'API root of the endpoint, for gateways and self-hosted servers', url),
  model: open('--model <name>', 'model to ask for; needed with a real target', text),
  apiKeyEnv: open(
    '--api-key-env <name>',
    'environment variable that holds the key',
    text,
    'OPENAI_API_KEY or ANTHROPIC_API_KEY',
  ),
  client: defaulted(
    '--client <name>',
    "who speaks to the endpoint: sdk (the provider's own), http (raw, to see what the SDK costs)",
    oneOf(['sdk', 'http']),
    'sdk',
  ),
  transport: defaulted(
    '--transport <name>',
    `how the SDK's requests travel: ${describe(TRANSPORTS)}`,
    oneOf(transportNames),
    'default',
  ),
  header: repeated(
    "--header <'name: value'>",
    'send this header too; may be repeated; env:NAME as value reads an environment variable',
    headers,
  ),
  price: open(
    '--price <in,out[,cached]>',
    'USD per million input, output and cached input tokens',
    price,
    'the price list, by model and address',
  ),
  maxCost: open(
    '--max-cost <usd>',
    'stop before the next attempt could cost more than this in all; off for no cap',
    maxCost,
    '1.00 where a real endpoint is not on this machine, else off',
  ),
  dryRun: onOff('--dry-run', 'print what would be sent and what it could cost, and send nothing'),
  yes: onOff('--yes', 'do not ask before spending money'),
  preflight: switchedOff(
    '--no-preflight',
    'leave out the one cheap call before a run against a real endpoint, by which what is wrong shows at once',
  ),
} as const;
