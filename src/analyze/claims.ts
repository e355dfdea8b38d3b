/** A figure, or the range in which it should lie. */
export type Figure = number | { readonly min: number; readonly max: number };

/** What a guide says. */
export interface Claim {
  readonly guide: 'G0' | 'G1' | 'G2' | 'G3';
  /** What is claimed, in a few words. */
  readonly about: string;
  readonly claimed: Figure;
  readonly unit: 'ms' | 'times' | 'calls' | 'share';
  /** What the mock was set to, where the guide leaves it open or its figures imply it. */
  readonly given: string;
  /** The guide states both the premise and the claim: if they do not agree, it contradicts itself. */
  readonly ownPremise?: true;
}

/** How a claim fared. */
export interface ClaimResult extends Claim {
  readonly measured: number;
  readonly verdict: 'reproduced' | 'off' | 'self-contradicting';
  /** Measured ÷ the nearest claimed figure − 1; `null` where that is zero. */
  readonly offBy: number | null;
}

/** Guides round: a figure within this share is the same figure. */
const TOLERANCE = 0.05;

const nearestOf = (claimed: Figure, measured: number): number =>
  typeof claimed === 'number' ? claimed : Math.min(Math.max(measured, claimed.min), claimed.max);

/** Holds a measurement against a claim. */
export const judgeClaim = (claim: Claim, measured: number): ClaimResult => {
  const nearest = nearestOf(claim.claimed, measured);
  const holds = Math.abs(measured - nearest) <= TOLERANCE * Math.abs(nearest);
  return {
    ...claim,
    measured,
    verdict: holds ? 'reproduced' : claim.ownPremise ? 'self-contradicting' : 'off',
    offBy: nearest === 0 ? null : measured / nearest - 1,
  };
};
