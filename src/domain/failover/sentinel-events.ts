import type { Endpoint } from '../replication/endpoint.ts';
import { sameEndpoint } from '../replication/endpoint.ts';
import { ABORT_EVENTS, type Abort, type FailoverCause, type Vote } from './failover-record.ts';

/**
 * An event as a Sentinel publishes it: the channel names it.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#pubsub-messages
 */
export interface SentinelEvent {
  /** Inventory name of the Sentinel’s host. */
  by: string;
  channel: string;
  message: string;
  /** Milliseconds of the monotonic clock. */
  at: number;
}

/** `+switch-master`: name, old address, new address. Null for any other event. */
export function switchIn({ channel, message }: SentinelEvent): { name: string; from: Endpoint; to: Endpoint } | null {
  if (channel !== '+switch-master') return null;
  const [name = '', fromHost = '', fromPort, toHost = '', toPort] = message.split(' ');
  const [from, to] = [
    { host: fromHost, port: Number(fromPort) },
    { host: toHost, port: Number(toPort) },
  ];
  return isPort(from.port) && isPort(to.port) ? { name, from, to } : null;
}

/** The master that an event is about: `master NAME IP PORT …`. Null for events of replicas and Sentinels. */
export function masterIn({ message }: SentinelEvent): Endpoint | null {
  const [kind, , host = '', port] = message.split(' ');
  return kind === 'master' && isPort(Number(port)) ? { host, port: Number(port) } : null;
}

export function abortIn({ channel }: SentinelEvent): Abort | null {
  return ABORT_EVENTS.find((event) => event === channel) ?? null;
}

/** Why the failover of that master happened, from the events before it. */
export function causeIn(events: readonly SentinelEvent[], old: Endpoint): FailoverCause {
  const about = events.filter((event) => sameEndpoint(masterIn(event), old));
  const down = about.findLast(({ channel }) => channel === '+odown');
  if (down) return { kind: 'down', quorum: /#quorum (\d+\/\d+)/.exec(down.message)?.[1] ?? null };
  return about.some(({ channel }) => channel === '+try-failover') ? { kind: 'asked' } : { kind: 'unknown' };
}

/** The votes of the last election. @param hostOf Names the host of a Sentinel by its ID. */
export function votesIn(events: readonly SentinelEvent[], hostOf: (id: string) => string | null): readonly Vote[] {
  const votes = events.flatMap(({ channel, message, by }) => {
    const [id = '', epoch] = message.split(' ');
    return channel === '+vote-for-leader' ? [{ by, id, epoch: Number(epoch) }] : [];
  });
  const last = Math.max(...votes.map(({ epoch }) => epoch));
  return votes
    .filter(({ epoch }) => epoch === last)
    .map(({ by, id }) => ({ by, leader: hostOf(id) ?? id.slice(0, 8) }))
    .toSorted((a, b) => a.by.localeCompare(b.by));
}

/** When the replica became a master, as the leader saw it; undefined if nobody said. */
export function promotedAt(events: readonly SentinelEvent[]): number | undefined {
  return events.findLast(({ channel }) => channel === '+promoted-slave')?.at;
}

export function lastTryAt(events: readonly SentinelEvent[], master: Endpoint): number | undefined {
  return events.findLast((event) => event.channel === '+try-failover' && sameEndpoint(masterIn(event), master))?.at;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}
