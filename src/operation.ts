import { applyPlan } from './apply/apply-plan.ts';
import { holdReached, type NodesHold } from './apply/host/hold-nodes.ts';
import { addedRecaps, journalRecap } from './apply/recap.ts';
import { readDesired } from './desired/read-desired.ts';
import type { Backup } from './domain/redis/backup.ts';
import { movesMaster } from './domain/action.ts';
import type { DesiredCluster } from './domain/desired.ts';
import { RedisopsError, asRedisopsError } from './domain/error.ts';
import type { DriftLook } from './domain/drift/drift.ts';
import type { Emit, RunEvent } from './domain/run/event.ts';
import type { NodeFacts } from './domain/facts.ts';
import type { Goal } from './domain/run/goal.ts';
import { actionsOf, keysGivenUp, type Plan } from './domain/plan.ts';
import type { RunResult } from './domain/run/run.ts';
import type { Secret } from './domain/secret.ts';
import { observe } from './observed/observe.ts';
import { observeReached } from './observed/observe-reached.ts';
import { observeSettled } from './observed/observe-settled.ts';
import { continuesPlan } from './plan/continues-plan.ts';
import { finishResync } from './plan/finish-resync.ts';
import { driftOf } from './plan/drift/drift.ts';
import { makePlan } from './plan/make-plan.ts';
import { lostData } from './verify/kept-data.ts';
import { putBack } from './operation/put-back.ts';
import {
  begun,
  couldNotPutBack,
  failedEnd,
  lostHold,
  namesOf,
  refused,
  resultOf,
  withLoss,
  type End,
} from './operation/run-end.ts';
import { verifyReached } from './verify/verify-reached.ts';
import { verify } from './verify/verify.ts';
import type { Backups } from './ports/backups.ts';
import type { Clock } from './ports/clock.ts';
import type { ConfigSource } from './ports/git.ts';
import type { JournalEntry } from './domain/run/journal.ts';
import type { Nodes } from './ports/nodes.ts';

/** How long the bot’s runs wait for a hidden node before they take it as it is: longer than a network blinks or an sshd restarts. */
export const REACH_MS = 15_000;

/** What a look and a change need from outside. */
export interface OperationPorts {
  nodes: Nodes;
  clock: Clock;
  vaultPassword?: Secret;
  /** For how long a run asks again a node that is hidden: by a network that comes back, a host that boots. None where not given. */
  reachMs?: number;
  /** Where backups are kept; without it no plan that needs one is carried out. */
  backups?: Backups;
}

export interface Look {
  desired: DesiredCluster;
  observed: readonly NodeFacts[];
}

export interface Proposal extends Look {
  plan: Plan;
}

/** One run, as far as carrying out a plan must know it. */
export interface Run {
  id: string;
  /** Who asked, for those whom the run keeps out. */
  holder: string;
  emit: Emit;
  record(entry: JournalEntry): Promise<void>;
  /** What an earlier worker did of this run before it died; empty for a run that begins. */
  journal: readonly JournalEntry[];
  /** Aborted when it should end at its next safe point. */
  stop?: AbortSignal;
}

/** How a run ended, and the nodes as they were seen last. */
export interface Execution extends Look {
  result: RunResult;
}

/** Git and the nodes, side by side. Writes nothing. */
export async function look(source: ConfigSource, cluster: string | undefined, ports: OperationPorts): Promise<Look> {
  const desired = await desiredOf(source, cluster, ports);
  return { desired, observed: await observe(desired, ports.nodes) };
}

/** What on the nodes is not as Git asks. Writes nothing. */
export async function drift(
  source: ConfigSource,
  cluster: string | undefined,
  ports: OperationPorts,
): Promise<DriftLook> {
  const { desired, observed } = await look(source, cluster, ports);
  return driftOf(desired, observed);
}

/**
 * The line up to the plan: what would be done for the goal, or, of a run that had `begun`, still has to be. Where it is
 * `patient` it waits for nodes that are hidden. Writes nothing.
 */
