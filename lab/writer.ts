import type { Redis } from 'ioredis';
import { impatientClient } from './impatient-client.ts';

export interface WriterFigures {
  acknowledged: number;
  /** Acknowledged writes that are not there at the end. */
  lost: number;
  refused: number;
  /** Longest time between two acknowledged writes, in milliseconds. */
  longestGapMs: number;
}

export interface Writer {
  /** The keys that were acknowledged so far; each one’s value is its name. */
  readonly acknowledged: readonly string[];
  /** When those that are lost were acknowledged, by `performance.now()`; known at the end. */
  readonly lostAt: readonly number[];
  /** Ends writing, then reads every acknowledged key back from the master. */
  finish(): Promise<WriterFigures>;
}

/**
 * A client that writes to a node every few milliseconds and remembers what was acknowledged. It follows the role: on
 * READONLY or a lost connection it looks for the node that is master now.
 */
export function startWriter(options: {
  addresses: readonly string[];
  port: number;
  password: string;
  intervalMs: number;
  /** Follows whom the Sentinels name, as a client with Sentinel support does. */
  sentinel?: { port: number; masterName: string };
  /** Before it connects again. */
  retryMs?: number;
}): Writer {
  const clients = options.addresses.map((host) =>
    impatientClient({ host, port: options.port, password: options.password, retryMs: options.retryMs }),
  );
  const { sentinel } = options;
  const sentinels = options.addresses.flatMap((host) =>
    sentinel ? [impatientClient({ host, port: sentinel.port, password: '' })] : [],
  );
  const acknowledged: string[] = [];
  const acknowledgedAt: number[] = [];
  const lostAt: number[] = [];
  const state = { current: 0, refused: 0, lastAt: 0, longestGapMs: 0, running: true };

  const writeOne = async (key: string): Promise<void> => {
    try {
      await clients[state.current]?.set(key, key);
      const now = performance.now();
      if (state.lastAt > 0) state.longestGapMs = Math.max(state.longestGapMs, now - state.lastAt);
      state.lastAt = now;
      acknowledged.push(key);
      acknowledgedAt.push(now);
    } catch {
      state.refused += 1;
      state.current = sentinel ? await namedMaster(sentinel.masterName) : (state.current + 1) % clients.length;
    }
  };

  /** Asks one Sentinel after the other. */
  const namedMaster = async (name: string): Promise<number> => {
    for (const each of sentinels) {
      const said = await each.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name).catch(() => null);
      const at = Array.isArray(said) ? options.addresses.indexOf(String(said[0])) : -1;
      if (at !== -1) return at;
    }
    return state.current;
  };

  const loop = (async () => {
    for (let number = 0; state.running; number += 1) {
      await writeOne(`writer:${number}`);
      await new Promise((resolve) => setTimeout(resolve, options.intervalMs));
    }
  })();

  return {
    acknowledged,
    lostAt,
    async finish() {
      state.running = false;
      await loop;
      const master = await findMaster(clients);
      for (const at of await lostOf(master, acknowledged)) lostAt.push(acknowledgedAt[at] ?? 0);
      for (const each of [...clients, ...sentinels]) each.disconnect();
      return {
        acknowledged: acknowledged.length,
        lost: lostAt.length,
        refused: state.refused,
        longestGapMs: Math.round(state.longestGapMs),
      };
    },
  };
}

async function findMaster(clients: readonly Redis[]): Promise<Redis> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    for (const each of clients) {
      const role = await each.role().catch(() => null);
      if (Array.isArray(role) && role[0] === 'master') return each;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no node says that it is master');
}

/** Their places in the list. */
async function lostOf(master: Redis, keys: readonly string[]): Promise<readonly number[]> {
  const lost: number[] = [];
  for (let start = 0; start < keys.length; start += 500) {
    const batch = keys.slice(start, start + 500);
    const values = batch.length > 0 ? await master.mget(...batch) : [];
    batch.forEach((key, index) => {
      if (values[index] !== key) lost.push(start + index);
    });
  }
  return lost;
}
