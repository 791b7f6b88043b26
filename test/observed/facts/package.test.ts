import { expect, it } from 'vitest';
import { packageFact } from '../../../src/observed/facts/package.ts';

it.each([
  ['installed\n5:7.0.15-1~deb12u7\n', { installed: true, version: '5:7.0.15-1~deb12u7' }],
  ['config-files\n5:7.0.15-1~deb12u7\n', { installed: false }],
  ['half-configured\n5:7.0.15-1~deb12u7\n', { installed: false }],
  ['not-installed\n\n', { installed: false }],
  ['', { installed: false }],
])('dpkg says %j', (stdout, facts) => {
  expect(packageFact.parse(stdout)).toEqual(facts);
});
