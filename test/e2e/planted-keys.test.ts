import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bench, freshDir } from '../support/bench-process.ts';
import { anthropicMessage, chatCompletion, hostileServer } from '../support/hostile-server.ts';

/** Each in its own place; none may be seen anywhere but at the endpoint. */
const PLANTED = {
  OPENAI_API_KEY: 'sk-planted-openai-0123456789',
  ANTHROPIC_API_KEY: 'sk-ant-planted-0123456789',
  OTHER_KEY: 'planted.other+key/of=nobody',
  GATEWAY_TOKEN: 'planted-token-of-a-gateway',
} as const;

const everythingIn = (dir: string): string =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'utf8')}`)
    .join('\n');

let server: Awaited<ReturnType<typeof hostileServer>>;
const arrived = new Set<string>();

/** Answers two of three, and echoes all that it was sent in its errors. */
beforeAll(async () => {
  let requests = 0;
  server = await hostileServer(({ url = '', headers }, response, body) => {
    for (const [name, value] of Object.entries(PLANTED))
      if (JSON.stringify(headers).includes(value)) arrived.add(name);
    const isEcho = ++requests % 3 === 0;
    response.writeHead(isEcho ? 400 : 200, { 'content-type': 'application/json' });
    const answer = url.endsWith('/messages') ? anthropicMessage : chatCompletion;
    response.end(
      JSON.stringify(isEcho ? { error: { message: `no: ${JSON.stringify(headers)} ${body}` } } : answer),
    );
  });
});
afterAll(() => server.close());

const HEADERS = [
  ...['--header', 'authorization: env:GATEWAY_TOKEN'],
  ...['--header', 'x-gateway: env:OTHER_KEY'],
];

/** Runs a command with all keys planted; everything that it prints and writes. */
const seen = async (args: readonly string[], files: Readonly<Record<string, string>> = {}) => {
  const cwd = freshDir();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  const { code, stdout, stderr } = await bench([...args], { cwd, env: PLANTED });
  return { code, text: stdout + stderr + everythingIn(cwd) };
};

const openai = () => ['--target', 'openai', '--model', 'm', '--base-url', `${server.url}/v1`];
const anthropic = () => ['--target', 'anthropic', '--model', 'm', '--base-url', server.url];
const short = ['--levels', '1,2', '--requests', '6', '--max-retries', '0'];
const FORMATS = 'terminal,json,markdown,csv,html,junit,github,openmetrics,csv-requests';
const docs = { 'docs.txt': 'one\ntwo\nthree\nfour\nfive\nsix\n' };

/** Commands by what they try; each must say something. */
const COMMANDS: Readonly<Record<string, () => readonly string[]>> = {
  'a sweep in every format': () => [
    'sweep',
    ...openai(),
    ...short,
    '--format',
    FORMATS,
    '--html',
    'page.html',
  ],
  'a sweep with keys in headers': () => ['sweep', ...openai(), ...short, ...HEADERS],
  'a sweep as JSON': () => ['sweep', ...anthropic(), ...short, ...HEADERS, '--json'],
  'a sweep with another key': () => ['sweep', ...openai(), ...short, '--api-key-env', 'OTHER_KEY'],
  'a raw client': () => ['sweep', ...anthropic(), ...short, '--client', 'http'],
  'a dry run': () => ['sweep', ...openai(), ...HEADERS, '--dry-run'],
  'a batch': () => ['batch', ...openai(), ...HEADERS, '--input', 'docs.txt', '--max-retries', '0'],
  'a batch to stdout': () => [
    'batch',
    ...anthropic(),
    '--input',
    'docs.txt',
    '--output',
    '-',
    '--max-retries',
    '0',
  ],
  'a batch that is only planned': () => ['batch', ...openai(), '--input', 'docs.txt', '--dry-run'],
  claims: () => ['claims', '--guide', 'G3', '--json'],
  'a key in the address': () => [
    'sweep',
    ...['--target', 'openai', '--model', 'm', '--base-url', `http://u:${PLANTED.OTHER_KEY}@127.0.0.1:9/v1`],
  ],
  'a key on the command line': () => [
    ...['sweep', ...openai(), '--header', `authorization: ${PLANTED.GATEWAY_TOKEN}`],
  ],
  'nobody there': () => [
    ...['batch', '--target', 'openai', '--model', 'm', '--base-url', 'http://127.0.0.1:9/v1'],
    ...['--input', 'docs.txt', ...HEADERS],
  ],
};

describe('keys that are planted in the environment', () => {
  it.each(Object.entries(COMMANDS))('are in nothing that %s prints or writes', async (_name, args) => {
    const { text } = await seen(args(), docs);
    expect(text.length).toBeGreaterThan(docs['docs.txt'].length + 80);
    for (const value of Object.values(PLANTED)) expect(text).not.toContain(value);
  });

  it('have all been sent', () => {
    expect([...arrived].toSorted()).toEqual(Object.keys(PLANTED).toSorted());
  });
});
