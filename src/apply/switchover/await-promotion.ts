import type { HandOver } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { awaitCondition } from '../node/await-condition.ts';
import type { Step } from '../node/step.ts';
import { masterSeen, namedMaster, type Sentinels } from './sentinels.ts';

const EVERY_MS = 10;
/** Sentinel gives its failover up by itself after `failover-timeout`. Milliseconds. */
const GRACE_MS = 5000;

/**
 * Waits until the Sentinel that leads names the candidate as the master.
 * @throws HANDOVER_REFUSED if Sentinel gave up: the old master is still the master. SENTINEL_MASTERS_DIFFER if it did
 * something else.
 */
export async function awaitPromotion(
  { to, node: from }: HandOver,
  { leader, masterName }: Sentinels,
  step: Step,
): Promise<void> {
  const before = await masterSeen(leader, masterName);
  const named = await awaitCondition(
    async () => {
      const [name, seen] = await Promise.all([namedMaster(leader, masterName, step), masterSeen(leader, masterName)]);
      const isOver = name !== from || seen?.flags.has('failover_in_progress') !== true;
      return isOver ? { done: true, value: name } : { done: false, progress: '' };
    },
    {
      everyMs: EVERY_MS,
      limitMs: (before?.failoverTimeoutMs ?? 0) + GRACE_MS,
      clock: step.clock,
      // Sentinel goes on in any case.
      stop: null,
      givenUp: () => unclear(`the failover to ${to.name} does not end`),
    },
  );
  if (named === to.name) return;
  if (named !== from) throw unclear(`it promoted ${named} instead of ${to.name}`);
  throw new RedisopsError('HANDOVER_REFUSED', `Sentinel gave the failover to ${to.name} up.`, {
    hint: `${from} is still the master. The log of the Sentinel on ${leader.place.node} says why. Then run again.`,
  });
}

/** Whether an error leaves open who is the master. */
export function isUnclear(error: RedisopsError): boolean {
  return error.code !== 'HANDOVER_REFUSED';
}

function unclear(what: string): RedisopsError {
  return new RedisopsError('SENTINEL_MASTERS_DIFFER', `Sentinel was asked to move the role, but ${what}.`, {
    hint: '`redisops status` says whom the nodes and the Sentinels call the master. Run again once they agree.',
  });
}
