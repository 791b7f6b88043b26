import { movesMaster, type Action, type ActionKind } from '../domain/action.ts';
import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import { presentConf, type NodeFacts } from '../domain/facts.ts';
import { actionsOf, type Plan, type Wave } from '../domain/plan.ts';
import { RedisConf } from '../domain/redis/redis-conf.ts';
import type { SensitiveText } from '../domain/secret.ts';
import { planConverge } from './converge/converge.ts';
import { finished } from './make-plan.ts';
import { rolesOf } from './roles/topology.ts';

/** What a node’s files held before a run changed them; null for one that it did not change. */
export interface PreviousFiles {
  redisConf: RedisConf | null;
  dropIn: SensitiveText | null;
}

/** What a failed run left. */
export interface LeftBehind {
  /** The nodes that it left half done, and what their files held before it. */
  halfDone: ReadonlyMap<string, PreviousFiles>;
  /** The nodes on which all is done that it wanted. */
  done: ReadonlySet<string>;
  /** The master before it, where the run may have moved that role. */
  previousMaster: string | null;
}

/**
 * What is undone on a node that was left half done. The rest (a package, a directory, a unit that is enabled) disturbs
 * nobody where it is, or cannot be undone. Exhaustive, so that a new kind has to say it.
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
  resync: false,
  'move-aside': false,
  'delete-aside': false,
};

/**
 * Puts the nodes that a failed run left half done back as they were: previous files, and a Redis that runs by them; and
 * the master’s role to where it was. Planned as any other change is, from what the nodes are now.
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

/** What such a plan aims at, and its steps take files from: of nodes that are not done, what was there before the run. */
export function clusterBefore(
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  left: LeftBehind,
): DesiredCluster {
  // Nobody approves what is put back: no key is given up for it.
  const policy = { ...desired.policy, mayLoseData: [] };
  return { ...desired, policy, nodes: desired.nodes.map((node) => asBefore(node, observed, left)) };
}

/** Whether a file is what the run wanted of it, whatever role it names: another one is not ours to replace. */
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
 * A role that moved is followed by every node, and by every file: of what those of other nodes say, nothing else is new. A
 * node that was not reached when the role moved follows its old master still.
 */
function undoing(waves: readonly Wave[], { halfDone, done, previousMaster }: LeftBehind): readonly Wave[] {
  const isHandedOver = waves.some(({ actions }) => actions.some(movesMaster));
  // What would give up keys is left as it is.
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
  return waves
    .map(({ actions }) => ({ actions: actions.filter(isNeeded) }))
    .filter(({ actions }) => actions.length > 0);
}

/** Nodes whose passwords the plan sets: what they were before is known to nobody. */
export function nodesWithNewSecrets(plan: Plan): ReadonlySet<string> {
  const actions = actionsOf(plan).filter(
    (action) => action.kind === 'config-set' && action.changes.some(({ secret }) => secret),
  );
  return new Set(actions.map(({ node }) => node));
}
