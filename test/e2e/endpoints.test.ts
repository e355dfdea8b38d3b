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
    expect(server.requests(), 'one call to see whether all is well, then 24').toBe(25);
    expect([...keys].join()).toContain(KEY);
    expect(JSON.parse(stdout).levels.map(({ counts }: { counts: object }) => counts)).toMatchObject([
      { ok: 12, attempts: 12 },
      { ok: 12, attempts: 12 },
    ]);
    expect(stdout + stderr + everythingIn(cwd)).not.toContain(KEY);
  });

  it.each([
    ['--client', 'http'],
    ['--transport', 'lean'],
  ])('keeps keys and headers to itself though every error echoes them (%s %s)', async (flag, value) => {
    let requests = 0;
    const server = await hostileServer(({ headers }, response) => {
      const echoes = ++requests > 1 && requests % 3 === 0;
      response.writeHead(echoes ? 400 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(echoes ? { error: { message: JSON.stringify(headers) } } : answer));
    });
    const cwd = freshDir();
    const secrets = { ...env, GATEWAY_TOKEN: 'tok-en_of+the/gateway==' };
    const header = ['--header', 'x-gateway: env:GATEWAY_TOKEN', '--header', 'x-team: Team Secret'];
    const run = [flag, value, '--levels', '1,3', '--requests', '12', '--format', 'markdown', ...header];
    const { code, stdout, stderr } = await bench(args(server.url, ...run), { cwd, env: secrets });
    await server.close();
    const everything = stdout + stderr + everythingIn(cwd);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(everything).toContain('request refused (4xx)');
    expect(everything).toContain('x-gateway: [value]');
    for (const secret of [KEY, secrets.GATEWAY_TOKEN, 'Team Secret'])
      expect(everything).not.toContain(secret);
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

describe('a proxy of the environment', () => {
  it.each([
    ['--client', 'http'],
    ['--transport', 'lean'],
  ])('is taken to an endpoint elsewhere, and not on this machine (%s %s)', async (flag, value) => {
    const asked: string[] = [];
    const proxy = await hostileServer(({ url = '' }, response) => {
      asked.push(url);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(chatCompletion));
    });
    const proxied = { ...env, HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url };
    const run = (baseUrl: string) => [
      ...['sweep', '--target', 'openai', '--model', 'm', '--base-url', baseUrl, '--max-cost', 'off'],
      ...[flag, value, '--levels', '1', '--requests', '5', '--quiet'],
    ];
    const elsewhere = await bench(run('http://nowhere.invalid/v1'), { env: proxied });
    expect({ code: elsewhere.code, stderr: elsewhere.stderr }).toEqual({ code: 0, stderr: '' });
    expect(new Set(asked)).toEqual(new Set(['http://nowhere.invalid/v1/chat/completions']));
    const here = await bench(run(`${proxy.url}/v1`), { env: proxied });
    expect(here.code).toBe(0);
    expect(asked.at(-1)).toBe('/v1/chat/completions');
    await proxy.close();
  });
});

describe('the spending cap', () => {
  it('ends the run before it is exceeded, with exit code 5 and all that was measured', async () => {
    const server = await hostileServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(chatCompletion));
    });
    const cwd = freshDir();
    // Each answer has 5 tokens in and 2 out: 0.0009 USD.
    const money = ['--price', '100,200', '--max-cost', '0.05'];
    const target = ['--target', 'openai', '--model', 'm', '--base-url', `${server.url}/v1`];
    const run = ['sweep', ...target, '--levels', '1,2', '--requests', '500', '--json', ...money];
    const { code, stdout, stderr } = await bench(run, { cwd });
    await server.close();
    expect({ code, stderr }).toMatchObject({ code: 5 });
    expect(stderr).toContain('the spending cap of 0.050 USD is reached');
    const report = JSON.parse(stdout);
    expect(report.meta.status).toBe('interrupted');
    const spent = report.levels.reduce(
      (sum: number, { costUsd }: { costUsd: { total: number } }) => sum + costUsd.total,
      0,
    );
    expect(spent).toBeGreaterThan(0.02);
    expect(server.requests() * 0.0009).toBeLessThanOrEqual(0.05);
  });

  it('shows what would be sent, and sends nothing', async () => {
    const server = await hostileServer(() => {});
    const target = ['--target', 'openai', '--model', 'm', '--base-url', `${server.url}/v1`];
    const { code, stdout } = await bench(['sweep', ...target, '--price', '1,2', '--dry-run']);
    await server.close();
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing was sent.');
    expect(server.requests()).toBe(0);
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
