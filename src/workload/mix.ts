import type { CallScenario } from './scenario.ts';

/** One part of a mixture; weights need not sum to anything. */
export interface MixPart {
  readonly weight: number;
  readonly scenario: CallScenario;
}

/** A weighted mixture of scenarios; which part a request comes from depends on its chance alone. */
export const mix = (
  about: Pick<CallScenario, 'name' | 'description' | 'requests' | 'slo'>,
  parts: readonly MixPart[],
): CallScenario => {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  return {
    ...about,
    call(index, rng) {
      let left = rng.fork('part').next() * total;
      const part = parts.find(({ weight }) => {
        left -= weight;
        return left < 0;
      });
      const { scenario } = part ?? parts[parts.length - 1] ?? {};
      if (!scenario) throw new RangeError('a mixture needs a part');
      return scenario.call(index, rng);
    },
  };
};
