import type { AwaitLink } from '../../domain/action.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';
import { RedisopsError } from '../../domain/error.ts';
import { awaitCondition } from '../node/await-condition.ts';
import { LinkLook } from './link-look.ts';
import { markLog } from '../node/recent-log.ts';
import type { Step } from '../node/step.ts';

const EVERY_MS = 50;

/** Waits until the link is up and the replica has all that the master has. Changes nothing. */
export async function awaitLink(action: AwaitLink, step: Step): Promise<boolean> {
  await watchLink(action.master, step).synchronised();
  return false;
}

export interface LinkWatch {
  /** When it is settled, the log is read from then on: whoever touches the link waits for it. */
  begun: Promise<unknown>;
  /**
   * Waits; a full synchronisation may last as long as it likes, but nothing may stand still for longer than `limitMs`.
   * @throws TIMED_OUT, REPLICA_LINK_DOWN, STALE_PLAN or the cause that the replica’s log names.
   */
  synchronised(limitMs?: number): Promise<void>;
}

/** Watches a replica’s link, beginning with its log. */
export function watchLink(master: Endpoint, step: Step): LinkWatch {
  const begun = markLog(step);
  // Thrown where it is waited for.
  begun.catch(() => {});
  const logSince = async () => (await begun)();
  return {
    begun,
    async synchronised(limitMs = step.desired.limits.standstillMs) {
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
