import { applyPlan, type Applied, type Watch } from '../apply/apply-plan.ts';
import { previousContent } from '../apply/host/previous-file.ts';
import type { Action, WriteFile } from '../domain/action.ts';
import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import type { Code } from '../domain/code.ts';
import type { NodeFacts } from '../domain/facts.ts';
import { actionsOf, type Plan } from '../domain/plan.ts';
import { STAYS_OPEN, type PutBack } from '../domain/run/run.ts';
import { RedisConf } from '../domain/redis/redis-conf.ts';
import type { SensitiveText } from '../domain/secret.ts';
import { observeSettled } from '../observed/observe-settled.ts';
import { makePlan } from '../plan/make-plan.ts';
import { rolesOf } from '../plan/roles/topology.ts';
import { askedOf } from '../plan/asked-of.ts';
import { lostMasterOf, nextMasterOf, previousMasterOf } from './staleness.ts';
import {
  clusterBefore,
  isAsWanted,
  nodesWithNewSecrets,
  planPutBack,
  type LeftBehind,
  type PreviousFiles,
} from '../plan/put-back.ts';
import type { JournalEntry } from '../domain/run/journal.ts';
import type { Nodes } from '../ports/nodes.ts';

/** Codes after which the nodes stay: a person wants that, or the resumed run continues from them. */
const LEFT_AS_IT_IS: ReadonlySet<Code> = new Set<Code>(['STOPPED', ...STAYS_OPEN]);

export interface FailedRun {
  /** As approved: it names each file’s content before the run. */
  approved: Plan;
  applied: Applied;
  /** All steps of the run. */
  journal: readonly JournalEntry[];
  /** The master before the run, if the plan moves that role. */
  previousMaster: string | null;
}

/**
 * After a failure, gives nodes left half done their previous files, and a Redis that runs by them; returns the master’s
 * role. Null if there is nothing to put back.
 */
export async function putBack(
  { approved, applied, journal, previousMaster }: FailedRun,
  desired: DesiredCluster,
  { nodes, reachMs = 0 }: { nodes: Nodes; reachMs?: number },
  watch: Omit<Watch, 'stop'>,
): Promise<PutBack | null> {
  if (!applied.failure || LEFT_AS_IT_IS.has(applied.failure.error.code)) return null;
  if (approved.goal.kind === 'failover' || approved.goal.kind === 'drain')
    return finishRoles(approved, desired, { nodes, reachMs }, watch);
  const isChange = approved.goal.kind === 'converge' || approved.goal.kind === 'rollback';
  if (!isChange || watch.lost?.aborted) return null;
  const observed = await observeSettled(desired, nodes, watch.clock, reachMs);
  const left = await leftBehind({ approved, applied, journal, previousMaster }, desired, observed, nodes);
  const before = clusterBefore(desired, observed, left);
  const plan = planPutBack(approved, before, observed, left);
  const [blocker] = plan.blockers;
  if (blocker) return { nodes: [], failure: blocker.message };
  if (actionsOf(plan).length === 0) return null;

  const names = [...left.halfDone.keys()].filter((name) => actionsOf(plan).some(({ node }) => node === name));
  watch.emit({ kind: 'putting-back', nodes: names, plan });
  const { failure, unfinished } = await applyPlan(plan, { desired: before, observed }, nodes, watch);
  return {
    nodes: names.filter((name) => !unfinished.has(name)),
    failure: failure && failure.error.message,
  };
}

/** A failover whose role has moved is finished, as far as its nodes can be reached: every file names the new master. */
async function finishRoles(
  approved: Plan,
  desired: DesiredCluster,
  { nodes, reachMs }: { nodes: Nodes; reachMs: number },
  watch: Omit<Watch, 'stop'>,
): Promise<PutBack | null> {
  if (watch.lost?.aborted) return null;
  const observed = await observeSettled(desired, nodes, watch.clock, reachMs);
  const target = nextMasterOf(approved);
  if (target === undefined || rolesOf(desired, observed).master?.desired.name !== target) return null;
  const previousMaster = previousMasterOf(approved);
  const lost = lostMasterOf(approved)?.name;
  const rest = makePlan(approved.goal, desired, observed, { begun: true, previousMaster, target, lost });
  const isFile = ({ kind }: Action): boolean => kind === 'write-file';
  const waves = rest.waves.map(({ actions }) => ({ actions: actions.filter(isFile) }));
  const plan = { ...rest, waves, blockers: [] };
  if (actionsOf(plan).length === 0) return null;
  watch.emit({ kind: 'putting-back', nodes: [], plan });
  const asFound = askedOf(approved.goal, desired, observed);
  const { failure } = await applyPlan(plan, { desired: asFound, observed }, nodes, watch);
  return { nodes: [], failure: failure && failure.error.message };
}

async function leftBehind(
  { approved, applied, journal, previousMaster }: FailedRun,
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  nodes: Nodes,
): Promise<LeftBehind> {
  const begun = new Set(journal.map(({ node }) => node));
  const newSecrets = nodesWithNewSecrets(approved);
  const halfDone = new Map<string, PreviousFiles>();
  for (const node of desired.nodes) {
    const isHalfDone = applied.unfinished.has(node.name) && begun.has(node.name);
    if (!isHalfDone || newSecrets.has(node.name) || !ranBefore(node, approved)) continue;
    const facts = observed.find(({ name }) => name === node.name);
    if (facts?.reachable) halfDone.set(node.name, await previousFiles(node, facts, approved, desired, nodes));
  }
  const done = desired.nodes.map(({ name }) => name).filter((name) => !applied.unfinished.has(name));
  return { halfDone, done: new Set(done), previousMaster };
}

/** A node whose Redis was stopped has no state to restore. */
function ranBefore({ name }: DesiredNode, { topology }: Plan): boolean {
  const role = topology.nodes.find((node) => node.name === name)?.role;
  return role === 'master' || role === 'replica';
}

async function previousFiles(
  node: DesiredNode,
  facts: Extract<NodeFacts, { reachable: true }>,
  approved: Plan,
  desired: DesiredCluster,
  nodes: Nodes,
): Promise<PreviousFiles> {
  const previous = async (path: string, wanted: SensitiveText): Promise<SensitiveText | null> => {
    const sha256 = firstWrite(approved, node.name, path)?.replaces;
    const file = facts.host.files.get(path);
    if (!sha256 || !file?.exists || !file.content || !isAsWanted(wanted, file.content)) return null;
    const secrets = [desired.password, desired.masterauth].filter((secret) => secret !== undefined);
    return previousContent({ path, sha256 }, await nodes.connect(node), secrets);
  };
  const redisConf = await previous(node.redisConf.path, node.redisConf.content);
  return {
    redisConf: redisConf && RedisConf.parse(redisConf),
    dropIn: await previous(node.dropIn.path, node.dropIn.content),
  };
}

function firstWrite(plan: Plan, node: string, path: string): WriteFile | undefined {
  return actionsOf(plan).find(
    (action): action is WriteFile => action.kind === 'write-file' && action.node === node && action.path === path,
  );
}
