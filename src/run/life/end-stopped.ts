import { movesMaster } from '../../domain/action.ts';
import type { Plan } from '../../domain/plan.ts';
import { isFinal, type RunRecord } from '../../domain/run/run.ts';
import { endRun } from './end-run.ts';
import type { RunPorts } from '../ports.ts';
import { stoppedBy } from './stop.ts';
import { stoppedEarly } from './stopped-early.ts';
import type { RunThread } from '../thread/thread.ts';
import type { JournalEntry } from '../../domain/run/journal.ts';

/**
 * What another worker began is not stopped where the master’s role may be on its way: by its old file, a master that gave
 * its role away comes back as a second, empty one.
 */
export function isHandingOver(journal: readonly JournalEntry[]): boolean {
  return journal.some(({ action }) => movesMaster({ kind: action }));
}

/** True where the run was stopped since its job began, or is over: then nothing more may be done for it. */
export async function endStopped({ run }: RunRecord, plan: Plan, thread: RunThread, ports: RunPorts): Promise<boolean> {
  const now = await ports.store.run(run);
  if (!now || isFinal(now.status)) return true;
  if (!now.stop || isHandingOver(await ports.store.journal(run))) return false;
  await endRun(await stoppedEarly(now, stoppedBy(now.stop), plan, ports.store), [], thread, ports);
  return true;
}
