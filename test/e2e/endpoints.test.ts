import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bench, eventually, freshDir, startBench } from '../support/bench-process.ts';
import { anthropicMessage, chatCompletion, hostileServer } from '../support/hostile-server.ts';

const KEY = 'sk-planted-0123456789abcdef';
const env = { OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: KEY };

const everythingIn = (dir: string): string =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');

describe.each([
  ['openai', '/v1', chatCompletion],
  ['anthropic', '', anthropicMessage],
] as const)('a real endpoint that speaks %s', (target, path, answer) => {
  const args = (url: string, ...more: string[]) => [
    'sweep',
    '--target',
    target,
    '--model',
    'm',
    '--base-url',
    `${url}${path}`,
    ...more,
  ];

  it('is measured through its SDK, and the key shows nowhere', async () => {
    const keys = new Set<unknown>();
    const server = await hostileServer(({ headers }, response) => {
      keys.add(headers.authorization ?? headers['x-api-key']);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
    const cwd = freshDir();
    const { code, stdout, stderr } = await bench(
      args(server.url, '--levels', '1,3', '--requests', '12', '--json'),
      { cwd, env },
    );
    await server.close();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(server.requests()).toBe(24);
    expect([...keys].join()).toContain(KEY);
    expect(JSON.parse(stdout).levels.map(({ counts }: { counts: object }) => counts)).toMatchObject([
      { ok: 12, attempts: 12 },
      { ok: 12, attempts: 12 },
    ]);
    expect(stdout + stderr + everythingIn(cwd)).not.toContain(KEY);
  });

  it('ends the run at once with a hint when it says 401', async () => {
    const server = await hostileServer((_request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          error: { type: 'authentication_error', message: `Incorrect API key provided: ${KEY}` },
        }),
      );
    });
    const cwd = freshDir();
    const { code, stdout, stderr } = await bench(args(server.url, '--levels', '1,5'), { cwd, env });
    await server.close();
    expect(code).toBe(3);
    expect(stderr).toContain('HTTP 401');
    expect(stderr).toContain('Check the key');
    expect(server.requests()).toBe(1);
    expect(stdout + stderr + everythingIn(cwd)).not.toContain(KEY);
  });

  it('ends the run at once with a hint when nobody listens', async () => {
    const server = await hostileServer(() => {});
    await server.close();
    const { code, stderr } = await bench(args(server.url, '--levels', '5'), { env });
    expect(code).toBe(3);
    expect(stderr).toContain('ECONNREFUSED');
    expect(stderr).toContain('--base-url');
  });

  it('exits 4 when it answered but nothing succeeded', async () => {
    const server = await hostileServer((_request, response) => response.writeHead(500).end('{}'));
    const { code, stderr } = await bench(
      args(server.url, '--levels', '2', '--requests', '4', '--max-retries', '0'),
      { env },
    );
    await server.close();
    expect(code).toBe(4);
    expect(stderr).toContain('no request succeeded');
  });
});

describe('bench mock', () => {
  it('runs alone, prints its URL, can be measured, and stops cleanly', async () => {
    const mock = startBench(['mock', '--port', '0', '--profile', 'unlimited']);
    const url = await eventually(
      'a URL',
      () => /http:\/\/127\.0\.0\.1:\d+/.exec(mock.stdout() + mock.stderr())?.[0],
    );
    for (const [target, path] of [
      ['openai', '/v1'],
      ['anthropic', ''],
    ] as const) {
      const args = [
        'sweep',
        '--target',
        target,
        '--base-url',
        `${url}${path}`,
        '--model',
        'm',
        '--levels',
        '1,4',
        '--requests',
        '20',
        '--json',
      ];
      const { code, stdout } = await bench(args);
      expect(code).toBe(0);
      expect(JSON.parse(stdout).levels[1].counts).toMatchObject({ ok: 20, attempts: 20 });
    }
    mock.child.kill('SIGINT');
    expect((await mock.ended).code).toBe(0);
  });
});
