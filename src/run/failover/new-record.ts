import {
  type Abort,
  type FailoverCause,
  type FailoverRecord,
  type WatchedMaster,
} from '../../domain/failover/failover-record.ts';
import { lackedBytes, type RedisSample } from '../../domain/failover/redis-sample.ts';
import { causeIn, lastTryAt, promotedAt, votesIn, type SentinelEvent } from '../../domain/failover/sentinel-events.ts';
import type { RunRecord } from '../../domain/run/run.ts';
import type { SentinelView } from '../../observed/failover/sentinel-feed.ts';

/** All that was seen around a failover. */
export interface Seen {
  cluster: string;
  now: Date;
  /** Milliseconds of the monotonic clock. */
  elapsed: number;
  known: WatchedMaster;
  /** Inventory names of the old master, and of the new one. */
  from: string;
  to: string | null;
  epoch: number;
  events: readonly SentinelEvent[];
  views: readonly SentinelView[];
  /** The old master as it was read last while it was one; the new one as it is. */
  old: RedisSample | undefined;
  promoted: RedisSample | undefined;
  /** The cluster’s last failovers, newest first. */
  before: readonly FailoverRecord[];
  running: RunRecord | undefined;
  /** A second failover within this time is flagged. */
  againMs: number;
}

/** The record of a failover that was just done. */
export function doneRecord(seen: Seen): FailoverRecord {
  const cause = causeOf(seen);
  const end = promotedAt(seen.events) ?? seen.promoted?.at;
  const isDown = cause.kind === 'down' && seen.old !== undefined && end !== undefined;
  return {
    ...common(seen, cause),
    noWritesMs: isDown ? Math.max(0, Math.round(end - (seen.old?.at ?? end))) : null,
    lackedBytes: lackedBytes(seen.old, seen.promoted),
    after: cause.kind === 'run' ? null : recentOne(seen),
  };
}

/** The record of a failover that Sentinel gave up. */
export function givenUpRecord(seen: Seen, event: Abort, timeoutMs: number | null): FailoverRecord {
  return {
    ...common(seen, causeIn(seen.events, seen.known)),
    givenUp: { event, tries: 1, nextTryAt: nextTryAt(seen, timeoutMs) },
  };
}

/**
 * Sentinel tries again twice `failover-timeout` after it began the last try (sentinel.c,
 * sentinelStartFailoverIfNeeded). Null if that was not heard.
 */
export function nextTryAt(
  { events, known, now, elapsed }: Pick<Seen, 'events' | 'known' | 'now' | 'elapsed'>,
  timeoutMs: number | null,
): string | null {
  const at = lastTryAt(events, known);
  if (at === undefined || timeoutMs === null) return null;
  return new Date(now.getTime() - (elapsed - at) + 2 * timeoutMs).toISOString();
}

function causeOf({ events, known, running }: Seen): FailoverCause {
  const cause = causeIn(events, known);
  if (running && (cause.kind === 'asked' || running.goal.kind === 'failover')) return { kind: 'run', run: running.run };
  return cause;
}

function common(seen: Seen, cause: FailoverCause): FailoverRecord {
  const { cluster, now, from, to, epoch, events, views } = seen;
  const hostOf = (id: string): string | null => views.find((view) => view.id === id)?.node ?? null;
  return {
    failover: nameOf(now, epoch, to),
    cluster,
    at: now.toISOString(),
    from,
    to,
    epoch,
    cause,
    votes: votesIn(events, hostOf),
    sentinels: views.length,
    givenUp: null,
    noWritesMs: null,
    lackedBytes: null,
    old: { state: 'away', backAt: null, masterMs: 0, sync: null },
    clients: [],
    after: null,
    closedAt: null,
    acknowledged: null,
    pullRequest: null,
    wayBack: null,
    message: null,
    shown: null,
  };
}

/** `f-20261130-201512-e7`. */
function nameOf(now: Date, epoch: number, to: string | null): string {
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `f-${stamp}-e${epoch}${to === null ? 'x' : ''}`;
}

function recentOne({ before, now, againMs }: Seen): FailoverRecord['after'] {
  const last = before.find(({ to, cause }) => to !== null && cause.kind !== 'run');
  const agoMs = last ? now.getTime() - Date.parse(last.at) : Infinity;
  return last && agoMs <= againMs
    ? { failover: last.failover, minutes: Math.max(1, Math.round(agoMs / 60_000)) }
    : null;
}
