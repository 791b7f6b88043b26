import type { Redis } from 'ioredis';
import { z } from 'zod';
import { answerOf } from '../queue/connection.ts';
import { evaluate, key } from './redis.ts';
import { CLAIM_CLUSTER, MARK_HANDLED } from './scripts.ts';
import type { Branches } from '../../ports/store.ts';

/** The last handled commit of each branch, and each cluster’s repository. */
export function storedBranches(redis: Redis): Branches {
  return {
    async lastHandledCommit(branch) {
      return answerOf(redis.get(key.branch(branch)));
    },
    async markHandled(branch, from, to) {
      return (await evaluate(redis, MARK_HANDLED, [key.branch(branch)], [from ?? '', to])) === 1;
    },

    async clusterOwners() {
      return new Map(Object.entries(await answerOf(redis.hgetall(key.owners))));
    },
    async claimCluster(cluster, repository, from) {
      return z.string().parse(await evaluate(redis, CLAIM_CLUSTER, [key.owners], [cluster, repository, from ?? '']));
    },
  };
}
