import { isDown, type SentinelReplica } from './replies.ts';

/** A Sentinel on a node of the cluster. */
export interface SentinelPlace {
  /** Inventory name of its host. */
  node: string;
  port: number;
}

/** What a switchover through Sentinel needs to know. */
export interface ThroughSentinel {
  /** Sentinel’s name of the cluster. */
  masterName: string;
  /** The first one leads. */
  sentinels: readonly SentinelPlace[];
  /** By node: what a switchover changes for its duration, with the values to put back. */
  settings: Readonly<Record<string, Settings>>;
}

export type Settings = Readonly<Record<string, string>>;

/** Decides whom Sentinel promotes. */
export const PRIORITY = 'replica-priority';
/** Fences the old master: see `src/apply/switchover/fence.ts`. */
export const FENCE = { replicas: 'min-replicas-to-write', lag: 'min-replicas-max-lag' } as const;

/** All that a switchover changes for its duration. */
export const SWITCHOVER_SETTINGS: readonly string[] = [PRIORITY, FENCE.replicas, FENCE.lag];

/** A replica and its `replica-priority`. */
export interface Prioritized {
  /** Null for one that Git does not name. */
  node: string | null;
  priority: number;
}

/**
 * The changes after which Sentinel promotes the target: it takes the lowest priority above 0 (sentinel.c,
 * sentinelSelectSlave). Lowers the target’s where it can: that is one node. Else raises the others’.
 */
export function prioritiesFor(target: string, replicas: readonly Prioritized[]): ReadonlyMap<string, number> {
  const own = replicas.find(({ node }) => node === target)?.priority ?? 0;
  const others = replicas.filter(({ node, priority }) => node !== target && priority > 0);
  const lowest = Math.min(...others.map(({ priority }) => priority));
  if (own > 0 && own < lowest) return new Map();
  if (lowest > 1) return new Map([[target, Math.min(lowest, 1000) - 1]]);
  const raised = others.filter(({ priority }) => priority <= Math.max(own, 1));
  const all = raised.flatMap(({ node }): [string, number][] => (node === null ? [] : [[node, Math.max(own, 1) + 1]]));
  return new Map([...(own > 0 ? [] : [[target, 1] as const]), ...all]);
}

/** Why Sentinel would not promote the target now, as its own view of the replicas has it; null if it would. */
export function notPreferred(target: SentinelReplica | null, all: readonly SentinelReplica[]): string | null {
  if (!target) return 'does not know it';
  if (isDown(target.flags)) return 'calls it down';
  if (!target.linkUp) return 'sees no link from it to the master';
  if (target.priority === 0) return 'has its replica-priority as 0';
  const rivals = all.filter((each) => each !== target && !isDown(each.flags) && each.priority > 0);
  return rivals.some(({ priority }) => priority <= target.priority) ? 'prefers another replica' : null;
}
