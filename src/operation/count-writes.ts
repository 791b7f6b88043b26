import { randomUUID } from 'node:crypto';
import { asRedisopsError } from '../domain/error.ts';
import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import type { RunEvent } from '../domain/run/event.ts';
import type { Writes } from '../domain/run/failover-figures.ts';
import type { RedisLink } from '../ports/nodes.ts';
import type { OperationPorts } from './run.ts';

const EVERY_MS = 5;
/** Should nobody be left to remove the counter. */
const KEY_MS = 600_000;
/** Writes wanted on either side of the hand-over. */
const ENOUGH = 20;
const GRACE_MS = 1000;

export interface WriteCounter {
  /** Events of the run, in order. */
  see(event: RunEvent): void;
  /** Ends the writing, and reads the count back. Null if nothing was written. */
  end(): Promise<Writes | null>;
}

/**
 * A client beside the clients: increases a counter every few milliseconds while the role moves, on the node that is the
 * master by then. The counter on the new master then shows whether every acknowledged write is there.
 */
export function countWrites(
  { nodes: known, password }: DesiredCluster,
  { nodes, clock }: Pick<OperationPorts, 'nodes' | 'clock'>,
): WriteCounter {
  const key = `redisops:failover:${randomUUID()}`;
  const ending = new AbortController();
  let writing: Promise<Writes | null> | null = null;
  const seen: Seen = { acknowledged: 0, longestGapMs: 0, readOnly: 0, lastAt: null };

  async function write(pair: readonly DesiredNode[]): Promise<Writes | null> {
    let at = 0;
    let link: RedisLink | null = null;
    let count = 0;
    const open = async (): Promise<RedisLink> => {
      const node = pair[at % pair.length];
      if (!node) throw new Error('a hand-over names two nodes');
      return (await nodes.connect(node)).redis(password);
    };
    while (!ending.signal.aborted) {
      try {
        link ??= await open();
        if (seen.acknowledged === 0) await link.command('SET', key, '0', 'PX', String(KEY_MS), 'NX');
        await link.command('INCR', key);
        acknowledge(seen, clock.elapsed());
      } catch (error) {
        if (asRedisopsError(error).code === 'REDIS_READONLY') seen.readOnly += 1;
        link?.close();
        link = null;
        at += 1;
      }
      await clock.sleep(EVERY_MS, ending.signal);
    }
    if (seen.acknowledged > 0) {
      link ??= await open();
      count = Number(await link.command('GET', key));
      await link.command('UNLINK', key);
    }
    link?.close();
    return figuresOf(seen, count);
  }

  return {
    see(event) {
      if (event.kind !== 'step-started' || event.action.kind !== 'hand-over') return;
      const { node, to } = event.action;
      const pair = [node, to.name].flatMap((name) => known.filter((each) => each.name === name));
      writing ??= write(pair).catch(() => null);
    },
    async end() {
      if (!writing) return null;
      const enough = seen.acknowledged + ENOUGH;
      const deadline = clock.elapsed() + GRACE_MS;
      while (seen.acknowledged < enough && clock.elapsed() < deadline) await clock.sleep(EVERY_MS, null);
      ending.abort();
      return writing;
    },
  };
}

interface Seen {
  acknowledged: number;
  longestGapMs: number;
  readOnly: number;
  lastAt: number | null;
}

function acknowledge(seen: Seen, now: number): void {
  seen.acknowledged += 1;
  seen.longestGapMs = Math.max(seen.longestGapMs, now - (seen.lastAt ?? now));
  seen.lastAt = now;
}

/** @param count On the master in the end. */
function figuresOf({ acknowledged, longestGapMs, readOnly }: Seen, count: number): Writes | null {
  if (acknowledged === 0) return null;
  return { acknowledged, lost: Math.max(0, acknowledged - count), longestGapMs: Math.round(longestGapMs), readOnly };
}
