import type { DesiredCluster } from '../desired.ts';
import type { NodeFacts, RedisUp } from '../facts.ts';
import type { Drained } from '../maintenance/drained.ts';
import type { Fault } from '../verdict.ts';
import { hasNearlyAll, isConnected } from '../replication/in-sync.ts';
import { minuteOf } from '../text/minute.ts';

/** A node’s Redis as it was seen last. */
export interface SeenRedis {
  runId: string;
  role: RedisUp['role'];
  replicationId: string;
  offset: number;
  keys: number;
  /** ISO 8601. */
  at: string;
}

/** What happened to a node between two looks, outside any run. It is reported until someone acknowledges it. */
export interface Incident {
  code: 'DATA_LOST' | 'REDIS_RESTARTED';
  node: string;
  message: string;
  /** When it was noticed. ISO 8601. */
  at: string;
}

/** What is remembered of a cluster between looks. */
export interface LastLook {
  nodes: Readonly<Record<string, SeenRedis>>;
  incidents: readonly Incident[];
  /** Drained hosts, by node. Absent from looks of earlier versions. */
  drained?: Readonly<Record<string, Drained>>;
}

const KEPT_INCIDENTS = 30;

/** Compares the nodes with the last look, and remembers them. */
export function nextLook(last: LastLook | null, observed: readonly NodeFacts[], at: string): LastLook {
  const known = last ?? { nodes: {}, incidents: [] };
  const found = observed.flatMap((facts) => incidentsOn(facts, known.nodes[facts.name], at));
  return { ...remembered(known, observed, at), incidents: [...known.incidents, ...found].slice(-KEPT_INCIDENTS) };
}

/** Remembers the nodes after a run, which restarted them itself. */
export function lookAfterRun(last: LastLook | null, observed: readonly NodeFacts[], at: string): LastLook {
  return remembered(last ?? { nodes: {}, incidents: [] }, observed, at);
}

/** Lost data makes a cluster degraded until it is acknowledged; a restart alone does not. */
export function incidentFaults(incidents: readonly Incident[]): readonly Fault[] {
  const hint = 'If the data is not needed, run `acknowledge`. If it is, restore it from a backup first.';
  return incidents
    .filter(({ code }) => code === 'DATA_LOST')
    .map(({ code, node, message }) => ({ verdict: 'degraded', code, node, message, hint }));
}

/** A drained host that cannot be read is still drained: it may be rebooting. */
export function stillDrained(
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  { drained = {} }: LastLook,
): DesiredCluster {
  const unread = new Set(observed.filter(({ reachable }) => !reachable).map(({ name }) => name));
  const nodes = desired.nodes.map((node) => {
    const note = unread.has(node.name) ? drained[node.name] : undefined;
    return note ? { ...node, drained: note } : node;
  });
  return { ...desired, nodes };
}

function remembered(last: LastLook, observed: readonly NodeFacts[], at: string): LastLook {
  const seen = observed.flatMap((facts) => {
    const redis = settledRedis(facts);
    return redis ? [[facts.name, seenRedis(redis, at)] as const] : [];
  });
  const drained = observed.flatMap((facts) => {
    const note = facts.reachable ? facts.host.drained : last.drained?.[facts.name];
    return note ? [[facts.name, note] as const] : [];
  });
  return {
    ...last,
    nodes: { ...last.nodes, ...Object.fromEntries(seen) },
    drained: Object.fromEntries(drained),
  };
}

/** A synchronizing or loading node is between two states: the earlier one counts until it is done. */
function settledRedis(facts: NodeFacts): RedisUp | null {
  if (!facts.reachable || facts.redis.state !== 'up' || facts.redis.loading) return null;
  const { master } = facts.redis;
  return master && !isConnected(master) ? null : facts.redis;
}

function seenRedis({ runId, role, replicationId, offset, keys }: RedisUp, at: string): SeenRedis {
  return { runId, role, replicationId, offset, keys, at };
}

function incidentsOn(facts: NodeFacts, was: SeenRedis | undefined, at: string): readonly Incident[] {
  const redis = settledRedis(facts);
  if (!redis || !was) return [];
  const isRestarted = redis.runId !== was.runId;
  const hasNewHistory = redis.replicationId !== was.replicationId && redis.replicationId2 !== was.replicationId;
  // Within one history only clients delete keys.
  const isBroken = redis.offset < was.offset || (hasNewHistory && (isRestarted || redis.role === 'replica'));
  const isLost = isBroken && !hasNearlyAll(redis.keys, was.keys);
  if (!isLost && !isRestarted) return [];
  const changes = [
    ...(isRestarted ? ['it restarted'] : []),
    ...(hasNewHistory ? ['its replication ID is new'] : []),
    ...(redis.offset < was.offset ? [`its offset fell from ${was.offset} to ${redis.offset}`] : []),
    redis.keys < was.keys ? `its keys went from ${was.keys} to ${redis.keys}` : `its keys: ${redis.keys}`,
  ];
  const message = `Since ${minuteOf(was.at)}, outside any run: ${changes.join(', ')}.`;
  return [{ code: isLost ? 'DATA_LOST' : 'REDIS_RESTARTED', node: facts.name, message, at }];
}
