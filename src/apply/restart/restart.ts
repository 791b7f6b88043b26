import type { RestartUnit } from '../../domain/action.ts';
import { awaitRedis } from '../node/await-redis.ts';
import { awaitRewrite } from './await-rewrite.ts';
import { guardRestart } from './guard.ts';
import { restartKeeping } from './in-place.ts';
import { restartLosing } from './lose-keys.ts';
import { refuseMisfits } from '../unit/as-asked.ts';
import { freshStart } from './fresh-start.ts';
import { restartFrom } from './restart-script.ts';
import type { Step } from '../node/step.ts';

/** Restarts a unit whose Redis has nothing to lose, or loses nothing by it, and waits until Redis answers. */
export async function restartUnit(action: RestartUnit, step: Step): Promise<boolean> {
  await refuseMisfits(step);
  if (action.data?.kept) return restartKeeping(action.data.kept, action.unit, step);
  if (action.data) return restartLosing(action.data.keysAtMost, action.unit, step);
  await guardRestart(step);
  await awaitRewrite(step);
  await restartFrom(await freshStart(step), action, step);
  await awaitRedis(step);
  return true;
}
