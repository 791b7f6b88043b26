import type { RestartUnit } from '../../domain/action.ts';
import { awaitRedis } from '../node/await-redis.ts';
import { awaitRewrite } from './await-rewrite.ts';
import { confirmEffect } from './effect.ts';
import { guardRestart } from './guard.ts';
import { restartKeeping } from './in-place.ts';
import { restartLosing } from './lose-keys.ts';
import { refuseMisfits } from '../unit/as-asked.ts';
import { freshStart } from './fresh-start.ts';
import { restartFrom } from './restart-script.ts';
import type { Step } from '../node/step.ts';

/** Restarts a unit if Redis loses nothing by it, waits until Redis answers, and checks the effect. */
export async function restartUnit(action: RestartUnit, step: Step): Promise<boolean> {
  await refuseMisfits(step);
  await restart(action, step);
  await confirmEffect(action, step);
  return true;
}

async function restart(action: RestartUnit, step: Step): Promise<void> {
  const { data, unit } = action;
  if (data?.kept) return restartKeeping(data.kept, unit, step);
  if (data) return restartLosing(data.keysAtMost, unit, step);
  await guardRestart(step);
  await awaitRewrite(step);
  await restartFrom(await freshStart(step), action, step);
  await awaitRedis(step);
}
