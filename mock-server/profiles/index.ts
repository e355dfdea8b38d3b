import { UsageError } from '../../src/core/errors.ts';
import { nameHint } from '../../src/core/nearest.ts';
import { type Profile, parseProfile } from '../engine/profile.ts';
import { isRecord, merged } from '../plain-values.ts';
import type { NamedProfile } from './named-profile.ts';
import { presets } from './presets.ts';
import { selfHosted } from './self-hosted.ts';
import { serverModels } from './server-models.ts';
import { synthetic } from './synthetic.ts';
import { tiers } from './tiers.ts';

/** Every built-in profile by name. */
export const PROFILES: ReadonlyMap<string, NamedProfile> = new Map(
  [...synthetic, ...presets, ...tiers, ...selfHosted, ...serverModels].map((profile) => [
    profile.name,
    profile,
  ]),
);

/** The built-in profile as written; the error names the nearest names. */
export const namedProfileInput = (name: string): NamedProfile => {
  const found = PROFILES.get(name);
  if (found) return found;
  const hint = `${nameHint(name, [...PROFILES.keys()])} Or the path of a YAML, JSON or TypeScript file.`;
  throw new UsageError(`unknown profile "${name}"`, hint);
};

/** A profile as written; `extends: <name>` builds on a built-in one, whose records it is merged into. */
export const profileInput = (own: unknown): unknown => {
  if (!isRecord(own) || typeof own['extends'] !== 'string') return own;
  const { extends: parent, ...changes } = own;
  return merged(namedProfileInput(String(parent)), changes);
};

/** The built-in profile, ready to run. */
export const namedProfile = (name: string): Profile => parseProfile(namedProfileInput(name), name);
