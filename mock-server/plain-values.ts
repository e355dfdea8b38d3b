/** Whether a value of unknown content is a record of values. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys that say which of its forms a distribution or a latency is written in. */
const FORM_OF: Readonly<Record<string, string>> = {
  median: 'lognormal by median',
  sigma: 'lognormal by median',
  slow: 'lognormal by median',
  mean: 'lognormal by mean',
  cv: 'lognormal by mean',
  p50: 'quantiles',
  p95: 'quantiles',
  p99: 'quantiles',
  ttft: 'by token',
  tokensPerSecond: 'by token',
  total: 'by call',
};

const formOf = (record: Readonly<Record<string, unknown>>): string | undefined => {
  for (const key in record) if (Object.hasOwn(FORM_OF, key)) return FORM_OF[key];
  return undefined;
};

/**
 * Lays `patch` over `value`: records are merged, `null` removes a key, everything else replaces. A distribution or a latency that
 * is written in another form replaces the one there was: half of each would be neither.
 */
export const merged = (value: unknown, patch: unknown): unknown => {
  if (!isRecord(patch)) return patch;
  const base = isRecord(value) ? value : {};
  const forms = new Set([formOf(base), formOf(patch)].filter((form) => form !== undefined));
  const result: Record<string, unknown> = forms.size > 1 ? {} : { ...base };
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) delete result[key];
    else result[key] = merged(result[key], change);
  }
  return result;
};
