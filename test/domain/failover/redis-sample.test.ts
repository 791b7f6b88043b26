import { describe, expect, it } from 'vitest';
import type { OldMaster } from '../../../src/domain/failover/failover-record.ts';
import {
  lackedBytes,
  oldMasterNow,
  sampleIn,
  syncsSince,
  type RedisSample,
} from '../../../src/domain/failover/redis-sample.ts';

const A = 'a'.repeat(40);
const MASTER: RedisSample = {
  at: 1000,
  role: 'master',
  follows: null,
  linkUp: false,
  offset: 500,
  replicationId: A,
  before: null,
  syncs: { full: 2, partial: 0 },
};
const TO = { host: '10.0.0.124', port: 6379 };
const AWAY: OldMaster = { state: 'away', backAt: null, masterMs: 0, sync: null };
const now = new Date('2026-01-01T00:00:00Z');

it('is read from INFO', () => {
  const info = [
    'role:slave',
    'master_host:10.0.0.124',
    'master_port:6379',
    'master_link_status:up',
    'master_repl_offset:700',
    `master_replid:${A}`,
    `master_replid2:${'b'.repeat(40)}`,
    'second_repl_offset:501',
    'sync_full:1',
    'sync_partial_ok:3',
  ].join('\r\n');
  expect(sampleIn(info, 7)).toEqual({
    at: 7,
    role: 'replica',
    follows: TO,
    linkUp: true,
    offset: 700,
    replicationId: A,
    before: { replicationId: 'b'.repeat(40), offset: 500 },
    syncs: { full: 1, partial: 3 },
  });
});

describe('what the new master lacked', () => {
  const promoted = (offset: number, replicationId = A) => ({ ...MASTER, before: { replicationId, offset } });
  it.each([
    ['nothing', promoted(500), 0],
    ['nothing, when it read more than redisops', promoted(900), 0],
    ['some of it', promoted(450), 50],
    ['unknown, of another history', promoted(450, 'c'.repeat(40)), null],
    ['unknown, of one that was not promoted', MASTER, null],
  ])('%s', (_, sample, lacked) => {
    expect(lackedBytes(MASTER, sample)).toBe(lacked);
    expect(lackedBytes(undefined, sample)).toBeNull();
  });
});

describe('the old master', () => {
  const replica: RedisSample = { ...MASTER, role: 'replica', follows: TO };
  it.each<[string, RedisSample | undefined, Partial<OldMaster>]>([
    ['does not answer', undefined, { state: 'away', backAt: null }],
    ['is back as a master', MASTER, { state: 'master', backAt: now.toISOString() }],
    ['synchronizes', replica, { state: 'following' }],
    ['is in sync', { ...replica, linkUp: true }, { state: 'in-sync', sync: 'full' }],
    ['follows another node', { ...replica, follows: { host: '10.0.0.9', port: 6379 } }, { state: 'elsewhere' }],
  ])('%s', (_, sample, expected) => {
    const syncs = syncsSince({ full: 2, partial: 0 }, { full: 3, partial: 0 });
    expect(oldMasterNow(AWAY, sample, TO, { now, sinceMs: 1000, syncs })).toMatchObject(expected);
  });

  it('counts for how long it still acted as a master', () => {
    const first = oldMasterNow(AWAY, MASTER, TO, { now, sinceMs: 1000, syncs: null });
    expect(first.masterMs).toBe(0);
    expect(oldMasterNow(first, MASTER, TO, { now, sinceMs: 1000, syncs: null }).masterMs).toBe(1000);
  });
});
