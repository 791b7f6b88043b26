import type { Applied } from '../apply/apply-plan.ts';
import { journalRecap } from '../apply/recap.ts';
import { hostsOf, type DesiredCluster } from '../domain/desired.ts';
import { asRedisopsError, forPeople, type RedisopsError } from '../domain/error.ts';
import type { Goal } from '../domain/goal.ts';
import { original } from '../domain/file-origin.ts';
import { adoptedFiles, type Plan } from '../domain/plan.ts';
import type { Roles } from '../plan/roles/topology.ts';
import type { JournalEntry } from '../domain/run/journal.ts';
import { STAYS_OPEN, type NodeRecap, type PutBack, type RunResult } from '../domain/run/run.ts';
import type { Verification } from '../domain/verification.ts';

/** The fields in which ends of runs differ. */
export type End = Pick<
  RunResult,
  | 'outcome'
  | 'code'
  | 'message'
  | 'hint'
  | 'plan'
  | 'verification'
  | 'putBack'
  | 'backups'
  | 'outageMs'
  | 'failover'
  | 'drill'
> & {
  recap: readonly NodeRecap[] | null;
};

type EndOfSteps = Omit<End, 'plan' | 'recap'>;

/** Refused before any step: this worker changed nothing. */
export function refusedEnd({ code, message, hint }: RedisopsError): End {
  return { outcome: 'refused', code, message, hint, plan: null, verification: null, recap: null };
}

/** A refused run begun by an earlier worker has changed nodes: it failed. */
export function failedIfBegun(end: End, desired: DesiredCluster, journal: readonly JournalEntry[]): End {
  if (journal.length === 0) return end;
  const recap = journalRecap(namesOf(desired), journal);
  const hint = `The recap shows what this run had done. Nothing was done after that. ${end.hint ?? ''}`;
  return { ...end, outcome: 'failed', hint: hint.trim(), recap };
}

/** All steps succeeded: the verification decides. */
export function verifiedEnd(verification: Verification, run: { isEmpty: boolean; begun: boolean }): EndOfSteps {
  const { verdict, reasons } = verification;
  if (verdict !== 'healthy')
    return {
      outcome: 'failed',
      code: 'VERIFY_FAILED',
      message: `Afterwards the cluster is ${verdict}: ${reasons.map(({ message }) => message).join('; ')}`,
      hint: 'Every step of the change succeeded. Run `redisops doctor` to find the cause.',
      verification,
    };
  if (run.isEmpty && !run.begun)
    return {
      outcome: 'nothing-to-do',
      code: 'NOTHING_TO_DO',
      message: 'The nodes already match.',
      hint: null,
      verification,
    };
  const rest = run.begun ? ' The run had been interrupted and is now complete.' : '';
  return {
    outcome: 'done',
    code: 'DONE',
    message: `Done and verified with a write.${rest}`,
    hint: null,
    verification,
  };
}

/** Says where foreign files replaced by the run are kept. */
export function withOriginals<T extends Pick<End, 'outcome' | 'message'>>(end: T, approved: Plan): T {
  const files = adoptedFiles(approved);
  if (end.outcome !== 'done' || files.length === 0) return end;
  const nodes = [...new Set(files.map(({ node }) => node))];
  const paths = [...new Set(files.map(({ path }) => original(path)))];
  return { ...end, message: `${end.message} What it replaced is kept on ${nodes.join(', ')}: ${paths.join(', ')}.` };
}

/** A step failed; includes what was done about the nodes. */
export function failedEnd(
  { node, error: { code, message, hint } }: NonNullable<Applied['failure']>,
  back: PutBack | null,
): EndOfSteps {
  // A stop belongs to no node.
  const what = code === 'STOPPED' ? message : ofNode(node, message);
  const end = { outcome: 'failed', code, hint, verification: null } as const;
  if (!back) return { ...end, message: what };
  if (back.failure !== null)
    return { ...end, message: `${what} Not everything could be restored: ${back.failure}`, putBack: back };
  return { ...end, message: `${what} ${whatWasPutBack(back)}`, putBack: back };
}

function ofNode(node: string, message: string): string {
  return message.startsWith(node) ? message : `${node}: ${message}`;
}

function whatWasPutBack({ nodes }: PutBack): string {
  if (nodes.length === 0) return 'The files have the current roles again.';
  return `${nodes.join(', ')} ${nodes.length === 1 ? 'was' : 'were'} restored.`;
}

/** Putting back may fail too, which must not hide the first failure. */
export function couldNotPutBack(thrown: unknown): PutBack {
  return { nodes: [], failure: forPeople(asRedisopsError(thrown)).message };
}

/** If a node was lost before all was put back, the run stays open: the next worker to hold the nodes resumes it. */
export function lostHold<T extends Pick<End, 'code' | 'message' | 'hint' | 'putBack'>>(end: T, lost: AbortSignal): T {
  if (!lost.aborted || end.code === 'STOPPED' || end.putBack?.failure === null) return end;
  const { code, message, hint } = asRedisopsError(lost.reason);
  return { ...end, code, hint, message: end.code === code ? end.message : `${end.message} ${message}` };
}

/** The verdict covers only the present: data lost on the way is a failure too. */
export function withLoss(end: End, loss: string | null): End {
  if (!loss) return end;
  const message = end.outcome === 'done' ? loss : `${end.message} ${loss}`;
  const hint =
    'Check that node’s log first. A replica’s disk may have a copy of the data: do not stop anything until you know.';
  // A run left open would be resumed, find nothing wrong, and report no loss.
  const isUntold = end.outcome === 'done' || STAYS_OPEN.has(end.code);
  return { ...end, outcome: 'failed', code: isUntold ? 'VERIFY_FAILED' : end.code, message, hint };
}

/** A run that ended while the role was elsewhere says how to move it back. */
export function withRoleAway(end: End, { master, home }: Pick<Roles, 'master' | 'home'>): End {
  if (!master || !home || STAYS_OPEN.has(end.code)) return end;
  const away = `${master.desired.name} has the master’s role for now: \`apply\` hands it back to ${home.desired.name}.`;
  return { ...end, hint: [end.hint, away].filter((text) => text !== null).join(' ') };
}

/** A failover is done in Git, too, once that nominates the new master: for the day when the cluster has none. */
export function withNomination(
  end: End,
  goal: Goal,
  { nominatedMaster }: DesiredCluster,
  { master }: Pick<Roles, 'master'>,
): End {
  const name = master?.desired.name;
  if (goal.kind !== 'failover' || end.outcome !== 'done' || name === undefined || name === nominatedMaster) return end;
  const keep = `Git still nominates ${nominatedMaster}. Nothing moves the role back; put \`redis_master_host: ${name}\` into Git all the same: it decides if the cluster ever has no master.`;
  return { ...end, hint: [end.hint, keep].filter((text) => text !== null).join(' ') };
}

/** The result as reported and stored. */
export function resultOf(
  run: string,
  approved: Plan,
  desired: DesiredCluster,
  end: End,
): Omit<RunResult, 'durationMs'> {
  const { recap, ...rest } = end;
  const untouched = namesOf(desired).map((name) => ({ name, ok: 0, changed: 0, failed: 0, skipped: 0 }));
  return {
    run,
    cluster: approved.cluster,
    goal: approved.goal,
    revision: desired.revision,
    ...rest,
    nodes: recap ?? untouched,
  };
}

export function namesOf(desired: DesiredCluster): readonly string[] {
  return hostsOf(desired).map(({ name }) => name);
}
