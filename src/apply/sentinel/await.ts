import type { AwaitSentinels } from '../../domain/action.ts';
import { hostsOf } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { seenPeers } from '../../domain/sentinel/replies.ts';
import { awaitCondition } from '../node/await-condition.ts';
import type { SentinelStep } from '../node/step.ts';
import { lookAtSentinel, type SentinelLook } from './sentinel-link.ts';

const LIMIT_MS = 60_000;
const EVERY_MS = 300;

/**
 * Waits until every Sentinel sees all others and every replica, and all name the same master, with IDs of their own and a
 * quorum.
 * @throws SENTINEL_NO_QUORUM with what is missing.
 */
export async function awaitSentinels({ count }: AwaitSentinels, step: SentinelStep): Promise<boolean> {
  const nodes = hostsOf(step.desired).filter(({ sentinel }) => sentinel);
  let missing: readonly string[] = [];
  await awaitCondition(
    async () => {
      const looks = await Promise.all(
        nodes.map(async (node) => (await lookAtSentinel(node, step)) ?? { node: node.name, id: '', master: null }),
      );
      missing = missingIn(looks, { count, replicas: step.desired.nodes.length - 1 });
      return missing.length === 0 ? { done: true, value: true } : { done: false, progress: missing.join() };
    },
    {
      everyMs: EVERY_MS,
      limitMs: LIMIT_MS,
      clock: step.clock,
      stop: step.stop,
      givenUp: () =>
        new RedisopsError('SENTINEL_NO_QUORUM', `The Sentinels do not agree: ${missing.join('; ')}.`, {
          hint: 'Run `redisops doctor`: it tries the ways between the Sentinels, and names what keeps them apart.',
        }),
    },
  );
  return false;
}

/** What keeps these Sentinels from a failover, in short clauses; empty if nothing does. */
export function missingIn(
  looks: readonly SentinelLook[],
  { count, replicas }: { count: number; replicas: number },
): readonly string[] {
  const masters = new Set(looks.flatMap(({ master }) => (master ? [`${master.host}:${master.port}`] : [])));
  return [
    ...looks.flatMap((look) => missingFor(look, count, replicas)),
    ...(masters.size > 1 ? [`they name different masters (${[...masters].join(', ')})`] : []),
    ...(new Set(looks.map(({ id }) => id)).size < looks.length ? ['two have the same ID'] : []),
  ];
}

function missingFor({ node, master }: SentinelLook, count: number, replicas: number): readonly string[] {
  if (!master) return [`${node} does not watch the cluster`];
  const seen = seenPeers(master).length;
  return [
    ...(seen < count - 1 ? [`${node} sees ${seen} of ${count - 1} others`] : []),
    ...(master.replicas.length < replicas ? [`${node} knows ${master.replicas.length} of ${replicas} replicas`] : []),
    ...(master.quorumCheck.ok ? [] : [`${node}: ${master.quorumCheck.said}`]),
  ];
}
