import { RedisopsError } from '../../domain/error.ts';
import { isDown, seenPeers } from '../../domain/sentinel/replies.ts';
import { awaitCondition } from '../node/await-condition.ts';
import type { SentinelStep } from '../node/step.ts';
import { lookAtSentinel } from './sentinel-link.ts';

const LIMIT_MS = 60_000;
const EVERY_MS = 300;

interface Known {
  others: number;
  replicas: number;
}

/**
 * Waits until the step’s Sentinel reaches the master, and knows so many replicas and other Sentinels.
 * @throws STEP_FAILED
 */
export async function awaitKnown({ others, replicas }: Known, step: SentinelStep, leastMs = 0): Promise<void> {
  const { name } = step.node;
  const startedAt = step.clock.elapsed();
  await awaitCondition(
    async () => {
      const master = (await lookAtSentinel(step.node, step))?.master;
      if (!master) return { done: false, progress: 'no answer' };
      const known = [master.replicas.filter(({ flags }) => !isDown(flags)).length, seenPeers(master).length] as const;
      const isKnown = !isDown(master.flags) && known[0] >= replicas && known[1] >= others;
      if (isKnown && step.clock.elapsed() - startedAt >= leastMs) return { done: true, value: true };
      return { done: false, progress: known.join() };
    },
    {
      everyMs: EVERY_MS,
      limitMs: LIMIT_MS,
      clock: step.clock,
      stop: step.stop,
      givenUp: () =>
        new RedisopsError(
          'STEP_FAILED',
          `The Sentinel on ${name} does not come to know ${replicas} replicas and ${others} other Sentinels.`,
          { hint: 'Run `redisops doctor`: it says what each Sentinel sees.' },
        ),
    },
  );
}
