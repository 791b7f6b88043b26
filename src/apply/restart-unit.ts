import type { RestartUnit } from '../domain/action.ts';
import { awaitRedis } from './await-redis.ts';
import { awaitRewrite } from './await-rewrite.ts';
import { guardRestart } from './restart-guard.ts';
import { saveBeforeRestart } from './save-before-restart.ts';
import { systemctl } from './start-unit.ts';
import type { Step } from './step.ts';

/** Restarts a unit whose Redis has nothing to lose, and waits until Redis answers. */
export async function restartUnit(action: RestartUnit, step: Step): Promise<boolean> {
  await guardRestart(step);
  await awaitRewrite(step);
  await saveBeforeRestart(step);
  await systemctl('restart', action.unit, step);
  await awaitRedis(step);
  return true;
}
