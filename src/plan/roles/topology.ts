import type { Identities } from '../../domain/replication/identity.ts';
import { everyNode, identitiesOf } from '../../domain/known-nodes.ts';
import { membersOf } from '../../domain/members.ts';
import { masterless, severalMasters } from '../../domain/replication/no-one-master.ts';
import { isUntouchedCopy } from '../../domain/replication/history.ts';
import type { DesiredCluster, DesiredNode } from '../../domain/desired.ts';
import type { NodeFacts, RedisUp } from '../../domain/facts.ts';
import { sentinelWatch, type SentinelWatch } from '../../domain/health/sentinel-watch.ts';
import type { Blocker, Topology } from '../../domain/plan.ts';
import { chosenAmong, homeOf } from './home.ts';

/** A node’s desired state and its facts. */
export interface Pair {
  desired: DesiredNode;
  facts: NodeFacts;
  /** Null unless running and readable. */
  redis: RedisUp | null;
  /** The node it replicates from; null for a master, or if its master is unknown or ambiguous. */
  follows: string | null;
}

export interface Roles {
  pairs: readonly Pair[];
  identities: Identities;
  /** The current or future master; null if unknown. */
  master: Pair | null;
  /** Where the master’s role belongs, if an earlier run moved it and ended before returning it. */
  home: Pair | null;
  /** True if a running node is the master; false if Git nominates it. */
  observed: boolean;
  blockers: readonly Blocker[];
  topology: Topology;
  /** The Sentinels that watch the cluster, and those that should; null where there are none. */
  watch: SentinelWatch | null;
  /** Git turns Sentinel off: the Sentinels that redisops set up are stopped first. */
  stopsSentinels: boolean;
}

/**
 * Roles are observed, not decreed. The master is the running one that has replicas or data; without one, Git’s nominee.
 * With several, or behind an unreadable node, a program must not guess.
 */
export function rolesOf(desired: DesiredCluster, observed: readonly NodeFacts[]): Roles {
  const facts = everyNode(desired.nodes, observed);
  const identities = identitiesOf(facts);
  const pairs = pairsOf(desired, facts, identities);
  const rolesWith = rolesAmong(pairs, identities, desired);
  const nominated = pairs.find(({ desired: node }) => node.name === desired.nominatedMaster) ?? null;
  if (!desired.replication) return rolesWith(nominated, false, []);

  const masters = pairs.filter(({ redis }) => redis?.role === 'master');
  const followed = masters.filter((pair) => pairs.some((other) => follows(other, pair)));
  const holding = masters.filter(({ redis }) => (redis?.keys ?? 0) > 0);
  const claiming = [...new Set([...followed, ...holding])];
  const chosen = chosenAmong(claiming);
  if (chosen) return rolesWith(chosen, true, unknownMasters(pairs, identities));
  const claimants = withoutCopies(claiming);
  if (claimants.length > 1) {
    const named = nominatedAmong(claimants, nominated, pairs);
    return named
      ? rolesWith(named, true, unknownMasters(pairs, identities))
      : rolesWith(null, false, [ambiguous(claimants, pairs)]);
  }
  const [master] = claimants;
  if (master) return rolesWith(master, true, unknownMasters(pairs, identities));

  const foreign = unknownMasters(pairs, identities);
  if (foreign.length > 0) return rolesWith(null, false, foreign);
  const waiting = pairs.filter(({ redis }) => redis?.role === 'replica');
  if (waiting.length > 0 && !nominatedIsFollowed(waiting, nominated))
    return rolesWith(null, false, [masterGone(waiting, pairs)]);
  return rolesWith(nominated, false, []);
}

/**
 * Several masters hold data, and Git names one of them: the others become its replicas if nothing follows them. Their
 * data is backed up and given up, with an approval that says how much (`attach`).
 */
function nominatedAmong(claimants: readonly Pair[], nominated: Pair | null, pairs: readonly Pair[]): Pair | null {
  if (!nominated?.redis || nominated.redis.keys === 0 || !claimants.includes(nominated)) return null;
  const others = claimants.filter((pair) => pair !== nominated);
  const isAlone = (pair: Pair): boolean =>
    pair.redis?.replicas.length === 0 && !pairs.some((other) => follows(other, pair));
  return others.every(isAlone) ? nominated : null;
}

