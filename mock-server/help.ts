import type { NamedProfile } from './profiles/named-profile.ts';

/** What `--help` prints. */
export const HELP = `Usage: bench mock [options]

A mock of the OpenAI and Anthropic APIs: exact rate limits, seeded latency, streams and faults, on this machine only.
Any client works with it unchanged; every answer costs nothing.

Options
  --port PORT           port to listen on; 0 picks a free one (default 0)
  --host HOST           interface to listen on (default 127.0.0.1: nobody else can reach it)
  --profile NAME|FILE   behaviour: a name of --list, or a YAML, JSON or TypeScript file (default medium)
  --config FILE         the same, for a file
  --set KEY=VALUE       replaces one key of the profile; can be repeated
  --speed N             how many times faster than real time everything passes (default 1)
  --seed N              seed of all draws: the same seed gives the same answers at the same times (default 1)
  --workers N           processes that share the port (default 1); limits, numbers and ledger stay exact,
                        every request then pays one message to the first process and back (0.1 to 0.3 ms)
  --max-body-bytes N    larger requests are refused with 413 (default 33554432)
  --list                lists the built-in profiles
  -h, --help            shows this

Examples
  bench mock                                              typical latencies of a hosted model, no limits
  bench mock --port 8080 --profile openai-tier-1          OpenAI's first tier, on a fixed port
  bench mock --profile constant --set latency=200ms       every call takes exactly 200 ms
  bench mock --profile g1 --set limits.requestsPerMinute=60
  bench mock --profile my-model.yaml --speed 40           a profile of your own, 40 times faster
  bench mock --profile paced --workers 4                  thousands of streams at once, on four cores

While it runs
  GET   /__bench/ledger           every attempt as the server saw it, one JSON object per line
  GET   /__bench/ledger/summary   attempts by tag and outcome, and how late the mock itself was
  GET   /__bench/state            requests in service and waiting, time until all limits are full again
  GET   /__bench/metrics          the same for Prometheus
  GET   /__bench/config           the profile; PUT replaces it, PATCH changes keys of it
  POST  /__bench/reset            fills every limit and empties the ledger

Per request
  x-bench-request: TAG/INDEX/ATTEMPT       name of the attempt in the ledger; draws depend on the index alone
  x-bench-override: {"latencyMs": 50}      also ttftMs, tokensPerSecond, outputTokens, thinkingTokens, cachedTokens,
                                           status, fault, faultAt, toolCall, limits, faults, ledger`;

const folded = (text: string, width: number): string[] => {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
};

/** What `--list` prints: names, and descriptions with their sources folded to the width of the terminal. */
export const profileList = (profiles: Iterable<NamedProfile>, width = 110): string => {
  const rows = [...profiles];
  const indent = Math.max(...rows.map(({ name }) => name.length)) + 2;
  const room = Math.max(width - indent, 24);
  return rows
    .map(({ name, description, source, date }) => {
      const lines = [...folded(description, room), ...folded(`Source (${date}): ${source}`, room)];
      return `${name.padEnd(indent)}${lines.join(`\n${' '.repeat(indent)}`)}`;
    })
    .join('\n');
};
