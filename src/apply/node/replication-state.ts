import type { Endpoint } from '../../domain/action.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** What a step must know of a running Redis right before it acts. Offsets and sizes in bytes. */
export interface ReplicationState {
  processId: number;
  usedMemoryBytes: number;
  /** `used_memory_dataset`. */
  datasetBytes: number;
  role: 'master' | 'replica';
  /** Of all databases. */
  keys: number;
  loading: boolean;
  loadedBytes: number;
  loadTotalBytes: number;
  replicationId: string;
  replicationId2: string;
  offset: number;
  /** First offset that is not of `replicationId2`’s history; −1 where there is none. */
  secondOffset: number;
  link: LinkState | null;
  replicas: readonly { address: string; port: number; state: string }[];
}

/** A replica’s side of the link. */
export interface LinkState {
  master: Endpoint;
  up: boolean;
  /** ROLE’s word: `connect`, `connecting`, `handshake`, `sync`, `connected`. */
  word: string;
  lastIoSeconds: number;
  syncInProgress: boolean;
  syncReadBytes: number;
  /** 0: the master streams and nobody knows yet. */
  syncTotalBytes: number;
  /** Seconds since the master was last heard during a full synchronisation. */
  syncLastIoSeconds: number;
}

/** A replica that has its link and took up all data. */
export function isInSync({ link, loading }: ReplicationState): boolean {
  return link !== null && link.up && !link.syncInProgress && !loading;
}

/** INFO and ROLE, in one batch. */
export async function readState(link: RedisLink): Promise<ReplicationState> {
  const [info, role] = await Promise.all([link.command('INFO'), link.command('ROLE')]);
  return parseState(String(info), Array.isArray(role) ? String(role[3] ?? '') : '');
}

export function parseState(info: string, roleWord: string): ReplicationState {
  const fields = parseFields(info);
  const figure = (name: string, fallback = 0): number => Number(fields.get(name) ?? fallback);
  const isReplica = fields.get('role') === 'slave';
  return {
    processId: figure('process_id'),
    usedMemoryBytes: figure('used_memory'),
    datasetBytes: figure('used_memory_dataset'),
    role: isReplica ? 'replica' : 'master',
    keys: keysOf(fields),
    loading: fields.get('loading') === '1' || fields.get('async_loading') === '1',
    loadedBytes: figure('loading_loaded_bytes'),
    loadTotalBytes: figure('loading_total_bytes'),
    replicationId: fields.get('master_replid') ?? '',
    replicationId2: fields.get('master_replid2') ?? '',
    offset: figure(isReplica ? 'slave_repl_offset' : 'master_repl_offset'),
    secondOffset: figure('second_repl_offset', -1),
    link: isReplica ? linkOf(fields, figure, roleWord) : null,
    replicas: replicasOf(fields),
  };
}

function linkOf(
  fields: ReadonlyMap<string, string>,
  figure: (name: string, fallback?: number) => number,
  word: string,
): LinkState {
  return {
    master: { host: fields.get('master_host') ?? '', port: figure('master_port') },
    up: fields.get('master_link_status') === 'up',
    word,
    lastIoSeconds: figure('master_last_io_seconds_ago', -1),
    syncInProgress: fields.get('master_sync_in_progress') === '1',
    syncReadBytes: Math.max(0, figure('master_sync_read_bytes')),
    syncTotalBytes: Math.max(0, figure('master_sync_total_bytes')),
    syncLastIoSeconds: figure('master_sync_last_io_seconds_ago', -1),
  };
}

/** INFO’s `name:value` lines. */
export function parseFields(info: string): ReadonlyMap<string, string> {
  const pairs = info.split(/\r?\n/).flatMap((line) => {
    const at = line.indexOf(':');
    return at === -1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
  });
  return new Map(pairs);
}

function keysOf(fields: ReadonlyMap<string, string>): number {
  const databases = [...fields].filter(([name]) => /^db\d+$/.test(name));
  return databases.reduce((sum, [, value]) => sum + Number(/^keys=(\d+)/.exec(value)?.[1] ?? 0), 0);
}

function replicasOf(fields: ReadonlyMap<string, string>): ReplicationState['replicas'] {
  return [...fields].flatMap(([name, value]) => {
    const found = /^slave\d+$/.test(name) ? /^ip=([^,]*),port=(\d+),state=([^,]*)/.exec(value) : null;
    return found ? [{ address: found[1] ?? '', port: Number(found[2]), state: found[3] ?? '' }] : [];
  });
}
