import { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import { nameHint } from '../core/nearest.ts';
import { PROVIDER_TIERS } from '../core/provider-tiers.ts';
import { parseCount } from '../core/quantity.ts';
import type { Tier } from '../plan/inputs.ts';
import { readJsonFile, readYamlFile } from './source-file.ts';

/** Seconds' worth of a provider's limit that may be used at once, where nobody has measured it. */
const BURST_SECONDS = { openai: 60, anthropic: 10, azure: 10 } as const;

/** The tiers that ship, with what is assumed of how each provider counts. */
export const SHIPPED_TIERS: readonly Tier[] = PROVIDER_TIERS.map(
  ({ name, provider, source, date, ...limits }) => ({
    name,
    provider,
    source,
    date,
    limits: {
      ...limits,
      burstSeconds: BURST_SECONDS[provider],
      ...(provider === 'anthropic' ? {} : { countsCached: true, reservesMaxTokens: true }),
    },
  }),
);

/** A unit that the key states already. */
const PERIOD = /\s*(?:\/|per)\s*(min(?:ute)?|day)$/;

const amount = z.union([z.number().positive(), z.string()]).transform((value, context) => {
  const parsed =
    typeof value === 'number' ? value : parseCount(value.replace(PERIOD, ''), '(?:token|request)');
  if (parsed !== undefined && parsed > 0) return parsed;
  context.addIssue({ code: 'custom', message: `"${value}" is no amount, for example 30000 or 30k` });
  return z.NEVER;
});

const tierSchema = z.strictObject({
  name: z.string().min(1),
  provider: z.string().min(1).default('yours'),
  requestsPerMinute: amount.optional(),
  inputTokensPerMinute: amount.optional(),
  outputTokensPerMinute: amount.optional(),
  tokensPerMinute: amount.optional(),
  requestsPerDay: amount.optional(),
  burstSeconds: z.number().min(0).max(3600).optional(),
  reservesMaxTokens: z.boolean().optional(),
  countsCached: z.boolean().optional(),
  source: z.string().optional(),
  date: z.string().default('no date given'),
});

const fileSchema = z.strictObject(
  {
    tiers: z
      .array(tierSchema, { error: 'a list of tiers is missing' })
      .min(1, { error: 'the list is empty' }),
  },
  { error: (issue) => (issue.code === 'unrecognized_keys' ? undefined : 'it holds no list of tiers') },
);

/** Reads a file of tiers: `{ tiers: [{ name, requestsPerMinute, … }] }`. Throws `UsageError` with file and line. */
const readTiers = async (path: string): Promise<readonly Tier[]> => {
  const file = await (path.endsWith('.json') ? readJsonFile : readYamlFile)(path, '--tiers');
  const parsed = fileSchema.safeParse(file.value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const keys = (issue?.path ?? []) as (string | number)[];
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const place = file.place(unknown === undefined ? keys : [...keys, unknown]);
    throw new UsageError(
      unknown === undefined
        ? `${place}: ${keys.at(-1) ?? 'the file'}: ${issue?.message}`
        : `${place}: a tier has no "${unknown}"`,
      unknown === undefined
        ? 'For example tiers: [{ name: mine, requestsPerMinute: 1000, outputTokensPerMinute: 90k }].'
        : nameHint(unknown, Object.keys(tierSchema.shape)),
    );
  }
  const names = parsed.data.tiers.map(({ name }) => name);
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twice >= 0) {
    throw new UsageError(
      `${file.place(['tiers', twice, 'name'])}: there are two tiers called "${names[twice]}"`,
      'Give each its own name.',
    );
  }
  return parsed.data.tiers.map(({ name, provider, source, date, ...limits }) => ({
    name,
    provider,
    source: source ?? path,
    date,
    limits: Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)),
  }));
};

/** The tiers to consider: of the user's file or those that ship, all or those named. */
export const findTiers = async (
  file: string | undefined,
  names: string | undefined,
): Promise<readonly Tier[]> => {
  const known = file === undefined ? SHIPPED_TIERS : await readTiers(file);
  if (names === undefined || names === 'all') return known;
  const wanted = names.split(',').map((name) => name.trim());
  for (const name of wanted) {
    if (known.some((tier) => tier.name === name || tier.provider === name)) continue;
    throw new UsageError(
      `--tier: there is no "${name}"`,
      nameHint(name, [...new Set(known.flatMap((tier) => [tier.provider, tier.name]))]),
    );
  }
  return known.filter((tier) => wanted.includes(tier.name) || wanted.includes(tier.provider));
};
