import type { Plan } from '../../domain/plan.ts';
import { isFinal, type RunRecord } from '../../domain/run/run.ts';
import { endRun } from './end-run.ts';
import type { RunPorts } from '../ports.ts';
import { stoppedBy } from './stop.ts';
import { stoppedEarly } from './stopped-early.ts';
import type { RunThread } from '../thread/thread.ts';
import type { JournalEntry } from '../../domain/run/journal.ts';
import { movesMaster } from '../../domain/run/moves-master.ts';

/**
 * A run begun by another worker is not stopped while the master’s role may be moving: by its old file, the old master
 * would return as a second, empty one.
 */
export function isHandingOver(journal: readonly JournalEntry[]): boolean {
  return journal.some(({ action }) => movesMaster({ kind: action }));
}

/** Ends the run if it was stopped since its job began. True if it is over: nothing more may be done for it. */
export async function endStopped({ run }: RunRecord, plan: Plan, thread: RunThread, ports: RunPorts): Promise<boolean> {
  const now = await ports.store.run(run);
  if (!now || isFinal(now.status)) return true;
  if (!now.stop || isHandingOver(await ports.store.journal(run))) return false;
  await endRun(await stoppedEarly(now, stoppedBy(now.stop), plan, ports.store), [], thread, ports);
  return true;
}
