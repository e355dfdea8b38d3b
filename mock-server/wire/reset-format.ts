import type { Millis } from '../../src/core/clock.ts';

/** Floating-point dust, in milliseconds, that must not turn 41.724 s into 41.723 s. */
const DUST = 1e-6;

const seconds = (millis: number): string => {
  const whole = Math.floor(millis / 1000);
  const rest = millis % 1000;
  return rest === 0 ? `${whole}s` : `${whole}.${String(rest).padStart(3, '0').replace(/0+$/, '')}s`;
};

/** Whole milliseconds, as Go cuts a duration to them; never below zero. */
export const cutMillis = (duration: Millis): Millis => Math.max(0, Math.floor(duration + DUST));

/** A duration as Go prints it, cut to milliseconds: `18ms`, `8.64s`, `6m0s`, `1h0m0s`; zero is `0s`. */
export const goDuration = (duration: Millis): string => {
  const millis = cutMillis(duration);
  if (millis === 0) return '0s';
  if (millis < 1000) return `${millis}ms`;
  const minutes = Math.floor(millis / 60_000);
  const rest = seconds(millis % 60_000);
  if (minutes === 0) return rest;
  return minutes < 60 ? `${minutes}m${rest}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${rest}`;
};

/** Whole seconds that are enough to wait, at least 1. */
export const wholeSeconds = (duration: Millis): number => Math.max(1, Math.ceil((duration - DUST) / 1000));

/** Whole milliseconds that are enough to wait. */
export const wholeMillis = (duration: Millis): number => Math.max(0, Math.ceil(duration - DUST));

/** Days since 1970-01-01 to a date of the proleptic Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms"). */
const civil = (days: number): readonly [year: number, month: number, day: number] => {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return [
    yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  ];
};

const two = (value: number): string => String(value).padStart(2, '0');

/** A Unix time in milliseconds as RFC 3339 in UTC with whole seconds, rounded up: `2025-06-02T15:14:45Z`. */
export const rfc3339 = (unixMillis: number): string => {
  const total = Math.ceil((unixMillis - DUST) / 1000);
  const days = Math.floor(total / 86_400);
  const left = total - days * 86_400;
  const [year, month, day] = civil(days);
  const time = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60].map(two).join(':');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${time}Z`;
};