/** An interrupted promotion leaves a second master without replicas or writes of its own. */
function withoutCopies(claimants: readonly Pair[]): readonly Pair[] {
  return claimants.filter(({ redis }) => {
    const isCopyOf = ({ redis: other }: Pair): boolean =>
      redis !== null && other !== null && other !== redis && isUntouchedCopy(redis, other);
    return !redis || redis.replicas.length > 0 || !claimants.some(isCopyOf);
  });
}

/** Whether a node reports replicating from another one, under any name. */
export function follows(pair: Pair, { desired }: Pair): boolean {
  return pair.follows === desired.name;
}

function pairsOf(desired: DesiredCluster, facts: readonly NodeFacts[], identities: Identities): readonly Pair[] {
  return desired.nodes.flatMap((node, at): Pair[] => {
    const own = facts[at];
    if (!own) return [];
    const redis = own.reachable && own.redis.state === 'up' ? own.redis : null;
    return [{ desired: node, facts: own, redis, follows: identities.nodeAt(redis?.master ?? null, node.name) }];
  });
}

function rolesAmong(pairs: readonly Pair[], identities: Identities, desired: DesiredCluster) {
  const stopsSentinels = desired.sentinelOff === true;
  const watch = sentinelWatch(
    desired,
    pairs.map(({ facts }) => facts),
  );
  return (master: Pair | null, observed: boolean, blockers: readonly Blocker[]): Roles => {
    const topology = {
      master: observed ? (master?.desired.name ?? null) : null,
      nodes: pairs
        .map(({ desired: node, facts, redis }) => ({
          name: node.name,
          role: redis ? redis.role : outageOf(facts),
          runId: redis?.runId ?? null,
        }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    };
    const home = observed && master ? homeOf(master, pairs, desired) : null;
    return { pairs, identities, master, home, observed, blockers, topology, watch, stopsSentinels };
  };
}

function outageOf(facts: NodeFacts): 'down' | 'unreadable' | 'unreachable' {
  if (!facts.reachable) return 'unreachable';
  return facts.redis.state === 'down' ? 'down' : 'unreadable';
}

function ambiguous(claimants: readonly Pair[], pairs: readonly Pair[]): Blocker {
  const members = membersOf(pairs.map(({ facts }) => facts));
  const masters = members.filter(({ name }) => claimants.some(({ desired }) => desired.name === name));
  return severalMasters(masters, members);
}

/** Replicas of an unknown or ambiguous master. */
function unknownMasters(pairs: readonly Pair[], identities: Identities): readonly Blocker[] {
  return pairs.flatMap(({ desired, redis, follows: known }): Blocker[] => {
    if (!redis?.master || known !== null) return [];
    const { host, port } = redis.master;
    const found = identities.identify(redis.master, desired.name);
    const [what, hint] =
      found.kind === 'ambiguous'
        ? [`could be ${found.names.join(' or ')}`, 'Give each node its own address and its own announced address.']
        : ['is not in the inventory', 'Add that node to the inventory, or detach this one by hand if you mean to.'];
    const message = `${desired.name} replicates from ${host}:${port}, which ${what}.`;
    return [{ code: 'MASTER_UNKNOWN', node: desired.name, message, hint }];
  });
}

/** Replicas waiting for the nominated master to start are fine. The nominee itself is no replica. */
function nominatedIsFollowed(waiting: readonly Pair[], nominated: Pair | null): boolean {
  return nominated?.redis === null && waiting.every((pair) => follows(pair, nominated));
}

function masterGone(waiting: readonly Pair[], pairs: readonly Pair[]): Blocker {
  const trouble = masterless(membersOf(pairs.map(({ facts }) => facts)));
  if (trouble) return trouble;
  const names = waiting.map(({ desired, redis }) => `${desired.name} follows ${redis?.master?.host ?? '?'}`);
  return {
    code: 'MASTER_UNKNOWN',
    node: null,
    message: `No running master was found, but replicas are there: ${names.join(', ')}.`,
    hint: 'Decide whose data counts: `failover accept-history NODE` makes that node the master of the others.',
  };
}
