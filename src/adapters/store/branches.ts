import type { Redis } from 'ioredis';
import { z } from 'zod';
import { answerOf } from '../queue/connection.ts';
import { evaluate, key } from './redis.ts';
import { CLAIM_CLUSTER, SETTLE_COMMIT } from './scripts.ts';
import type { Branches } from '../../ports/store.ts';

/** How far each branch is applied, and which repository has which cluster. */
export function storedBranches(redis: Redis): Branches {
  return {
    async settledCommit(branch) {
      return answerOf(redis.get(key.branch(branch)));
    },
    async settleCommit(branch, from, to) {
      return (await evaluate(redis, SETTLE_COMMIT, [key.branch(branch)], [from ?? '', to])) === 1;
    },

    async clusterOwners() {
      return new Map(Object.entries(await answerOf(redis.hgetall(key.owners))));
    },
    async claimCluster(cluster, repository, from) {
      return z.string().parse(await evaluate(redis, CLAIM_CLUSTER, [key.owners], [cluster, repository, from ?? '']));
    },
  };
}
