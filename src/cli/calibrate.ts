import type { SweepSettings } from '../config/resolve.ts';
import { measureOverhead } from '../run/overhead.ts';
import type { Manifest } from '../store/manifest.ts';
import type { OpenTarget } from './target.ts';

/** Warms the client up against a server of ours and notes what the harness adds to a call. */
export const calibrate = async (
  { calibration }: OpenTarget,
  { sample, levels, search, speed }: SweepSettings,
  signal: AbortSignal,
): Promise<Manifest['overhead']> => {
  if (!calibration) return null;
  const { client, headers, done } = calibration;
  const [call] = sample.calls;
  if (!call) return null; // items without calls: nothing to warm up with
  const reading = await measureOverhead(
    { client, headers, call, signal },
    Math.max(1, search?.maxLevel ?? 1, ...levels.map(Math.ceil)),
  );
  await done();
  return { ...reading, perCallMs: reading.perCallRealMs * speed };
};
