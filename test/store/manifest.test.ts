import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.ts';
import { type Manifest, readManifest, writeManifest } from '../../src/store/manifest.ts';

const newDir = () => mkdtempSync(join(tmpdir(), 'bench-manifest-'));

const manifest: Manifest = {
  schema: 'bench.manifest/1',
  status: 'complete',
  meta: { scenario: 'classify-500', speed: 40, mock: true },
  plannedLevels: [1, 30],
  speed: 40,
  seed: 1,
  argv: ['sweep', '--levels', '1,30'],
  versions: { node: '24.21.0' },
  host: { cores: 2 },
  git: null,
  startedAt: '2026-05-04T09:30:00.000Z',
  endedAt: null,
  overhead: { perCallRealMs: 1.2, perCallMs: 48, calls: 200 },
  levels: [
    {
      level: 1,
      complete: true,
      health: { cpuCores: 0.2, eventLoopUtilization: 0.1, eventLoopDelayP99RealMs: 1 },
      cooldown: { waitedMs: 0, because: 'the mock says its limits are full' },
      ledger: { attempts: 500, ok: 500, rateLimited: 0 },
      mockLatenessP99RealMs: 0.1,
    },
    { level: 30, complete: false },
  ],
  mockProfile: { name: 'g1' },
};

/** What the user is told about a manifest that holds `text`. */
const refusal = async (text: string | undefined): Promise<string> => {
  const dir = newDir();
  if (text !== undefined) writeFileSync(join(dir, 'manifest.json'), text);
  const error: unknown = await readManifest(dir).catch((caught: unknown) => caught);
  if (!(error instanceof UsageError)) throw new Error('not refused', { cause: error });
  return `${error.message.replaceAll(dir, '<dir>')} → ${error.hint}`;
};

const changed = (change: object) => JSON.stringify({ ...manifest, ...change });

describe('a manifest', () => {
  it('comes back as it was written', async () => {
    const dir = newDir();
    await writeManifest(dir, manifest);
    expect(await readManifest(dir)).toEqual(manifest);
  });

  it('that is missing or no JSON is refused', async () => {
    expect(await refusal(undefined)).toMatchInlineSnapshot(
      `"<dir>/manifest.json cannot be read: there is no such file → Name the folder of a run, for example results/latest."`,
    );
    expect(await refusal('{ "schema": "bench.man')).toMatchInlineSnapshot(
      `"<dir>/manifest.json is cut off, or is not JSON: Unterminated string in JSON at position 22 (line 1 column 23) → Name the folder of a run, for example results/latest."`,
    );
  });

  it('of a newer version is refused in one clear sentence', async () => {
    expect(await refusal(changed({ schema: 'bench.manifest/2', levels: {} }))).toMatchInlineSnapshot(
      `"<dir>/manifest.json has schema bench.manifest/2, this version reads bench.manifest/1 → Use the bench version that wrote it, or a newer one."`,
    );
  });

  it('of another kind is refused', async () => {
    for (const text of ['{}', '[]', 'null', '7', changed({ schema: 'bench.sweep/1' })])
      expect(await refusal(text), text).toMatch(/^<dir>\/manifest\.json is not a run's manifest: /);
  });

  it('that was edited is refused', async () => {
    for (const change of [
      { speed: 0 },
      { speed: '40' },
      { plannedLevels: [0] },
      { plannedLevels: [-1] },
      { status: 'done' },
      { levels: [{ level: 1 }] },
      { meta: { nested: {} } },
      { endedAt: undefined },
    ])
      expect(await refusal(changed(change)), JSON.stringify(change)).toContain("is not a run's manifest");
  });

  it('that was edited is refused with the field that is wrong', async () => {
    expect(await refusal(changed({ speed: '40' }))).toContain("is not a run's manifest: speed: ");
    expect(await refusal(changed({ levels: [{ level: 1 }] }))).toContain(': levels.0.complete: ');
    expect(await refusal('7')).toContain(': the file: ');
  });
});
