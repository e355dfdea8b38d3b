import type { ProfileInput } from '../engine/profile.ts';

/** A built-in profile: every figure has a source and a date. */
export interface NamedProfile extends ProfileInput {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly date: string;
}
