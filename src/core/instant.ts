import type { Millis } from './clock.ts';

/** Unix milliseconds of an HTTP or RFC 3339 date; `undefined` if it is neither. Pure: reads no clock. */
export const parseInstant = (text: string): Millis | undefined => {
  // Date.parse takes far more for a date than these two forms: "-5" is May 2001 to it.
  if (!/^\d{4}-\d\d-\d\dT|^[A-Z][a-z]{2,8}, /.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
};

/** Unix milliseconds as RFC 3339 in UTC. Pure: reads no clock. */
export const formatInstant = (instant: Millis): string => new Date(instant).toISOString();
