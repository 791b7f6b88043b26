import { createHash } from 'node:crypto';
import type { Action } from '../../domain/action.ts';
import type { DesiredCluster, DesiredNode } from '../../domain/desired.ts';
import { presentConf, type HostFacts, type NodeFacts, type RedisUp } from '../../domain/facts.ts';
import type { DrainGoal, UndrainGoal } from '../../domain/goal.ts';
import {
  DRAINED_PRIORITY,
  PRIORITY,
  USUAL_PRIORITY,
  whileDrained,
  type Drained,
} from '../../domain/maintenance/drained.ts';
import { hasActions, type Plan } from '../../domain/plan.ts';
import { configSet } from '../directives/config-set.ts';
import { nodeAsFound } from '../failover/as-found.ts';
import { planFailover, type Seen } from '../failover/failover.ts';
import { fileBlockers } from '../failover/planned.ts';
import { unreadBlockers } from '../guards/reading.ts';
import { redisConfAction } from '../host/write-file.ts';
import { rolesOf, type Pair, type Roles } from '../roles/topology.ts';
import { pairNamed } from '../synchronize/resync.ts';
import { noteDrained } from './note.ts';
import { rebootBlockers, rebootRisks } from './reboot.ts';

type Draft = Pick<Plan, 'waves' | 'blockers' | 'risks' | 'candidates'>;

/**
 * The node first takes no role any more, then its role goes: a run that dies in between leaves a node that nobody elects,
 * and the next one goes on.
 */
export function planDrain(
  goal: DrainGoal,
  desired: DesiredCluster,
  roles: Roles,
  seen: Seen & { target: string | undefined },
): Draft {
  const pair = pairNamed(goal.node, roles);
  const { facts } = pair;
  const unread = unreadBlockers([pair]);
  if (!facts.reachable || unread.length > 0) return { waves: [], blockers: unread, risks: [] };
  const drained = facts.host.drained ?? drainedNow(goal, pair);
  const own = priorityActions(pair, facts.host, { line: DRAINED_PRIORITY, running: DRAINED_PRIORITY });
  const note = facts.host.drained ? [] : [noteDrained(goal.node, drained)];
  const then = rolesOf(
    desired,
    roles.pairs.map((each) => (each === pair ? whenDrained(pair) : each.facts)),
  );
  const isMaster = roles.master === pair || seen.previousMaster === goal.node;
  const away = isMaster
    ? planFailover({ kind: 'failover', mode: 'planned', node: seen.target }, desired, then, seen)
    : { waves: [], blockers: roles.blockers, risks: [] };
  return {
    ...away,
    waves: [{ actions: [...note, ...own] }, ...away.waves].filter(hasActions),
    blockers: [...away.blockers, ...fileBlockers(own, roles), ...rebootBlockers(pair, roles)],
    risks: [...away.risks, ...rebootRisks(pair, roles)],
  };
}

/** What was there before the drain is there again, and the note goes last. */
export function planUndrain({ node }: UndrainGoal, roles: Roles): Draft {
  const pair = pairNamed(node, roles);
  const { facts } = pair;
  const unread = facts.reachable && facts.redis.state === 'down' ? [] : unreadBlockers([pair]);
  if (!facts.reachable || unread.length > 0) return { waves: [], blockers: unread, risks: [] };
  const { drained } = facts.host;
  if (!drained) return { waves: [], blockers: [], risks: [] };
  const { line, running } = drained;
  const own = priorityActions(pair, facts.host, { line, running: running ?? line ?? USUAL_PRIORITY });
  return {
    waves: [{ actions: [...own, noteDrained(node, null)] }],
    blockers: fileBlockers(own, roles),
    risks: [],
  };
}

/** The cluster as found, with the node’s priority as the goal wants it. */
export function clusterDrained(
  goal: DrainGoal | UndrainGoal,
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
): DesiredCluster {
  const nodes = desired.nodes.map((node) => {
    const facts = observed.find(({ name }) => name === node.name);
    const found = nodeAsFound(node, facts);
    if (node.name !== goal.node) return found;
    const line = goal.kind === 'drain' ? DRAINED_PRIORITY : (node.drained?.line ?? null);
    return withPriority(found, line);
  });
  return { ...desired, nodes };
}

function drainedNow({ at, by }: DrainGoal, { facts, redis, desired }: Pair): Drained {
  const conf = facts.reachable ? presentConf(facts.host, desired.redisConf) : null;
  return { at, by, line: conf?.get(PRIORITY) ?? null, running: redis?.configuration.get(PRIORITY) ?? null };
}

function priorityActions(
  { desired, facts, redis }: Pair,
  host: HostFacts,
  { line, running }: { line: string | null; running: string },
): readonly Action[] {
  const conf = presentConf(host, desired.redisConf);
  const wanted = withPriority(nodeAsFound(desired, facts), line);
  const file = conf ? redisConfAction(wanted, host, conf.replicaof) : null;
  return [
    ...(file ? [{ ...file, reason: 'The priority outlives a restart.' }] : []),
    ...live(desired, redis, host, running),
  ];
}

function live(node: DesiredNode, redis: RedisUp | null, host: HostFacts, to: string): readonly Action[] {
  const from = redis?.configuration.get(PRIORITY);
  if (!redis || from === undefined || from === to) return [];
  const change = { directive: PRIORITY, from, to, secret: false };
  const actions = configSet(node, { redis, memoryAvailableBytes: host.memoryAvailableBytes }, [change]);
  // It concerns no client: only who may become the master.
  return actions.map((action) => ({ ...action, disruptive: false, reason: 'Redis takes it live: no restart.' }));
}

function withPriority(node: DesiredNode, line: string | null): DesiredNode {
  return { ...node, redisConf: { ...node.redisConf, content: node.redisConf.content.withDirective(PRIORITY, line) } };
}

/** The facts after the first wave, for the plan of the second. */
function whenDrained({ desired, facts }: Pair): NodeFacts {
  if (!facts.reachable) return facts;
  const { path } = desired.redisConf;
  const file = facts.host.files.get(path);
  const conf = presentConf(facts.host, desired.redisConf);
  const files = new Map(facts.host.files);
  if (file?.exists && conf) {
    const content = whileDrained(conf);
    const text = content.reveal();
    const sha256 = createHash('sha256').update(text).digest('hex');
    files.set(path, { ...file, content, sha256, size: Buffer.byteLength(text) });
  }
  const host = { ...facts.host, files };
  if (facts.redis.state !== 'up') return { ...facts, host };
  const configuration = new Map(facts.redis.configuration).set(PRIORITY, DRAINED_PRIORITY);
  return { ...facts, host, redis: { ...facts.redis, configuration } };
}
