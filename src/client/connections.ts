/**
 * How many sockets, and what may time out, alike for every transport: as many connections as requests, one request on each,
 * so that no hidden queue forms; and no time limit but the attempt's own, which is ours to set and to report. Connecting
 * keeps a limit, since a name or route that is wrong should say so.
 */
export const CONNECTION_OPTIONS = {
  connections: null,
  pipelining: 1,
  headersTimeout: 0,
  bodyTimeout: 0,
  allowH2: false,
  connect: { timeout: 60_000 },
} as const;
