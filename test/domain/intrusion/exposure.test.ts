import { expect, it } from 'vitest';
import { exposureOf } from '../../../src/domain/intrusion/exposure.ts';
import { configurationOf, masterFacts, one, stoppedFacts } from '../../builders.ts';

const SAFE = { bind: '127.0.0.1 -::1', 'protected-mode': 'yes' };
const exposed = (change: Readonly<Record<string, string>>, rules = 'on #•••••• ~* &* +@all') =>
  exposureOf(
    masterFacts(one, {
      redis: {
        version: '8.4.0',
        configuration: new Map([...configurationOf(one.redisConf.content), ...Object.entries({ ...SAFE, ...change })]),
        aclUsers: [{ name: 'default', rules }],
      },
    }),
  );

it.each<[string, Readonly<Record<string, string>>, string | undefined, RegExp | null]>([
  ['nothing', {}, undefined, null],
  ['a wide bind', { bind: '127.0.0.1 10.0.0.1' }, undefined, /^bind 127\.0\.0\.1 10\.0\.0\.1: /],
  ['no bind', { bind: '' }, undefined, /^bind \*: /],
  ['no protected mode', { 'protected-mode': 'no' }, undefined, /^protected-mode no: /],
  ['no password', {}, 'on nopass ~* &* +@all', /^The default user needs no password/],
  ['a default user that is off', {}, 'off nopass ~* &* +@all', null],
  ['protected configs', { 'enable-protected-configs': 'local' }, undefined, /^enable-protected-configs local: /],
])('shows %s', (_, change, rules, expected) => {
  const found = exposed(change, rules);
  expect(found).toEqual(expected === null ? [] : [expect.stringMatching(expected)]);
});

it('shows holes of the version, and nothing of a Redis that is not read', () => {
  const old = { package: { installed: true, version: '5:7.0.15-1~deb12u1' } };
  expect(exposureOf(masterFacts(one, { host: old })).join(' ')).toMatch(/CVE-2025-49844/);
  expect(exposureOf(masterFacts(one)).join(' ')).not.toMatch(/CVE/);
  expect(exposureOf(stoppedFacts(one, null))).toEqual([]);
});
