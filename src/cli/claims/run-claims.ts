import { type ClaimResult, judgeClaim } from '../../analyze/claims.ts';
import { advice } from './advice.ts';
import type { ClaimLab, TestedClaim } from './claim.ts';
import { guide0 } from './guide-0.ts';
import { guide1 } from './guide-1.ts';
import { guide2, guide3 } from './guide-2-3.ts';

/** Every figure that the guides name, in their order. */
export const CLAIMS: readonly TestedClaim[] = [...guide0, ...guide1, ...advice, ...guide2, ...guide3];

/** Puts claims to the test, one after another. */
export const runClaims = async (
  claims: readonly TestedClaim[],
  lab: ClaimLab,
  onResult: (result: ClaimResult) => void = () => {},
): Promise<readonly ClaimResult[]> => {
  const results: ClaimResult[] = [];
  for (const { measure, ...claim } of claims) {
    const result = judgeClaim(claim, await measure(lab));
    results.push(result);
    onResult(result);
  }
  return results;
};
