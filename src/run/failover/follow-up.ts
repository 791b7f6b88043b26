import { clientsIn } from '../../domain/failover/clients.ts';
import type { FailoverRecord } from '../../domain/failover/failover-record.ts';
import { oldMasterNow, syncsSince, type RedisSample } from '../../domain/failover/redis-sample.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';
import type { SentinelFeed } from '../../observed/failover/sentinel-feed.ts';

/** After this time nobody waits for the old master any more. */
const GIVE_UP_MS = 24 * 3_600_000;
/** Clients get this long to leave the old master. */
const CLIENTS_MS = 60_000;

export interface Now {
  date: Date;
  /** Milliseconds since the last look. */
  sinceMs: number;
  /** Where the new master listens. */
  to: Endpoint;
  /** The new master’s counters before the old one came back; undefined if that was not seen. */
  syncsBefore: RedisSample['syncs'] | undefined;
}

/** What changed since the failover: what the old master does, and who is still connected to it. */
export async function followUp(
  record: FailoverRecord,
  feed: Pick<SentinelFeed, 'samples' | 'ask'>,
  { date, sinceMs, to, syncsBefore }: Now,
): Promise<Partial<FailoverRecord>> {
  const samples = feed.samples();
  const sample = samples.get(record.from);
  const syncs = syncsSince(syncsBefore, samples.get(record.to ?? '')?.syncs);
  const old = oldMasterNow(record.old, sample, to, { now: date, sinceMs, syncs });
  const clients = sample ? clientsIn(await feed.ask(record.from, 'CLIENT', 'LIST')) : record.clients;
  const isSettled =
    old.state === 'in-sync' &&
    (clients.length === 0 || date.getTime() - Date.parse(old.backAt ?? record.at) > CLIENTS_MS);
  const isOver = isSettled || date.getTime() - Date.parse(record.at) > GIVE_UP_MS;
  return { old, clients, ...(isOver ? { closedAt: date.toISOString() } : {}) };
}
