import { describe, expect, it } from 'vitest';
import { hasNearlyAll, isInSync, silenceLimit } from '../../../src/domain/replication/in-sync.ts';
import type { MasterLink } from '../../../src/domain/replication/view.ts';
import { desiredNode, link, redis } from '../../builders.ts';

const node = desiredNode('redis-02');

describe('isInSync', () => {
  it.each<[string, Partial<MasterLink>, boolean]>([
    ['a link that is up', {}, true],
    ['a link that is down', { up: false }, false],
    ['up by INFO, and not by ROLE', { state: 'handshake' }, false],
    ['a link of which ROLE says nothing', { state: 'unknown' }, false],
    ['a full synchronization', { syncInProgress: true }, false],
    ['heard at the limit', { lastIoSeconds: 15 }, true],
    ['silent', { lastIoSeconds: 16 }, false],
    ['never heard', { lastIoSeconds: -1 }, false],
    ['heard nobody knows when', { lastIoSeconds: null }, false],
  ])('%s', (_, change, inSync) => {
    expect(isInSync(redis(node, { role: 'replica', master: link(change) }), 15)).toBe(inSync);
  });

  it('is no master, and nobody who loads', () => {
    expect(isInSync(redis(node), 15)).toBe(false);
    expect(isInSync(redis(node, { role: 'replica', master: link(), loading: true }), 15)).toBe(false);
  });
});

describe('silenceLimit', () => {
  it.each([
    ['that pings every 10 s', '10', 15],
    ['that pings seldom', '60', 65],
    ['that pings every second', '1', 6],
    ['whose period makes no sense', '', 15],
    ['whose period is no number', 'often', 15],
  ])('of a master %s', (_, period, seconds) => {
    expect(silenceLimit(new Map([['repl-ping-replica-period', period]]))).toBe(seconds);
  });

  it('is Redis’s own by default', () => {
    expect([silenceLimit(new Map()), silenceLimit(null)]).toEqual([15, 15]);
  });
});

describe('hasNearlyAll', () => {
  it.each([
    [0, 0, true],
    [0, 1, false],
    [99, 100, true],
    [98, 100, false],
    [200, 100, true],
    [1, 0, true],
    [Number.NaN, 100, false],
    [Number.NaN, 0, false],
  ])('%d of %d: %s', (keys, expected, has) => {
    expect(hasNearlyAll(keys, expected)).toBe(has);
  });
});
