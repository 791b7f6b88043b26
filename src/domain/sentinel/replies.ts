import type { Endpoint } from '../replication/endpoint.ts';
import { nodeWords } from '../node-words.ts';
import { settingsIn } from '../redis/config-get.ts';
import { senseless } from '../replication/info.ts';

/** A master as one Sentinel sees it: SENTINEL MASTERS, REPLICAS, SENTINELS and CKQUORUM. */
export interface SentinelMaster extends Endpoint {
  name: string;
  /** `master`, `s_down`, `o_down`, `disconnected`, `failover_in_progress`. */
  flags: ReadonlySet<string>;
  quorum: number;
  downAfterMs: number;
  failoverTimeoutMs: number;
  parallelSyncs: number;
  configEpoch: number;
  replicas: readonly SentinelReplica[];
  peers: readonly SentinelPeer[];
  quorumCheck: QuorumCheck;
}

export interface SentinelReplica extends Endpoint {
  flags: ReadonlySet<string>;
  /** 0: never promoted. */
  priority: number;
  linkUp: boolean;
  /** Since Sentinel last had the replica’s INFO. Milliseconds. */
  infoAgeMs?: number;
}

export interface SentinelPeer extends Endpoint {
  id: string;
  flags: ReadonlySet<string>;
}

/** SENTINEL CKQUORUM’s own words. */
export interface QuorumCheck {
  ok: boolean;
  said: string;
}

/** Replies are lists of names and values. */
type Fields = ReadonlyMap<string, string>;

/** SENTINEL MASTERS, without what needs a further question. @throws REDIS_ERROR for any other reply. */
export function mastersIn(reply: unknown): readonly Omit<SentinelMaster, 'replicas' | 'peers' | 'quorumCheck'>[] {
  return fieldsIn(reply, 'MASTERS').map((fields) => ({
    name: text(fields, 'name'),
    ...endpointIn(fields),
    flags: flagsIn(fields),
    quorum: count(fields, 'quorum'),
    downAfterMs: count(fields, 'down-after-milliseconds'),
    failoverTimeoutMs: count(fields, 'failover-timeout'),
    parallelSyncs: count(fields, 'parallel-syncs'),
    configEpoch: count(fields, 'config-epoch'),
  }));
}

/** SENTINEL REPLICAS. @throws REDIS_ERROR for any other reply. */
export function replicasIn(reply: unknown): readonly SentinelReplica[] {
  return fieldsIn(reply, 'REPLICAS').map((fields) => ({
    ...endpointIn(fields),
    flags: flagsIn(fields),
    priority: count(fields, 'slave-priority'),
    linkUp: fields.get('master-link-status') === 'ok',
    ...(fields.has('info-refresh') ? { infoAgeMs: count(fields, 'info-refresh') } : {}),
  }));
}

/** SENTINEL SENTINELS: the others. @throws REDIS_ERROR for any other reply. */
export function peersIn(reply: unknown): readonly SentinelPeer[] {
  return fieldsIn(reply, 'SENTINELS').map((fields) => ({
    ...endpointIn(fields),
    id: text(fields, 'runid'),
    flags: flagsIn(fields),
  }));
}

/** SENTINEL CKQUORUM answers `OK …`, or the error `NOQUORUM …`. */
export function quorumCheckIn(said: string): QuorumCheck {
  const refusal = said.indexOf('NOQUORUM');
  return refusal === -1
    ? { ok: /^OK\b/.test(said), said: nodeWords(said) }
    : { ok: false, said: nodeWords(said.slice(refusal)) };
}

/** The others that this Sentinel talks to. */
export function seenPeers({ peers }: SentinelMaster): readonly SentinelPeer[] {
  return peers.filter(({ flags }) => !isDown(flags));
}

export function isDown(flags: ReadonlySet<string>): boolean {
  return flags.has('s_down') || flags.has('o_down') || flags.has('disconnected');
}

function fieldsIn(reply: unknown, command: string): readonly Fields[] {
  if (!Array.isArray(reply)) throw senseless(`SENTINEL ${command} did not answer a list`);
  return reply.map((entry: unknown) => settingsIn(entry));
}

/** An unresolved name has no address yet: `?`. */
function endpointIn(fields: Fields): Endpoint {
  return { host: text(fields, 'ip'), port: count(fields, 'port') };
}

function flagsIn(fields: Fields): ReadonlySet<string> {
  return new Set(text(fields, 'flags').split(','));
}

function text(fields: Fields, name: string): string {
  const value = fields.get(name);
  if (value === undefined) throw senseless(`SENTINEL’s reply has no ${name}`);
  // Shown to people: a Sentinel that was taken over may answer anything.
  return nodeWords(value);
}

function count(fields: Fields, name: string): number {
  const value = text(fields, name);
  if (!/^-?\d{1,15}$/.test(value)) throw senseless(`SENTINEL’s ${name} is not a number`);
  return Number(value);
}
