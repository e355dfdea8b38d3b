import { claimsMarkdown, claimsText } from '../report/claims.ts';
import { RunStop } from '../run/run-stop.ts';
import { claimLab } from './claims/claim-lab.ts';
import { CLAIMS, runClaims } from './claims/run-claims.ts';
import { renderOptions } from './output.ts';
import { stopOnSignal } from './signals.ts';

/** Which claims to test, how, and in what form to print them. */
export interface ClaimsSettings {
  readonly guide: string | undefined;
  readonly speed: number | undefined;
  readonly seed: number;
  readonly form: 'terminal' | 'json' | 'markdown';
}

/** Tests claims and prints them. Throws if the harness fails; a claim that does not hold is a result. */
export const printClaims = async ({ guide, speed, seed, form }: ClaimsSettings): Promise<void> => {
  const claims = CLAIMS.filter((claim) => guide === undefined || claim.guide === guide);
  const stop = new RunStop();
  const release = stopOnSignal(stop, () => {});
  const lab = claimLab({ seed, speed, signal: stop.signal });
  const results = await runClaims(claims, lab, ({ guide: from, about }) => {
    if (speed !== undefined) process.stderr.write(`${from}: ${about}\n`);
  });
  release();
  const text = {
    json: () =>
      `${JSON.stringify({ schema: 'bench.claims/1', simulated: speed === undefined, seed, claims: results }, null, 2)}\n`,
    markdown: () => claimsMarkdown(results),
    terminal: () => claimsText(results, renderOptions(process.stdout, process.env)),
  }[form]();
  process.stdout.write(text);
};