export async function propose(
  goal: Goal,
  source: ConfigSource,
  cluster: string | undefined,
  ports: OperationPorts,
  { begun = false, patient = false }: { begun?: boolean; patient?: boolean } = {},
): Promise<Proposal> {
  const desired = await desiredOf(source, cluster, ports);
  const observed = await observeReached(desired, ports.nodes, patient ? (ports.reachMs ?? 0) : 0);
  return { desired, observed, plan: makePlan(goal, desired, observed, { begun }) };
}

/**
 * The line from the approved plan on: hold the nodes, look again, refuse if stale, apply, verify. Always answers with a
 * result, whatever happens on the nodes; only a source that cannot be read is thrown.
 */
export async function execute(
  approved: Plan,
  source: ConfigSource,
  run: Run,
  ports: OperationPorts,
): Promise<Execution> {
  const startedAt = ports.clock.now().getTime();
  const desired = await desiredOf(source, approved.cluster, ports);
  const finish = (end: End, observed: readonly NodeFacts[]): Execution => ({
    desired,
    observed,
    result: { ...resultOf(run.id, approved, desired, end), durationMs: ports.clock.now().getTime() - startedAt },
  });

  const hold = await holdFor(approved, desired, run, ports).catch(asRedisopsError);
  if (hold instanceof RedisopsError) return finish(begun(refused(hold), desired, run.journal), []);
  try {
    const observed =
      run.journal.length > 0 ? await observeSettled(desired, ports.nodes) : await observe(desired, ports.nodes);
    const current = planAgain(approved, desired, observed, run.journal);
    const obstacle = notHeld(observed, hold) ?? obstacleTo(approved, current, run.journal.length > 0);
    if (obstacle) return finish(begun({ ...refused(obstacle), plan: current }, desired, run.journal), observed);

    run.emit({ kind: 'planned', plan: current });
    const carried = await carryOut({ approved, plan: current }, desired, run, hold.lost, ports);
    const end = { ...carried, backups: await backupsOf(approved, run, ports) };
    if (isEmpty(current)) return finish(end, observed);
    const after = await observe(desired, ports.nodes);
    return finish(withLoss(end, lostData(current, observed, after)), after);
  } finally {
    await hold.release();
  }
}

/** One writer for each node. A plan that changes nothing needs none. */
async function holdFor(approved: Plan, desired: DesiredCluster, run: Run, ports: OperationPorts): Promise<NodesHold> {
  const lost = new AbortController().signal;
  if (isEmpty(approved)) return { held: new Set(namesOf(desired)), lost, release: () => Promise.resolve() };
  return holdReached(desired, ports.nodes, `${run.id} by ${run.holder}`, ports.reachMs ?? 0);
}

/** A node that came back between: somebody else may hold it. */
function notHeld(observed: readonly NodeFacts[], { held }: NodesHold): RedisopsError | null {
  const back = observed.find(({ name, reachable }) => reachable && !held.has(name));
  if (!back) return null;
  return new RedisopsError('SSH_UNREACHABLE', `${back.name} could not be reached when the nodes were taken.`, {
    hint: 'It answers by now: ask again.',
  });
}

function isEmpty(plan: Plan): boolean {
  return actionsOf(plan).length === 0;
}

async function desiredOf(
  source: ConfigSource,
  cluster: string | undefined,
  { vaultPassword }: OperationPorts,
): Promise<DesiredCluster> {
  return readDesired(source, {
    ...(cluster === undefined ? {} : { cluster }),
    ...(vaultPassword ? { vaultPassword } : {}),
  });
}

/** For a resynchronisation that was begun, what is left is to wait for it. */
function planAgain(
  approved: Plan,
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  journal: readonly JournalEntry[],
): Plan {
  if (approved.goal.kind === 'resync' && journal.length > 0) {
    const ended = journal.some(({ action, state }) => action === 'resync' && state === 'ended');
    const rest = finishResync(approved.goal, desired, observed, ended);
    if (rest) return rest;
  }
  // The role may have gone to a replica when the worker died.
  const home = journal.length > 0 && handsBack(approved) ? homeOf(approved) : null;
  return makePlan(approved.goal, desired, observed, { home, begun: journal.length > 0 });
}

