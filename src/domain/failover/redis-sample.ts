import type { OldMaster } from './failover-record.ts';
import { Info } from '../replication/info.ts';
import { sameEndpoint, type Endpoint } from '../replication/endpoint.ts';

/** A Redis as read a moment ago. */
export interface RedisSample {
  /** Milliseconds of the monotonic clock. */
  at: number;
  role: 'master' | 'replica';
  /** Null for a master. */
  follows: Endpoint | null;
  linkUp: boolean;
  offset: number;
  replicationId: string;
  /** The history before its promotion, and the offset up to which it has it; null for one that was not promoted. */
  before: { replicationId: string; offset: number } | null;
  syncs: { full: number; partial: number };
}

/** @throws REDIS_ERROR if INFO lacks a field. */
export function sampleIn(reply: unknown, at: number): RedisSample {
  const info = new Info(reply);
  const role = info.text('role') === 'master' ? 'master' : 'replica';
  const host = info.optionalText('master_host');
  const port = info.optionalNumber('master_port');
  const second = info.optionalNumber('second_repl_offset') ?? -1;
  return {
    at,
    role,
    follows: host !== null && port !== null ? { host, port } : null,
    linkUp: info.optionalText('master_link_status') === 'up',
    offset: info.number('master_repl_offset'),
    replicationId: info.text('master_replid'),
    before: second < 0 ? null : { replicationId: info.text('master_replid2'), offset: second - 1 },
    syncs: { full: info.number('sync_full'), partial: info.number('sync_partial_ok') },
  };
}

/**
 * Bytes of the old master’s history that the new one lacked at its promotion; null if they cannot be compared.
 * @param old The old master when it was read last.
 */
export function lackedBytes(old: RedisSample | undefined, promoted: RedisSample | undefined): number | null {
  if (!old || !promoted?.before || promoted.before.replicationId !== old.replicationId) return null;
  return Math.max(0, old.offset - promoted.before.offset);
}

/** What the old master does now. @param syncs The new master’s counters, at the failover and now. */
export function oldMasterNow(
  before: OldMaster,
  sample: RedisSample | undefined,
  to: Endpoint,
  { now, sinceMs, syncs }: { now: Date; sinceMs: number; syncs: SyncCounts | null },
): OldMaster {
  if (!sample) return { ...before, state: 'away' };
  const backAt = before.backAt ?? now.toISOString();
  if (sample.role === 'master')
    return {
      ...before,
      backAt,
      state: 'master',
      masterMs: Math.round(before.masterMs + (before.state === 'master' ? sinceMs : 0)),
    };
  if (!sameEndpoint(sample.follows, to)) return { ...before, backAt, state: 'elsewhere' };
  const sync = syncs === null ? null : syncs.full > 0 ? 'full' : syncs.partial > 0 ? 'partial' : null;
  if (!sample.linkUp) return { ...before, backAt, state: 'following' };
  return { ...before, backAt, state: 'in-sync', sync: before.sync ?? sync };
}

type SyncCounts = RedisSample['syncs'];

export function syncsSince(then: SyncCounts | undefined, now: SyncCounts | undefined): SyncCounts | null {
  return then && now ? { full: now.full - then.full, partial: now.partial - then.partial } : null;
}
