import { describe, expect, it } from 'vitest';
import { directiveKind } from '../../../src/domain/redis/directive-kind.ts';
import { directiveMistake } from '../../../src/desired/directives/directive-mistake.ts';
import {
  DIRECTIVES,
  REPEATED_DIRECTIVES,
  SECRET_DIRECTIVES,
  canonicalName,
  directiveInfo,
} from '../../../src/domain/redis/directives.ts';

const NAMES = Object.keys(DIRECTIVES);

describe('the table of directives', () => {
  it('has every directive of Redis 7.0.15 that CONFIG GET knows, and the four that stand in a file only', () => {
    const fileOnly = NAMES.filter((name) => DIRECTIVES[name]?.default === null);
    expect(fileOnly.toSorted()).toEqual(['include', 'loadmodule', 'rename-command', 'user']);
    // CONFIG GET * of 7.0.15 returns 192 names, 19 of them old names of others.
    expect(NAMES.length - fileOnly.length).toBe(173);
  });

  it('has canonical names only', () => {
    expect(NAMES.filter((name) => canonicalName(name) !== name)).toEqual([]);
  });

  it('marks directives that it has', () => {
    expect([...SECRET_DIRECTIVES, ...REPEATED_DIRECTIVES].filter((name) => !directiveInfo(name))).toEqual([]);
  });

  it('has a default that Redis takes', () => {
    const odd = NAMES.filter((name) => {
      const value = DIRECTIVES[name]?.default;
      if (value === null || value === undefined || name === 'replicaof') return false;
      const isText = ['path', 'text'].includes(directiveKind(name).kind);
      // `./` is Redis’s start folder: the only default that no file should have.
      return name !== 'dir' && directiveMistake(name, isText ? [value] : value.split(' ')) !== null;
    });
    expect(odd).toEqual([]);
  });

  it.each([
    ['maxmemory', 'live'],
    ['requirepass', 'live'],
    ['bind', 'live'],
    ['repl-diskless-load', 'live'],
    ['dir', 'restart'],
    ['dbfilename', 'restart'],
    ['logfile', 'restart'],
    ['databases', 'restart'],
    ['io-threads', 'restart'],
    ['loadmodule', 'restart'],
    ['replicaof', 'role'],
    ['SLAVEOF', 'role'],
    ['slave-priority', 'live'],
  ])('%s takes a change by: %s', (name, change) => {
    expect(directiveInfo(name)?.change).toBe(change);
  });

  it.each(['maxmemry', '', '__proto__', 'constructor', 'toString', 'sentinel'])('does not know %j', (name) => {
    expect(directiveInfo(name)).toBeNull();
  });
});

describe('directiveKind', () => {
  it.each([
    ['appendonly', { kind: 'flag' }],
    ['appendfsync', { kind: 'choice', of: ['everysec', 'always', 'no'] }],
    ['hz', { kind: 'integer', from: 1, to: 500 }],
    ['slave-priority', { kind: 'integer', from: 0, to: 2_147_483_647 }],
    ['maxclients', { kind: 'integer', from: 1, to: 4_294_967_295 }],
    ['maxmemory', { kind: 'memory', from: 0, percent: false }],
    ['maxmemory-clients', { kind: 'memory', from: 0, percent: true }],
    ['logfile', { kind: 'path' }],
    ['dbfilename', { kind: 'file name' }],
    ['masteruser', { kind: 'text' }],
    ['save', { kind: 'words' }],
    ['constructor', { kind: 'text' }],
  ] as const)('%s', (name, kind) => {
    expect(directiveKind(name)).toEqual(kind);
  });
});