function handsBack({ topology, waves }: Plan): boolean {
  return waves.some(({ actions }) =>
    actions.some((action) => action.kind === 'hand-over' && action.to.name === topology.master),
  );
}

function homeOf(approved: Plan): string | null {
  return actionsOf(approved).some(movesMaster) ? approved.topology.master : null;
}

function obstacleTo(approved: Plan, current: Plan, resumed: boolean): RedisopsError | null {
  const blocker = current.blockers[0];
  if (blocker) return new RedisopsError(blocker.code, blocker.message, { hint: blocker.hint });
  const isRest = resumed || isLess(approved, current);
  if (current.digest === approved.digest || (isRest && continuesPlan(approved, current))) return null;
  return new RedisopsError('STALE_PLAN', 'The nodes or Git changed since the plan was made.', {
    hint: resumed ? 'Read the new plan and ask again.' : 'Nothing was changed. Read the new plan and ask again.',
  });
}

/** Some of the keys that were to go have expired since; nothing else is new. */
function isLess(approved: Plan, current: Plan): boolean {
  const sameNodes = JSON.stringify(approved.topology) === JSON.stringify(current.topology);
  return sameNodes && keysGivenUp(current) < keysGivenUp(approved);
}

/** The backups that the run made, also by a worker that died. */
async function backupsOf(approved: Plan, run: Run, { backups }: OperationPorts): Promise<readonly Backup[]> {
  if (!backups) return [];
  const nodes = actionsOf(approved).flatMap(({ kind, node }) => (kind === 'back-up' ? [node] : []));
  const newest = await Promise.all(nodes.map((node) => backups.newest(approved.cluster, node)));
  return newest.flatMap((backup) => (backup?.run === run.id ? [backup] : []));
}

async function carryOut(
  { approved, plan }: { approved: Plan; plan: Plan },
  desired: DesiredCluster,
  run: Run,
  lost: AbortSignal,
  ports: OperationPorts,
): Promise<End> {
  const journal = [...run.journal];
  const watch = {
    emit: (event: RunEvent) => run.emit(event),
    record: (entry: JournalEntry) => {
      journal.push(entry);
      return run.record(entry);
    },
    clock: ports.clock,
    verify: () => verify(desired, ports.nodes),
    lost,
    ...(ports.backups ? { keeping: { backups: ports.backups, run: run.id, clock: ports.clock } } : {}),
  };
  const applied = await applyPlan(plan, desired, ports.nodes, { ...watch, ...(run.stop ? { stop: run.stop } : {}) });
  const recap = addedRecaps(journalRecap(namesOf(desired), run.journal), applied.recap);
  if (applied.failure) {
    const failed = { approved, applied, journal, home: homeOf(approved) };
    const back = await putBack(failed, desired, ports, watch).catch(couldNotPutBack);
    return { ...lostHold(failedEnd(applied.failure, back), lost), plan, recap };
  }

  const verification = await verifyReached(desired, ports.nodes, ports.reachMs ?? 0);
  run.emit({ kind: 'verified', verification });
  const end = { plan, verification, recap };
  if (verification.verdict !== 'healthy') {
    const message = `Afterwards the cluster is ${verification.verdict}: ${verification.reasons.map((reason) => reason.message).join('; ')}`;
    const hint = 'The change itself was carried out. `redisops doctor` looks for the cause.';
    return { ...end, outcome: 'failed', code: 'VERIFY_FAILED', message, hint };
  }
  const resumed = run.journal.length > 0;
  if (isEmpty(plan) && !resumed)
    return {
      ...end,
      outcome: 'nothing-to-do',
      code: 'NOTHING_TO_DO',
      message: 'The nodes already are as asked.',
      hint: null,
    };
  const rest = resumed ? ' It had been begun before; now it is finished.' : '';
  return { ...end, outcome: 'done', code: 'DONE', message: `Done, and verified by a write.${rest}`, hint: null };
}
