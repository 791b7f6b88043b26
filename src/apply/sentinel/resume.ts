import type { ResumeFailover } from '../../domain/action.ts';
import { runOrFail, type SentinelStep } from '../node/step.ts';
import { END_PAUSE, endParameters } from './pause-end.ts';

const LIMIT_MS = 30_000;

/** Ends the pause as its timer would. */
export async function resumeFailover(action: ResumeFailover, step: SentinelStep): Promise<boolean> {
  const { masterName: master, downAfterMs } = action;
  const parameters = endParameters(action, { master, downAfterMs }, step.node.address);
  await runOrFail(step, 'Resuming automatic failover', END_PAUSE, { parameters, timeoutMs: LIMIT_MS });
  return true;
}
