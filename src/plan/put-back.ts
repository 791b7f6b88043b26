import type { Action, ActionKind } from '../domain/action.ts';
import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import { presentConf, type NodeFacts } from '../domain/facts.ts';
import { actionsOf, hasActions, type Plan, type Wave } from '../domain/plan.ts';
import { RedisConf } from '../domain/redis/redis-conf.ts';
import { movesMaster } from '../domain/run/moves-master.ts';
import type { SensitiveText } from '../domain/secret.ts';
import { planConverge } from './converge/converge.ts';
import { finished } from './make-plan.ts';
import { rolesOf } from './roles/topology.ts';

/** The content of a node’s files before a run; null for a file that the run did not change. */
export interface PreviousFiles {
  redisConf: RedisConf | null;
  dropIn: SensitiveText | null;
}

/** The state after a failed run. */
export interface LeftBehind {
  /** Nodes left half done, with the previous content of their files. */
  halfDone: ReadonlyMap<string, PreviousFiles>;
  /** Nodes on which everything was done. */
  done: ReadonlySet<string>;
  /** The master before the run, if that role may have moved. */
  previousMaster: string | null;
}

/**
 * Which actions are undone on a node left half done. The others (a package, a directory, an enabled unit) are harmless,
 * or cannot be undone. Exhaustive: a new kind does not compile until it is listed.
 */
const UNDONE: Readonly<Record<ActionKind, boolean>> = {
  'write-file': true,
  'daemon-reload': true,
  'reset-failed': true,
  'start-unit': true,
  'restart-unit': true,
  'config-set': true,
  replicate: true,
  'await-link': true,
  'install-package': false,
  'stop-stray-process': false,
  'make-directory': false,
  'enable-unit': false,
  'back-up': false,
  'hand-over': false,
  promote: false,
  resync: false,
  'move-aside': false,
  'delete-aside': false,
  'set-up-sentinel': false,
  'sentinel-set': false,
  'forget-master': false,
  'watch-master': false,
  'reset-sentinel': false,
  'await-sentinels': false,
  'stop-sentinel': false,
  'pause-failover': false,
  'resume-failover': false,
  'note-drained': false,
};

/**
 * The plan to restore nodes left half done by a failed run: previous files, a Redis that runs by them, and the master’s
 * role. Planned like any other change, from the nodes’ current state.
 */
export function planPutBack(
  failed: Plan,
  before: DesiredCluster,
  observed: readonly NodeFacts[],
  left: LeftBehind,
): Plan {
  const roles = rolesOf(before, observed);
  const { waves, blockers, risks } = planConverge(before, roles, left.previousMaster);
  const named = (name: string | null) => name === null || left.halfDone.has(name);
  return finished(failed.goal, before, roles, {
    waves: undoing(waves, left),
    blockers: blockers.filter(({ node }) => named(node)),
    risks: risks.filter(({ node }) => named(node)),
  });
}

/** The target of such a plan: unfinished nodes as they were before the run. */
export function clusterBefore(
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  left: LeftBehind,
): DesiredCluster {
  // Nobody approves a restoration: it may not give up keys.
  const policy = { ...desired.policy, mayLoseData: [] };
  return { ...desired, policy, nodes: desired.nodes.map((node) => asBefore(node, observed, left)) };
}

/** Whether a file has the run’s content, whatever role it names: a different one is not ours to replace. */
export function isAsWanted(wanted: SensitiveText, present: SensitiveText): boolean {
  return withoutRole(wanted).reveal() === withoutRole(present).reveal();
}

function withoutRole(text: SensitiveText): SensitiveText {
  return text instanceof RedisConf ? text.withRole(null) : text;
}

function asBefore(node: DesiredNode, observed: readonly NodeFacts[], { halfDone, done }: LeftBehind): DesiredNode {
  if (done.has(node.name)) return node;
  const facts = observed.find(({ name }) => name === node.name);
  const previous = halfDone.get(node.name);
  const { redisConf, dropIn } = node;
  const conf = facts?.reachable ? presentConf(facts.host, redisConf) : null;
  const file = facts?.reachable ? facts.host.files.get(dropIn.path) : undefined;
  const presentDropIn = file?.exists ? file.content : undefined;
  return {
    ...node,
    redisConf: { ...redisConf, content: previous?.redisConf ?? conf ?? redisConf.content },
    dropIn: { ...dropIn, content: previous?.dropIn ?? presentDropIn ?? dropIn.content },
  };
}

/**
 * Every node and every file follows a moved role: in other nodes’ files nothing else changes. A node that was
 * unreachable when the role moved still follows its old master.
 */
function undoing(waves: readonly Wave[], { halfDone, done, previousMaster }: LeftBehind): readonly Wave[] {
  const isHandedOver = waves.some(({ actions }) => actions.some(movesMaster));
  // Actions that would give up keys are left out.
  const giving = waves.flatMap(({ actions }) =>
    actions.flatMap(({ kind, node }) => (kind === 'back-up' ? [node] : [])),
  );
  const isNeeded = (action: Action): boolean => {
    const { kind, node } = action;
    if (giving.includes(node)) return false;
    if (movesMaster(action)) return true;
    if (previousMaster !== null && (kind === 'replicate' || kind === 'await-link')) return true;
    if (kind === 'write-file' && (isHandedOver || done.has(node))) return true;
    return halfDone.has(node) && UNDONE[kind];
  };
  return waves.map(({ actions }) => ({ actions: actions.filter(isNeeded) })).filter(hasActions);
}

/** Nodes with passwords set by the plan: the old ones are unknown. */
export function nodesWithNewSecrets(plan: Plan): ReadonlySet<string> {
  const actions = actionsOf(plan).filter(
    (action) => action.kind === 'config-set' && action.changes.some(({ secret }) => secret),
  );
  return new Set(actions.map(({ node }) => node));
}
