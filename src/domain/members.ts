import type { NodeFacts, RedisFacts } from './facts.ts';
import { identitiesOf } from './known-nodes.ts';
import { isSettledOn } from './replication/master-home.ts';
import type { Member } from './replication/member.ts';

/** The nodes of a cluster, with each one’s own view of replication. */
export function membersOf(observed: readonly NodeFacts[]): readonly Member[] {
  const identities = identitiesOf(observed);
  return observed.map((facts) => {
    const redis = facts.reachable && facts.redis.state === 'up' ? facts.redis : null;
    const note = facts.reachable ? facts.host.masterHome : null;
    const over = redis && isSettledOn(facts.name, note, redis) ? note?.over : undefined;
    return {
      ...(over ? { over } : {}),
      name: facts.name,
      endpoint: { host: facts.address, port: facts.redisPort },
      redis,
      isStopped: facts.reachable && facts.redis.state === 'down',
      isUnreadable: facts.reachable && facts.redis.state === 'unreadable',
      answers: facts.reachable && answers(facts.redis),
      follows: identities.nodeAt(redis?.master ?? null, facts.name),
      files: facts.reachable ? facts.host.dataFiles : [],
    };
  });
}

/** A Redis that cannot be read may be busy, full or refuse the password: it runs, and clients may write to it. */
function answers(redis: RedisFacts): boolean {
  switch (redis.state) {
    case 'up':
      return true;
    case 'down':
      return false;
    case 'unreadable':
      return !['REDIS_UNREACHABLE', 'REDIS_TIMEOUT', 'REDIS_CONNECTION_LOST'].includes(redis.code);
  }
}
