const MULTIPLES: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  M: 1e6,
  g: 1e9,
  G: 1e9,
  b: 1e9,
  B: 1e9,
};

const COUNT = /^(\d+(?:[_,]\d{3})*(?:\.\d+)?|\.\d+)\s*([kmMgGbB]?)$/;

/** Reads an amount such as `500`, `1.2k`, `100k`, `1M`, `1,000`, with or without `unit` behind it; `undefined` if it is anything else. */
export const parseCount = (text: string, unit?: string): number | undefined => {
  const trimmed = text.trim();
  const bare = unit ? trimmed.replace(new RegExp(`\\s*${unit}s?$`), '') : trimmed;
  const match = COUNT.exec(bare);
  if (!match) return undefined;
  const [, digits = '', multiple = ''] = match;
  return Number(digits.replaceAll(/[_,]/g, '')) * (MULTIPLES[multiple] ?? Number.NaN);
};

const PERIOD_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
  week: 604_800,
  month: 2_629_800, // a twelfth of a Julian year
};

/** What people write for `/s`, `/min`, `/h` and `/day`. */
const spelledOut = (text: string): string =>
  text
    .trim()
    .replace(/\s+(?:per|an?)\s+/i, '/')
    .replace(/\s*[rt]p([smhd])$/i, (_, period: string) => `/${period.toLowerCase()}`);

/**
 * Reads a frequency such as `500/min`, `6/s`, `1M/day`, `500 per minute`, `10 rps` as amounts per second; `undefined` without a
 * period or if it is anything else.
 */
export const parsePerSecond = (text: string, unit?: string): number | undefined => {
  const [amount = '', period = '', ...rest] = spelledOut(text)
    .split('/')
    .map((part) => part.trim());
  const seconds = PERIOD_SECONDS[period];
  const count = parseCount(amount, unit);
  return rest.length > 0 || seconds === undefined || count === undefined ? undefined : count / seconds;
};
