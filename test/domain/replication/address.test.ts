import { describe, expect, it } from 'vitest';
import { isIpAddress, sameAddress } from '../../../src/domain/replication/address.ts';

describe('sameAddress', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.1', '10.0.0.10', false],
    ['fd00::1', 'fd00:0:0:0:0:0:0:1', true],
    ['FD00::A', 'fd00::a', true],
    ['fd00::1', 'fd00::2', false],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['redis-01', 'REDIS-01', true],
    ['redis-01', '10.0.0.1', false],
    ['fe80::1%eth0', 'fe80::1%eth0', true],
    ['fe80::1%eth0', 'fe80::1%eth1', false],
    ['a:b', 'a:b]/x', false],
    ['[fd00::1]', 'fd00::1', true],
    ['::ffff:10.0.0.1', '10.0.0.1', true],
    ['::ffff:a00:1', '10.0.0.1', true],
    ['redis-01.', 'redis-01', true],
    ['.', '', false],
    ['', '', true],
  ])('%s and %s: %s', (one, other, same) => {
    expect(sameAddress(one, other)).toBe(same);
    expect(sameAddress(other, one)).toBe(same);
  });
});

describe('isIpAddress', () => {
  it.each([
    ['10.0.0.1', true],
    ['fd00::1', true],
    ['redis-01', false],
    ['10.0.0.1.example', false],
    ['', false],
  ])('%s: %s', (host, is) => {
    expect(isIpAddress(host)).toBe(is);
  });
});
