import { describe, expect, it } from 'vitest';
import { aclUsers, isStandardDefault, mayDoTheSame } from '../../../src/domain/redis/acl.ts';

const HASH = 'a'.repeat(64);

describe('ACL users', () => {
  it('are read from ACL LIST and from files, without passwords and hashes', () => {
    const lines = [
      `user default on #${HASH} ~* &* +@all`,
      'port 6379',
      '  USER "app" on >canary ~app:*',
      'user app +@read',
    ];
    expect(aclUsers(lines)).toEqual([
      { name: 'default', rules: 'on #•••••• ~* &* +@all' },
      { name: 'app', rules: 'on >•••••• ~app:* +@read' },
    ]);
  });

  it.each([
    ['on nopass sanitize-payload ~* &* +@all', true],
    ['on #•••••• allkeys allchannels allcommands', true],
    ['off ~* &* +@all', false],
    ['on ~app:* &* +@all', false],
  ])('default with %s is as Redis makes it: %s', (rules, expected) => {
    expect(isStandardDefault({ name: 'default', rules })).toBe(expected);
    expect(isStandardDefault({ name: 'app', rules })).toBe(false);
  });

  it.each([
    ['on >x ~* +@all', 'on #y allkeys allcommands', true],
    ['on ~* +@all', 'off ~* +@all', false],
    ['on ~* +@all', 'on ~* +@read', false],
    ['on ~* +@all -config', 'on ~* -config +@all', false],
    ['on ~* +@read', 'reset on +@read ~*', true],
    ['on (~a +get)', 'on (+get ~a)', true],
  ])('%s and %s may do the same: %s', (one, other, expected) => {
    expect(mayDoTheSame({ name: 'a', rules: one }, { name: 'a', rules: other })).toBe(expected);
  });
});
