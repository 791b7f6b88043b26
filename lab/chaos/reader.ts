import { randomInt } from 'node:crypto';
import type { Redis } from 'ioredis';
import { impatientClient } from '../impatient-client.ts';

export interface ReaderFigures {
  reads: number;
  /** Answers that were another value than the key’s own: never right. */
  wrong: number;
  /** Keys that a node which called itself the master did not have. The writer’s count at the end says what is lost. */
  missing: number;
}

export interface Reader {
  finish(): Promise<ReaderFigures>;
}

/** Milliseconds between reads. */
const EVERY_MS = 10;

/**
 * A client that reads acknowledged keys back while things happen, from whichever node says that it is the master: each key
 * carries its own proof, its value is its name.
 */
export function startReader(options: {
  addresses: readonly string[];
  port: number;
  password: string;
  acknowledged: readonly string[];
}): Reader {
  const clients = options.addresses.map((host) =>
    impatientClient({ host, port: options.port, password: options.password }),
  );
  const figures = { reads: 0, wrong: 0, missing: 0 };
  const state = { running: true };

  const readOne = async (redis: Redis): Promise<void> => {
    const key = options.acknowledged[randomInt(options.acknowledged.length)] ?? '';
    const answers = await redis.multi().role().get(key).exec();
    const [role, value] = (answers ?? []).map(([, answer]) => answer);
    if (value !== null && value !== key) figures.wrong += 1;
    if (!Array.isArray(role) || role[0] !== 'master') return;
    figures.reads += 1;
    if (value === null) figures.missing += 1;
  };

  const loop = (async () => {
    while (state.running) {
      if (options.acknowledged.length > 0)
        await Promise.all(clients.map((redis) => readOne(redis).catch(() => undefined)));
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();

  return {
    async finish() {
      state.running = false;
      await loop;
      for (const redis of clients) redis.disconnect();
      return figures;
    },
  };
}
