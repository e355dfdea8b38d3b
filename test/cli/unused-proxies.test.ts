import { expect, it } from 'vitest';
import { proxyOnTheWay, unusedProxies } from '../../src/cli/unused-proxies.ts';

const target = {
  kind: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  model: 'm',
  apiKey: 'k',
  headers: {},
} as const;
const plain = { target, client: 'sdk', transport: 'default' } as const;
const env = { HTTPS_PROXY: 'http://proxy:3128' };

it('says that a proxy is not taken, where it is not', () => {
  expect(unusedProxies(plain, env)).toMatchInlineSnapshot(
    `"HTTPS_PROXY is set, but the SDK's own fetch takes no proxy: --transport lean does, or NODE_USE_ENV_PROXY=1"`,
  );
  expect(unusedProxies(plain, {})).toBeUndefined();
  expect(unusedProxies(plain, { ...env, NODE_USE_ENV_PROXY: '1' })).toBeUndefined();
  expect(unusedProxies({ ...plain, transport: 'lean' }, env)).toBeUndefined();
  expect(unusedProxies({ ...plain, client: 'http' }, env)).toBeUndefined();
  const here = { ...target, baseUrl: 'http://127.0.0.1:8000/v1' };
  expect(unusedProxies({ ...plain, target: here }, env)).toBeUndefined();
});

it('names the proxy that calls go through, where they do', () => {
  const lean = { ...plain, transport: 'lean' } as const;
  expect(proxyOnTheWay(lean, env)).toBe('HTTPS_PROXY');
  expect(proxyOnTheWay(plain, { ...env, NODE_USE_ENV_PROXY: '1' })).toBe('HTTPS_PROXY');
  expect(proxyOnTheWay(plain, env)).toBeUndefined();
  expect(proxyOnTheWay(lean, {})).toBeUndefined();
  const here = { ...target, baseUrl: 'http://127.0.0.1:8000/v1' };
  expect(proxyOnTheWay({ ...lean, target: here }, env)).toBeUndefined();
});
