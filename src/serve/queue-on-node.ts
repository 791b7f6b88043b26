import { lookup } from 'node:dns/promises';
import { RedisopsError } from '../domain/error.ts';
import type { Secret } from '../domain/secret.ts';
import { hostOf } from '../domain/text/host-of.ts';
import { desiredOf } from '../operation/look.ts';
import type { Program } from './program.ts';

const REDIS_PORT = 6379;

type Configured = Pick<Program, 'vaultPassword'> & {
  repositories: Pick<Program['repositories'], 'clusters' | 'lastOf'>;
};

/**
 * Refuses a queue in a Redis that redisops itself changes, by the nodes’ addresses in Git. What cannot be read now is
 * left to the plan, which compares the run IDs. @throws QUEUE_ON_NODE
 */
export async function refuseQueueOnNode(url: Secret | undefined, program: Configured): Promise<void> {
  if (!url) return;
  const place = new URL(url.reveal());
  const host = hostOf(place);
  const resolved = await lookup(host, { all: true }).catch(() => []);
  const addresses = new Set([host, ...resolved.map(({ address }) => address)]);
  for (const cluster of await program.repositories.clusters().catch(() => [])) {
    const nodes = await nodesOf(cluster, program).catch(() => []);
    const node = nodes.find(
      ({ address, redisPort }) => addresses.has(address) && redisPort === Number(place.port || REDIS_PORT),
    );
    if (node)
      throw new RedisopsError(
        'QUEUE_ON_NODE',
        `QUEUE_REDIS_URL is ${node.name} of the cluster ${cluster}, which redisops changes.`,
        {
          hint: 'Give redisops a Redis of its own: unset QUEUE_REDIS_URL, or set another one.',
        },
      );
  }
}

async function nodesOf(cluster: string, program: Configured) {
  const repository = program.repositories.lastOf(cluster);
  if (!repository) return [];
  return (await desiredOf(await repository.source(null), cluster, program)).nodes;
}
