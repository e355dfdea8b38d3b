import { UsageError } from '../core/errors.ts';
import { nameHint } from '../core/nearest.ts';
import { POLICIES, POLICY_SETS } from '../run/policies.ts';
import { levels } from './level-values.ts';
import { defaulted, type OptionsOf, onOff, open } from './option-spec.ts';
import { SWEEP_OPTIONS } from './options.ts';
import { type Read, whole } from './values.ts';

const policies: Read<readonly string[]> = (text, name) => {
  const known = POLICY_SETS[text];
  if (known) return known;
  const names = text.split(',').map((part) => part.trim());
  for (const each of names) {
    if (!POLICIES.has(each))
      throw new UsageError(
        `${name}: there is no policy "${each}"`,
        nameHint(each, [...Object.keys(POLICY_SETS), ...POLICIES.keys()]),
      );
  }
  return [...new Set(names)];
};

const oneLevel: Read<number> = (text, name) => {
  const [level = 0, ...more] = levels(text, name);
  if (more.length > 0)
    throw new UsageError(
      `${name} takes one level`,
      'To compare levels of one policy: bench sweep --policy …',
    );
  return level;
};

const { requests, scenario, profile, price, timeout, speed, simulate, hop, seed, out, quiet } = SWEEP_OPTIONS;

/** The table of `bench policies`' options; those it shares with `bench sweep` are the same rows. */
export const POLICIES_OPTIONS = {
  set: defaulted(
    '--set <names>',
    `which to compare: ${Object.keys(POLICY_SETS).join(', ')}, or names with commas between them`,
    policies,
    POLICY_SETS['default'] ?? [],
    'default',
  ),
  level: defaulted('--level <n>', 'calls at once, for all of them', oneLevel, 50),
  requests,
  scenario,
  profile,
  price,
  maxRetries: open('--max-retries <n>', 'retries per request', whole(0, '2'), "50, or the policy's own"),
  timeout,
  speed,
  simulate,
  hop,
  seed,
  out,
  json: onOff('--json', 'print the comparison as JSON'),
  list: onOff('--list', 'only list the policies and what they are made of'),
  quiet,
} as const;

/** Values of these rows. */
export type PoliciesOptions = OptionsOf<typeof POLICIES_OPTIONS>;
