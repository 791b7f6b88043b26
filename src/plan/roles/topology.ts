import { sameAddress } from '../../domain/address.ts';
import type { MasterLink } from '../../domain/replication/view.ts';
import { endpointOf, sameEndpoint } from '../../domain/replication/endpoint.ts';
import { isUntouchedCopy } from '../../domain/replication/history.ts';
import type { DesiredCluster, DesiredNode } from '../../domain/desired.ts';
import type { NodeFacts, RedisUp } from '../../domain/facts.ts';
import type { Blocker, Topology } from '../../domain/plan.ts';

/** A node as Git wants it beside what was seen of it. */
export interface Pair {
  desired: DesiredNode;
  facts: NodeFacts;
  /** Its Redis, where it runs and can be read. */
  redis: RedisUp | null;
}

export interface Roles {
  pairs: readonly Pair[];
  /** The node that is, or becomes, the master; null where it cannot be told. */
  master: Pair | null;
  /** Whether a running node was found to be it, or Git nominates it. */
  observed: boolean;
  blockers: readonly Blocker[];
  topology: Topology;
}

/**
 * Roles are observed, not decreed. The master is the running one that others follow, or that holds data; where there is
 * none, the one that Git nominates. Which of several, or behind a node that cannot be read, is not for a program to guess.
 */
export function rolesOf(desired: DesiredCluster, observed: readonly NodeFacts[]): Roles {
  const pairs = pairsOf(desired, observed);
  const nominated = pairs.find(({ desired: node }) => node.name === desired.nominatedMaster) ?? null;
  if (!desired.replication) return rolesWith(pairs, nominated, false, []);

  const masters = pairs.filter(({ redis }) => redis?.role === 'master');
  const followed = masters.filter((pair) => pairs.some(({ redis }) => leadsTo(redis?.master, pair)));
  const holding = masters.filter(({ redis }) => (redis?.keys ?? 0) > 0);
  const claimants = withoutCopies([...new Set([...followed, ...holding])]);
  if (claimants.length > 1) {
    const named = nominatedAmong(claimants, nominated, pairs);
    return named
      ? rolesWith(pairs, named, true, strangers(pairs))
      : rolesWith(pairs, null, false, [ambiguous(claimants)]);
  }
  const [master] = claimants;
  if (master) return rolesWith(pairs, master, true, strangers(pairs));

  const foreign = strangers(pairs);
  if (foreign.length > 0) return rolesWith(pairs, null, false, foreign);
  const waiting = pairs.filter(({ redis }) => redis?.role === 'replica');
  if (waiting.length > 0 && !nominatedIsFollowed(waiting, nominated))
    return rolesWith(pairs, null, false, [masterGone(waiting)]);
  return rolesWith(pairs, nominated, false, []);
}

/**
 * Several hold data, and Git names one of them: then the others are to become its replicas, which nobody follows
 * yet. What they hold is backed up, and given up with an approval that says how much (`attach`).
 */
function nominatedAmong(claimants: readonly Pair[], nominated: Pair | null, pairs: readonly Pair[]): Pair | null {
  if (!nominated?.redis || nominated.redis.keys === 0 || !claimants.includes(nominated)) return null;
  const others = claimants.filter((pair) => pair !== nominated);
  const isAlone = (pair: Pair): boolean =>
    pair.redis?.replicas.length === 0 && !pairs.some(({ redis }) => leadsTo(redis?.master, pair));
  return others.every(isAlone) ? nominated : null;
}

/** A promotion that was broken off leaves a second master, which nobody follows and which took nothing of its own. */
function withoutCopies(claimants: readonly Pair[]): readonly Pair[] {
  return claimants.filter(({ redis }) => {
    const isCopyOf = ({ redis: other }: Pair): boolean =>
      redis !== null && other !== null && other !== redis && isUntouchedCopy(redis, other);
    return !redis || redis.replicas.length > 0 || !claimants.some(isCopyOf);
  });
}

/** Whether a node replicates from another one, by its own word, and at its address. */
export function follows({ redis }: Pair, { desired }: Pair): boolean {
  return sameEndpoint(redis?.master ?? null, endpointOf(desired));
}

/** Whether that node is meant: by its address, or by its name, which need not resolve over there. */
export function leadsTo(link: MasterLink | null | undefined, { desired }: Pair): boolean {
  if (link?.port !== desired.redisPort) return false;
  return sameAddress(link.host, desired.address) || link.host.toLowerCase() === desired.name.toLowerCase();
}

function pairsOf(desired: DesiredCluster, observed: readonly NodeFacts[]): readonly Pair[] {
  const byName = new Map(observed.map((facts) => [facts.name, facts]));
  return desired.nodes.map((node) => {
    const facts = byName.get(node.name) ?? unseen(node);
    return { desired: node, facts, redis: facts.reachable && facts.redis.state === 'up' ? facts.redis : null };
  });
}

function unseen({ name, address }: DesiredNode): NodeFacts {
  return {
    reachable: false,
    name,
    address,
    code: 'NODE_UNREACHABLE',
    reason: 'The node was not looked at.',
    hint: null,
  };
}

function rolesWith(
  pairs: readonly Pair[],
  master: Pair | null,
  observed: boolean,
  blockers: readonly Blocker[],
): Roles {
  const topology = {
    master: observed ? (master?.desired.name ?? null) : null,
    nodes: pairs
      .map(({ desired, facts, redis }) => ({
        name: desired.name,
        role: redis ? redis.role : stateOf(facts),
        runId: redis?.runId ?? null,
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
  return { pairs, master, observed, blockers, topology };
}

function stateOf(facts: NodeFacts): 'down' | 'unreadable' | 'unreachable' {
  if (!facts.reachable) return 'unreachable';
  return facts.redis.state === 'down' ? 'down' : 'unreadable';
}

function ambiguous(claimants: readonly Pair[]): Blocker {
  const said = claimants.map(({ desired, redis }) => `${desired.name} (${redis?.keys ?? 0} keys)`);
  return {
    code: 'MASTER_AMBIGUOUS',
    node: null,
    message: `More than one node is a master with data or replicas: ${said.join(', ')}.`,
    hint: 'Decide which data is right. Where Git nominates that node (redis_master_host) and nobody follows the others, they are backed up and become its replicas.',
  };
}

/** Replicas whose master is none of our nodes. */
function strangers(pairs: readonly Pair[]): readonly Blocker[] {
  const foreign = pairs.filter(({ redis }) => redis?.master && !pairs.some((pair) => leadsTo(redis.master, pair)));
  return foreign.map(({ desired, redis }) => ({
    code: 'MASTER_UNKNOWN',
    node: desired.name,
    message: `${desired.name} replicates from ${redis?.master?.host ?? ''}:${redis?.master?.port ?? ''}, which is not in the inventory.`,
    hint: 'Add that node to the inventory, or detach this one by hand if that is what you want.',
  }));
}

/** Replicas that wait for the nominated master to start again are as they should be. Itself it is no replica. */
function nominatedIsFollowed(waiting: readonly Pair[], nominated: Pair | null): boolean {
  return nominated?.redis === null && waiting.every(({ redis }) => leadsTo(redis?.master, nominated));
}

function masterGone(waiting: readonly Pair[]): Blocker {
  const names = waiting.map(({ desired, redis }) => `${desired.name} follows ${redis?.master?.host ?? '?'}`);
  return {
    code: 'MASTER_UNKNOWN',
    node: null,
    message: `No running master was found, but replicas are there: ${names.join(', ')}.`,
    hint: 'Start the master that they follow; promoting a replica is not available yet.',
  };
}
