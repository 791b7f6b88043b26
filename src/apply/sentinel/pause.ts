import type { PauseFailover } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { PAUSED_MS, pauseNote } from '../../domain/sentinel/pause.ts';
import { runOrFail, type SentinelStep } from '../node/step.ts';
import { ARM_PAUSE_END, END_PAUSE, endParameters } from './pause-end.ts';
import { withSentinelAt } from './sentinel-link.ts';

const LIMIT_MS = 30_000;

/**
 * First the end, then the pause: if the worker dies in between, the host ends it. A pause that is in place gets the new end.
 * @throws STALE_PLAN if the pause would be over.
 */
export async function pauseFailover(action: PauseFailover, step: SentinelStep): Promise<boolean> {
  const { pause, port } = action;
  const seconds = Math.round((Date.parse(pause.until) - step.clock.now().getTime()) / 1000);
  if (seconds < 1)
    throw new RedisopsError('STALE_PLAN', `The pause would have ended at ${pause.until}.`, { hint: 'Pause again.' });
  const parameters = [pauseNote(pause), String(seconds), ...endParameters(action, pause, step.node.address)];
  const options = { parameters, input: END_PAUSE.text, timeoutMs: LIMIT_MS };
  await runOrFail(step, 'Setting the end of the pause', ARM_PAUSE_END, options);

  await withSentinelAt({ node: step.node.name, port }, step, (link) =>
    link.command('SENTINEL', 'SET', pause.master, 'down-after-milliseconds', String(PAUSED_MS)),
  );
  return true;
}
