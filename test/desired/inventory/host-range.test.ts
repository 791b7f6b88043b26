import { describe, expect, it } from 'vitest';
import { hostsOfPattern } from '../../../src/desired/inventory/host-range.ts';

describe('hostsOfPattern', () => {
  it.each([
    ['redis-01', ['redis-01']],
    ['redis-[01:03]', ['redis-01', 'redis-02', 'redis-03']],
    ['redis-[9:11]', ['redis-9', 'redis-10', 'redis-11']],
    ['redis-[08:12:2].example', ['redis-08.example', 'redis-10.example', 'redis-12.example']],
    ['db-[a:c]', ['db-a', 'db-b', 'db-c']],
    ['r[1:2][a:b]', ['r1a', 'r1b', 'r2a', 'r2b']],
    ['r[3:3]', ['r3']],
  ])('%s', (pattern, hosts) => {
    expect(hostsOfPattern(pattern)).toEqual(hosts);
  });

  it.each([
    'redis-[01:3',
    'redis-01]',
    'redis-[3:1]',
    'redis-[01:100]',
    'redis-[1:1001]',
    'redis-[1:999999999]',
    'redis-[a:3]',
    'redis-[1:9:0]',
    'redis-[ab:cd]',
    'r[1:100][1:100]',
    '[1:1]'.repeat(1000),
  ])('refuses %s', (pattern) => {
    expect(hostsOfPattern(pattern)).toBeNull();
  });
});
