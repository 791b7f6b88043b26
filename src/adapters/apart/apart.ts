import { asRedisopsError, RedisopsError } from '../../domain/error.ts';
import type { Apart } from '../../ports/apart.ts';
import { Thread, ThreadEnded, type ThreadLimits } from './thread.ts';

/** Enough for 300 clusters in one repository on a busy machine; a hostile file takes forever. */
export const LIMITS: ThreadLimits = { stallMs: 5000, memoryMegabytes: 512 };

export interface OwnThread extends Apart {
  close(): void;
}

/**
 * Answers questions in a separate thread. If the thread ends, each pending question is asked once more, one at a time
 * in a fresh thread: only the question that ends that thread too is refused.
 * @param file The thread’s program, which calls `answerQuestions`.
 */
export function ownThread(file: URL, limits: ThreadLimits = LIMITS): OwnThread {
  let shared: Thread | null = null;
  let alone: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const askAlone = async (question: string, args: readonly unknown[]): Promise<unknown> => {
    const thread = new Thread(file, limits);
    try {
      return await thread.ask(question, args);
    } finally {
      thread.end('closed');
    }
  };
  return {
    async answer(question, args) {
      if (isClosed) throw asRedisopsError(new ThreadEnded('closed'));
      if (!shared || shared.hasEnded) shared = new Thread(file, limits);
      try {
        return await shared.ask(question, args);
      } catch (error) {
        if (!(error instanceof ThreadEnded) || isClosed) throw error;
      }
      const again = alone.then(() => askAlone(question, args));
      alone = again.catch(() => null);
      return again.catch((error: unknown) => {
        throw error instanceof ThreadEnded ? refusal(error, limits) : error;
      });
    },
    close() {
      isClosed = true;
      shared?.end('closed');
    },
  };
}

function refusal(ended: ThreadEnded, { stallMs, memoryMegabytes }: ThreadLimits): RedisopsError {
  const because = {
    stalled: `One file or template keeps redisops busy for more than ${stallMs / 1000} s.`,
    'out of memory': `Reading the configuration takes more than ${memoryMegabytes} MiB of memory.`,
  };
  if (ended.ending === 'broken' || ended.ending === 'closed') return asRedisopsError(ended.cause ?? ended);
  return new RedisopsError('CONFIG_TOO_COSTLY', because[ended.ending], {
    hint: 'Look for very long lines and for templates that loop. No changes were made.',
  });
}
