import type { AwaitLink } from '../../domain/action.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';
import { RedisopsError } from '../../domain/error.ts';
import { awaitCondition } from '../node/await-condition.ts';
import { LinkLook } from './link-look.ts';
import { markLog } from '../node/recent-log.ts';
import type { Step } from '../node/step.ts';

const EVERY_MS = 50;

/** Waits until the link is up and the replica has all its master’s data. Changes nothing. */
export async function awaitLink(action: AwaitLink, step: Step): Promise<boolean> {
  await watchLink(action.master, step).synchronized();
  return false;
}

export interface LinkWatch {
  /** Settles once the log is being followed: wait for it before touching the link. */
  begun: Promise<unknown>;
  /**
   * Waits; a full synchronization may take any time as long as it makes progress within `limitMs`.
   * @throws TIMED_OUT, REPLICA_LINK_DOWN, STALE_PLAN or the cause in the replica’s log.
   */
  synchronized(limitMs?: number): Promise<void>;
}

/** Watches a replica’s link, and its log from now on. */
export function watchLink(master: Endpoint, step: Step): LinkWatch {
  const begun = markLog(step);
  // Thrown where it is awaited.
  begun.catch(() => {});
  const logSince = async () => (await begun)();
  return {
    begun,
    async synchronized(limitMs = step.desired.limits.standstillMs) {
      const look = new LinkLook(master, step, logSince);
      try {
        await awaitCondition(() => look.once(), {
          everyMs: EVERY_MS,
          limitMs,
          clock: step.clock,
          stop: step.stop,
          givenUp: () => standstill(master, step, limitMs),
        });
      } finally {
        look.close();
      }
    },
  };
}

function standstill({ host, port }: Endpoint, { node }: Step, limitMs: number): RedisopsError {
  return new RedisopsError(
    'TIMED_OUT',
    `${node.name}’s link to ${host}:${port} did not come up: nothing moved for ${Math.round(limitMs / 1000)} s.`,
    { hint: 'Check that the replica can reach its master’s port, or run `redisops doctor`.' },
  );
}
