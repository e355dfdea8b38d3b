/** Every client over every transport: what becomes of a call must not depend on either. */
export const CLIENT_WAYS = [
  { kind: 'sdk', transport: 'default' },
  { kind: 'sdk', transport: 'lean' },
  { kind: 'http', transport: 'default' },
] as const;

/** One row of `CLIENT_WAYS`. */
export type ClientWay = (typeof CLIENT_WAYS)[number];
