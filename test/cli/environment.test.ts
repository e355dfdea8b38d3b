import { expect, it } from 'vitest';
import { host, shownArgv, versions } from '../../src/cli/environment.ts';

it('shows the command line without anything secret', () => {
  expect(
    shownArgv([
      'sweep',
      '--base-url',
      'http://user:pass@127.0.0.1:8000/v1',
      '--base-url=https://token@gateway.test/v1',
      'sk-0123456789abcdef',
      '--scenario',
      './task-classification.ts',
    ]),
  ).toEqual([
    'sweep',
    '--base-url',
    'http://[secret]@127.0.0.1:8000/v1',
    '--base-url=https://[secret]@gateway.test/v1',
    '[key]',
    '--scenario',
    './task-classification.ts',
  ]);
});

it('knows every version that a measurement depends on', () => {
  for (const [name, version] of Object.entries(versions())) expect(version, name).toMatch(/^\d+\.\d+/);
});

it('describes the machine without naming it', () => {
  const { hostname, userInfo } = process.getBuiltinModule('node:os');
  const text = JSON.stringify(host());
  expect(text).not.toContain(hostname());
  expect(Object.keys(host())).not.toContain('user');
  expect(text).not.toContain(`"${userInfo().username}"`);
});
