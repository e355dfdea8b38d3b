/**
 * Speed of the mock server, as ratios and lateness within one run: `npm run bench:mock`. The server runs in a process of its
 * own and measures its own lateness; this process is a bare client on raw sockets.
 */
import { compareAnswers } from './mock/answers.ts';
import { streaming } from './mock/streams.ts';

const quick = process.argv.includes('--quick');
const workers = Number(
  process.argv.find((argument) => /^--workers=/.test(argument))?.slice('--workers='.length) ?? 1,
);
const only = process.argv.find((argument) => /^--only=/.test(argument))?.slice('--only='.length);
if (!only || only === 'throughput') console.log('whole answers', await compareAnswers(quick ? 10 : 40));
for (const streams of quick ? [1000] : [500, 1000, 2000])
  if (!only || only === 'streams')
    for (const server of ['bare', 'mock'] as const)
      console.log('streams', await streaming(server, streams, quick ? 4 : 8, workers));
