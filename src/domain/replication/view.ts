import type { Endpoint } from './endpoint.ts';
import type { History } from './history.ts';
import { numberIn, senseless, subfieldsOf, type Info } from './info.ts';

export type Role = 'master' | 'replica';

/** What a running Redis says of its place in replication: INFO and ROLE, read in one batch. */
export interface ReplicationView extends History {
  role: Role;
  /** Loads its data: from disk, or while it takes up its master’s. */
  loading: boolean;
  /** A replica’s side of the link; null for a master. */
  master: MasterLink | null;
  /** Those attached to it, to a replica, too. */
  replicas: readonly AttachedReplica[];
}

/** A replica’s link to its master, by its own word. Null stands for what INFO does not say. */
export interface MasterLink extends Endpoint {
  /** ROLE’s word, finer than INFO’s. */
  state: LinkState;
  /** `master_link_status:up`. */
  up: boolean;
  /** `master_last_io_seconds_ago`; −1: not connected. */
  lastIoSeconds: number | null;
  /** `master_link_down_since_seconds`: absent while the link is up, −1 where it never was. */
  downSeconds?: number;
  syncInProgress: boolean;
  /** Bytes of the full synchronisation under way. */
  syncReadBytes: number | null;
  /** Null where the master streams: nobody knows beforehand. */
  syncTotalBytes: number | null;
  /** Seconds since the master was last heard during a full synchronisation; −1: not connected. */
  syncLastIoSeconds: number | null;
}

const LINK_STATES = ['none', 'connect', 'connecting', 'handshake', 'sync', 'connected', 'unknown'] as const;

export type LinkState = (typeof LINK_STATES)[number];

/** A replica as the node that it is attached to lists it. */
export interface AttachedReplica {
  /** Where its connection comes from, or its `replica-announce-ip`. */
  address: string;
  /** Where it listens, or its `replica-announce-port`. */
  port: number;
  /** `online`, `wait_bgsave`, `send_bulk`. */
  state: string;
  offset: number | null;
  /** Seconds since it acknowledged. */
  lagSeconds: number | null;
}

/**
 * @param role ROLE’s reply.
 * @throws REDIS_ERROR where one of the two lacks what every Redis says: half a view is none.
 */
export function replicationView(info: Info, role: unknown): ReplicationView {
  const isReplica = ['slave', 'replica'].includes(info.text('role'));
  const state = linkState(role);
  return {
    role: isReplica ? 'replica' : 'master',
    replicationId: info.text('master_replid'),
    replicationId2: info.text('master_replid2'),
    offset: offsetIn(info),
    secondOffset: info.number('second_repl_offset'),
    loading: isLoading(info),
    master: isReplica ? masterLink(info, state) : null,
    replicas: attachedReplicas(info),
  };
}

/** `master_repl_offset`; of a replica `slave_repl_offset`, as what it was sent may not be applied yet. Bytes. */
function offsetIn(info: Info): number {
  return info.number(info.text('role') === 'master' ? 'master_repl_offset' : 'slave_repl_offset');
}

/** `async_loading`, from Redis 7.0 on, is loading with `repl-diskless-load swapdb`. */
function isLoading(info: Info): boolean {
  return info.flag('loading') || info.optionalText('async_loading') === '1';
}

export function masterLink(info: Info, state: LinkState): MasterLink {
  const total = info.optionalNumber('master_sync_total_bytes') ?? 0;
  const downSeconds = info.optionalNumber('master_link_down_since_seconds');
  return {
    host: info.text('master_host'),
    port: info.number('master_port'),
    state,
    up: info.text('master_link_status') === 'up',
    lastIoSeconds: info.optionalNumber('master_last_io_seconds_ago'),
    syncInProgress: info.flag('master_sync_in_progress'),
    syncReadBytes: info.optionalNumber('master_sync_read_bytes'),
    ...(downSeconds === null ? {} : { downSeconds }),
    // A master that streams says 0 or −1.
    syncTotalBytes: total > 0 ? total : null,
    syncLastIoSeconds: info.optionalNumber('master_sync_last_io_seconds_ago'),
  };
}

/**
 * The state in ROLE’s reply, `["slave", host, port, state, offset]`; `unknown` where a master answered.
 * @throws REDIS_ERROR for what is not ROLE’s reply of a data node.
 */
export function linkState(role: unknown): LinkState {
  const [kind, , , word]: readonly unknown[] = Array.isArray(role) ? role : [];
  if (kind !== 'master' && kind !== 'slave' && kind !== 'replica') throw senseless('ROLE names neither role');
  return LINK_STATES.find((state) => state === word) ?? 'unknown';
}

/**
 * `slave0:ip=10.0.0.124,port=6379,state=online,offset=348605,lag=0`. Valkey from 8.0 on lists a replica twice while it
 * sends a snapshot over a second connection (`type=rdb-channel`): that one is not the link.
 */
export function attachedReplicas(info: Info): readonly AttachedReplica[] {
  return info.entries().flatMap(([name, value]) => {
    if (!/^(?:slave|replica)\d+$/.test(name)) return [];
    const fields = subfieldsOf(value);
    const [address, port, state] = [fields.get('ip'), numberIn(fields.get('port')), fields.get('state')];
    if (!address || port === null || !state) throw senseless(`INFO’s ${name} lacks its address, port or state`);
    if (fields.get('type') === 'rdb-channel') return [];
    return [{ address, port, state, offset: numberIn(fields.get('offset')), lagSeconds: numberIn(fields.get('lag')) }];
  });
}
