import type { Endpoint } from './endpoint.ts';
import type { History } from './history.ts';
import { numberIn, senseless, subfieldsOf, type Info } from './info.ts';

export type Role = 'master' | 'replica';

/** A running Redis’s view of replication: INFO and ROLE, read in one batch. */
export interface ReplicationView extends History {
  role: Role;
  /** Loading data, from disk or from its master. */
  loading: boolean;
  /** A replica’s side of the link; null on a master. */
  master: MasterLink | null;
  /** Replicas attached to it; a replica can have some too. */
  replicas: readonly AttachedReplica[];
}

/** A replica’s link to its master, as reported by the replica. Null: not in INFO. */
export interface MasterLink extends Endpoint {
  /** From ROLE, which is more precise than INFO. */
  state: LinkState;
  /** `master_link_status:up`. */
  up: boolean;
  /** `master_last_io_seconds_ago`; −1: not connected. */
  lastIoSeconds: number | null;
  /** `master_link_down_since_seconds`: absent while the link is up, −1 if it never was. */
  downSeconds?: number;
  syncInProgress: boolean;
  /** Bytes received of the running full synchronization. */
  syncReadBytes: number | null;
  /** Null if the master streams, as the size is unknown. */
  syncTotalBytes: number | null;
  /** Seconds since the master last sent data during a full synchronization; −1: not connected. */
  syncLastIoSeconds: number | null;
}

const LINK_STATES = ['none', 'connect', 'connecting', 'handshake', 'sync', 'connected', 'unknown'] as const;

export type LinkState = (typeof LINK_STATES)[number];

/** A replica as listed by the node it is attached to. */
export interface AttachedReplica {
  /** Source address of its connection, or its `replica-announce-ip`. */
  address: string;
  /** Its listening port, or its `replica-announce-port`. */
  port: number;
  /** `online`, `wait_bgsave`, `send_bulk`. */
  state: string;
  offset: number | null;
  /** Seconds since its last acknowledgement. */
  lagSeconds: number | null;
}

/** @param role ROLE’s reply. @throws REDIS_ERROR if either reply lacks a field that every Redis sends. */
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

/** `master_repl_offset`; on a replica `slave_repl_offset`, since received data may not be applied yet. Bytes. */
function offsetIn(info: Info): number {
  return info.number(info.text('role') === 'master' ? 'master_repl_offset' : 'slave_repl_offset');
}

/** `async_loading`, from Redis 7.0 on: loading with `repl-diskless-load swapdb`. */
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
    // 0 or −1 if the master streams.
    syncTotalBytes: total > 0 ? total : null,
    syncLastIoSeconds: info.optionalNumber('master_sync_last_io_seconds_ago'),
  };
}

/**
 * The state in ROLE’s reply, `["slave", host, port, state, offset]`; `unknown` on a master.
 * @throws REDIS_ERROR for anything but a data node’s reply.
 */
export function linkState(role: unknown): LinkState {
  const [kind, , , word]: readonly unknown[] = Array.isArray(role) ? role : [];
  if (kind !== 'master' && kind !== 'slave' && kind !== 'replica') throw senseless('ROLE names neither role');
  return LINK_STATES.find((state) => state === word) ?? 'unknown';
}

/**
 * Parses `slave0:ip=10.0.0.124,port=6379,state=online,offset=348605,lag=0`. Valkey 8.0 and later lists a replica twice
 * while it sends a snapshot over a second connection (`type=rdb-channel`): that entry is not the link.
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
