import { beforeAll, describe, expect, it } from 'vitest';
import { type ClaimResult, judgeClaim } from '../../src/analyze/claims.ts';
import { claimLab } from '../../src/cli/claims/claim-lab.ts';
import { CLAIMS, runClaims } from '../../src/cli/claims/run-claims.ts';
import { claimsMarkdown, claimsText } from '../../src/report/claims.ts';

const about = { guide: 'G0', about: 'x', unit: 'ms', given: 'y' } as const;
const lab = () => claimLab({ seed: 1, speed: undefined, signal: new AbortController().signal });

describe('a claim', () => {
  it('is reproduced within five percent, or within the range it names', () => {
    expect(judgeClaim({ ...about, claimed: 100 }, 104)).toMatchObject({ verdict: 'reproduced' });
    expect(judgeClaim({ ...about, claimed: { min: 10, max: 20 } }, 15)).toMatchObject({
      verdict: 'reproduced',
      offBy: 0,
    });
    expect(judgeClaim({ ...about, claimed: 0 }, 0)).toMatchObject({ verdict: 'reproduced', offBy: null });
  });

  it('is off by its distance to the nearest claimed figure', () => {
    expect(judgeClaim({ ...about, claimed: 100 }, 140)).toMatchObject({
      verdict: 'off',
      offBy: 0.3999999999999999,
    });
    expect(judgeClaim({ ...about, claimed: { min: 10, max: 20 } }, 30)).toMatchObject({
      verdict: 'off',
      offBy: 0.5,
    });
    expect(judgeClaim({ ...about, claimed: 0 }, 3)).toMatchObject({ verdict: 'off', offBy: null });
    expect(judgeClaim({ ...about, claimed: 5 }, Number.NaN)).toMatchObject({ verdict: 'off' });
  });

  it('contradicts itself where the guide states the premise too', () => {
    expect(judgeClaim({ ...about, claimed: 100, ownPremise: true }, 10)).toMatchObject({
      verdict: 'self-contradicting',
      offBy: -0.9,
    });
  });
});

describe('the guides', () => {
  let results: readonly ClaimResult[] = [];
  beforeAll(async () => {
    results = await runClaims(CLAIMS, lab());
  }, 60_000);

  it('are reproduced where they can be, and told where not', async () => {
    const verdicts = results.map(({ guide, about: claim, verdict }) => `${verdict}: ${guide} ${claim}`);
    expect(verdicts.filter((text) => !text.startsWith('reproduced'))).toMatchInlineSnapshot(`
      [
        "self-contradicting: G0 footnote "500 ms per request": 100 requests one by one, by the same table",
        "off: G0 token bucket of 10 requests/s: most that start within a second, from the first on",
        "off: G1 motivation: 3 h become 15 min",
        "off: G1 benchmark: 500 classifications, 30 at once",
        "off: G1 advice for < 100 tokens: at once",
        "off: G1 advice for 100–500 tokens: at once",
        "off: G1 advice for > 500 tokens: at once",
        "off: G1 advice for extended thinking: at once",
      ]
    `);
    expect(verdicts.length).toBeGreaterThan(40);
  });

  it("have G0's table against its footnote: 3 s a call, not 0.5", async () => {
    const footnote = results.find(({ about: claim }) => claim.startsWith('footnote'));
    expect(footnote?.verdict).toBe('self-contradicting');
    expect(footnote?.measured).toBeCloseTo(50_000, -3);
    const table = results.filter(({ about: claim }) => claim.startsWith('1,000 requests'));
    expect(table.map(({ verdict }) => verdict)).toEqual(Array(4).fill('reproduced'));
  });

  it('are printed row by row', async () => {
    const some = results.filter(({ guide }) => guide === 'G2').slice(0, 3);
    expect(claimsText(some, { color: false, width: 80, unicode: true })).toMatchInlineSnapshot(`
      "G2                              claimed  measured     verdict
      ─────────────────────────────────────────────────────────────
      given profile medium:
      three prompts at once: total ÷   1.00 ×    1.00 ×  reproduced
        the slowest
      given 4 s a call:
      three-step chain in sequence     12.0 s    12.0 s  reproduced
      three-step chain, two steps      8.00 s    8.00 s  reproduced
        independent

      3 claims: 3 reproduced, 0 off, 0 contradicting themselves.
      "
    `);
    expect(claimsMarkdown(some)).toMatchInlineSnapshot(`
      "### G2

      | claim | given | claimed | measured | verdict |
      | :-- | :-- | --: | --: | :-- |
      | three prompts at once: total ÷ the slowest | profile medium | 1.00 × | 1.00 × | reproduced |
      | three-step chain in sequence | 4 s a call | 12.0 s | 12.0 s | reproduced |
      | three-step chain, two steps independent | 4 s a call | 8.00 s | 8.00 s | reproduced |

      **3 claims: 3 reproduced, 0 off, 0 contradicting themselves.**
      "
    `);
  });

  it('come out the same again under the same seed', async () => {
    const chain = CLAIMS.filter(({ guide }) => guide === 'G2');
    expect(await runClaims(chain, lab())).toEqual(results.filter(({ guide }) => guide === 'G2'));
  });
});
