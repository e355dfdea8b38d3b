import { expect, it } from 'vitest';
import { unusedProxies } from '../../src/cli/unused-proxies.ts';

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
