import { applyPlan, type Planned, type Watch } from '../apply/apply-plan.ts';
import { addedRecaps, journalRecap } from '../apply/recap.ts';
import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import { actionsOf, isEmpty, type Plan } from '../domain/plan.ts';
import type { Backup } from '../domain/redis/backup.ts';
import type { RunEvent } from '../domain/run/event.ts';
import type { JournalEntry } from '../domain/run/journal.ts';
import { verifyReached } from '../verify/verify-reached.ts';
import { verify } from '../verify/verify.ts';
import { countWrites, type WriteCounter } from './count-writes.ts';
import { measureOutage, type OutageMeter } from './measure-outage.ts';
import { putBack } from './put-back.ts';
import { couldNotPutBack, failedEnd, lostHold, namesOf, verifiedEnd, withOriginals, type End } from './run-end.ts';
import type { OperationPorts, Run } from './run.ts';
import { lostMasterOf, nextMasterOf, previousMasterOf } from './staleness.ts';
import { isAboutRole } from '../domain/run/moves-master.ts';

/** The approved plan, and the plan to run: the same, or the rest of it. */
export interface Plans {
  approved: Plan;
  current: Plan;
}

/** Applies the plan. On failure it puts back what was left half done; on success it verifies the cluster by a write. */
export async function applyAndVerify(
  { approved, current }: Plans,
  { desired, observed }: Planned,
  run: Run,
  lost: AbortSignal,
  ports: OperationPorts,
): Promise<End> {
  const journal = [...run.journal];
  const outage = measureOutage(masterBefore(approved, desired), desired, ports);
  const writes = isAboutRole(approved.goal) ? countWrites(desired, ports) : null;
  const emit = (event: RunEvent): void => {
    outage.see(event);
    writes?.see(event);
    run.emit(event);
  };
  const meters = { outage, writes };
  const watch = watchOf({ ...run, emit }, journal, desired, lost, ports);
  const stop = run.stop ? { stop: run.stop } : {};
  const applied = await applyPlan(current, { desired, observed }, ports.nodes, { ...watch, ...stop });
  const recap = addedRecaps(journalRecap(namesOf(desired), run.journal), applied.recap);
  if (applied.failure) {
    const failed = { approved, applied, journal, previousMaster: previousMasterOf(approved) };
    const back = await putBack(failed, desired, ports, watch).catch(couldNotPutBack);
    const end = lostHold(failedEnd(applied.failure, back), lost);
    return { ...end, plan: current, recap, ...(await besides(approved, run.id, meters, ports)) };
  }

  const measured = await besides(approved, run.id, meters, ports);
  const verification = await verifyReached(
    withoutDead(desired, approved),
    ports.nodes,
    ports.reachMs ?? 0,
    ports.clock,
  );
  run.emit({ kind: 'verified', verification });
  const verified = verifiedEnd(verification, { isEmpty: isEmpty(current), begun: run.journal.length > 0 });
  const end = withOriginals(verified, approved);
  return { ...end, plan: current, recap, ...measured };
}

/** What a run leaves beside its nodes. */
async function besides(approved: Plan, run: string, { outage, writes }: Meters, ports: OperationPorts) {
  const counted = (await writes?.end()) ?? null;
  const outageMs = await outage.end();
  const following = approved.goal.kind === 'drill' ? counted?.longestGapMs : undefined;
  const measured = {
    backups: await backupsOf(approved, run, ports),
    outageMs: outageMs && following !== undefined ? { ...outageMs, following } : outageMs,
  };
  if (!writes) return measured;
  const from = approved.topology.master ?? lostMasterOf(approved)?.name ?? null;
  const to = nextMasterOf(approved) ?? null;
  return { ...measured, failover: { from, to, writesHeldBackMs: outage.heldBackMs(), writes: counted } };
}

interface Meters {
  outage: OutageMeter;
  /** Of a failover. */
  writes: WriteCounter | null;
}

/** A failover leaves nodes that did not run as they are: dead, but no second master. */
function withoutDead(desired: DesiredCluster, { goal, topology }: Plan): DesiredCluster {
  if (goal.kind !== 'failover') return desired;
  const dead = topology.nodes.flatMap(({ name, role }) => (role === 'down' || role === 'unreachable' ? [name] : []));
  return { ...desired, nodes: desired.nodes.filter(({ name }) => !dead.includes(name)) };
}

function masterBefore({ topology }: Plan, { nodes }: DesiredCluster): DesiredNode | undefined {
  return nodes.find(({ name }) => name === topology.master);
}

/** @param journal Each step is appended. */
function watchOf(
  run: Run,
  journal: JournalEntry[],
  desired: DesiredCluster,
  lost: AbortSignal,
  { nodes, clock, backups }: OperationPorts,
): Omit<Watch, 'stop'> {
  return {
    emit: (event) => run.emit(event),
    record: (entry) => {
      journal.push(entry);
      return run.record(entry);
    },
    clock,
    verify: () => verify(desired, nodes, clock),
    lost,
    ...(backups ? { keeping: { backups, run: run.id } } : {}),
  };
}

/** The run’s backups, including those of an earlier worker. */
async function backupsOf(
  approved: Plan,
  run: string,
  { backups }: Pick<OperationPorts, 'backups'>,
): Promise<readonly Backup[]> {
  if (!backups) return [];
  const nodes = actionsOf(approved).flatMap(({ kind, node }) => (kind === 'back-up' ? [node] : []));
  const newest = await Promise.all(nodes.map((node) => backups.newest(approved.cluster, node)));
  return newest.flatMap((backup) => (backup?.run === run ? [backup] : []));
}
