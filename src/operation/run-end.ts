import type { Applied } from '../apply/apply-plan.ts';
import { journalRecap } from '../apply/recap.ts';
import type { DesiredCluster } from '../domain/desired.ts';
import { asRedisopsError, forPeople, type RedisopsError } from '../domain/error.ts';
import type { Plan } from '../domain/plan.ts';
import { STAYS_OPEN, type NodeRecap, type PutBack, type RunResult } from '../domain/run/run.ts';
import type { JournalEntry } from '../domain/run/journal.ts';

/** How a run ends: all that differs between one end and another. */
export type End = Pick<
  RunResult,
  'outcome' | 'code' | 'message' | 'hint' | 'plan' | 'verification' | 'putBack' | 'backups'
> & {
  recap: readonly NodeRecap[] | null;
};

/** A run that had begun under another worker has changed nodes: that is no refusal any more. */
export function begun(end: End, desired: DesiredCluster, journal: readonly JournalEntry[]): End {
  if (journal.length === 0) return end;
  const recap = journalRecap(namesOf(desired), journal);
  const hint = `What this run did before is in the recap, and nothing was done after that. ${end.hint ?? ''}`;
  return { ...end, outcome: 'failed', hint: hint.trim(), recap };
}

/** The verdict speaks of the present: data that went on the way there is a failure, too. */
export function withLoss(end: End, loss: string | null): End {
  if (!loss) return end;
  const message = end.outcome === 'done' ? loss : `${end.message} ${loss}`;
  const hint =
    'Look at that node’s log first. A copy of the data may be on a replica’s disk: stop nothing before you know.';
  // Such a run would go on later, and find nothing amiss.
  const isUntold = end.outcome === 'done' || STAYS_OPEN.has(end.code);
  return { ...end, outcome: 'failed', code: isUntold ? 'VERIFY_FAILED' : end.code, message, hint };
}

/** Nothing was touched. */
export function refused(error: RedisopsError): End {
  const { code, message, hint } = error;
  return { outcome: 'refused', code, message, hint, plan: null, verification: null, recap: null };
}

/** Putting back has failures of its own: they do not hide the first one. */
export function couldNotPutBack(thrown: unknown): PutBack {
  return { nodes: [], failure: forPeople(asRedisopsError(thrown)).message };
}

/** A step failed, and what was done about the nodes it left. */
export function failedEnd(
  { node, error: { code, message, hint } }: NonNullable<Applied['failure']>,
  back: PutBack | null,
): Omit<End, 'plan' | 'recap'> {
  // A stop is no node’s.
  const what = code === 'STOPPED' ? message : ofNode(node, message);
  const end = { outcome: 'failed', code, hint, verification: null } as const;
  if (!back) return { ...end, message: what };
  const which = back.nodes.length === 1 ? `${back.nodes.join()} was` : `${back.nodes.join(', ')} were`;
  const done = back.nodes.length === 0 ? 'The roles were put right.' : `${which} put back as before.`;
  if (back.failure !== null)
    return { ...end, message: `${what} Not all could be put back: ${back.failure}`, putBack: back };
  return { ...end, message: `${what} ${done}`, putBack: back };
}

/** Where a node was lost before all was put back, the run is not over: whoever holds the nodes next goes on with it. */
export function lostHold<T extends Pick<End, 'code' | 'message' | 'hint' | 'putBack'>>(end: T, lost: AbortSignal): T {
  if (!lost.aborted || end.code === 'STOPPED' || end.putBack?.failure === null) return end;
  const { code, message, hint } = asRedisopsError(lost.reason);
  return { ...end, code, hint, message: end.code === code ? end.message : `${end.message} ${message}` };
}

function ofNode(node: string, message: string): string {
  return message.startsWith(node) ? message : `${node}: ${message}`;
}

/** What is told and kept of a run. */
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

export function namesOf({ nodes }: DesiredCluster): readonly string[] {
  return nodes.map(({ name }) => name);
}
