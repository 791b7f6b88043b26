import { describe, expect, it } from 'vitest';
import { disruptionsOf } from '../../../src/plan/directives/disruption.ts';
import type { RedisUp } from '../../../src/domain/facts.ts';
import { desiredNode, redis } from '../../builders.ts';

const USED = 2_000_000;
const change = (directive: string, from: string, to: string) => ({ directive, from, to, secret: false });
const running = (more: Partial<RedisUp> = {}): RedisUp =>
  redis(desiredNode('redis-01'), { usedMemoryBytes: USED, keys: 10, ...more });
const replica = running({ role: 'replica' });
const limited = (policy: string) =>
  running({
    configuration: new Map([
      ['maxmemory', '1000000'],
      ['maxmemory-policy', policy],
    ]),
  });
const attached = (state: string) => ({ address: '10.0.0.124', port: 6379, state, offset: 1, lagSeconds: 0 });

describe('disruptionsOf', () => {
  it.each([
    ['a limit below what is used', [change('maxmemory', '0', '1mb')], running(), /keys are evicted/],
    ['a lower limit below what is used', [change('maxmemory', '1900000', '1mb')], running(), /keys are evicted/],
    [
      'a policy that evicts, over the limit',
      [change('maxmemory-policy', 'noeviction', 'allkeys-lru')],
      limited('noeviction'),
      /keys are evicted/,
    ],
    ['a first password', [change('requirepass', '', '••')], running(), /no password are refused/],
    ['an address less', [change('bind', '127.0.0.1 10.0.0.123', '127.0.0.1')], running(), /removed/],
    ['protected mode', [change('protected-mode', 'no', 'yes')], running(), /may be refused/],
    ['fewer clients', [change('maxclients', '10000', '100')], running(), /fewer clients/],
    [
      'more replicas asked for than there are',
      [change('min-replicas-to-write', '0', '2')],
      running({ replicas: [attached('online'), attached('send_bulk')] }),
      /writes are refused/,
    ],
    ['no append-only file', [change('appendonly', 'yes', 'no')], running(), /append-only/],
    ['no snapshots', [change('save', '3600 1', '')], running(), /snapshots/],
  ])('tells of %s', (_, changes, node, said) => {
    expect(disruptionsOf(node, changes).join('; ')).toMatch(said);
  });

  it.each([
    ['a limit over what is used', [change('maxmemory', '0', '4mb')], running()],
    ['a higher limit that still is too low', [change('maxmemory', '1000000', '1mb')], running()],
    ['no limit', [change('maxmemory', '1000000', '0')], running()],
    ['a limit on a replica, which follows its master', [change('maxmemory', '0', '1mb')], replica],
    ['an address more', [change('bind', '127.0.0.1', '127.0.0.1 10.0.0.123')], running()],
    [
      'as many replicas as are in sync',
      [change('min-replicas-to-write', '0', '1')],
      running({ replicas: [attached('online')] }),
    ],
    ['no snapshots of nothing', [change('save', '3600 1', '')], running({ keys: 0 })],
    ['what nobody notices', [change('timeout', '0', '10')], running()],
  ])('has nothing to tell of %s', (_, changes, node) => {
    expect(disruptionsOf(node, changes)).toEqual([]);
  });
});
