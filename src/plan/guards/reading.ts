import { hintFor } from '../../domain/redis/error-reply.ts';
import type { Blocker } from '../../domain/plan.ts';
import { portTaken } from '../preflight/port.ts';
import { portChange } from './port.ts';
import { otherRedisBlockers } from '../unit/other-redis.ts';
import { loopBlockers } from '../unit/startable.ts';
import type { Pair } from '../roles/topology.ts';

/** Unknown is not absent: an unreadable node blocks everything that depends on it. */
export function unreadBlockers(pairs: readonly Pair[]): readonly Blocker[] {
  return pairs.flatMap((pair): readonly Blocker[] => {
    const { desired, facts } = pair;
    const { name } = desired;
    if (!facts.reachable)
      return [
        {
          code: facts.code,
          node: name,
          message: `${name} cannot be read: ${facts.reason}`,
          hint: facts.hint ?? 'A node in an unknown state blocks the plan. Restore access to it first.',
        },
      ];
    if (facts.redis.state !== 'unreadable') return [];
    const elsewhere = otherRedisBlockers(pair);
    if (elsewhere.length > 0) return elsewhere;
    const moved = portChange(pair);
    if (moved.length > 0) return moved;
    // Its process lives too short to answer.
    const looping = loopBlockers(desired, facts.host, false);
    if (looping.length > 0) return looping;
    const taken = portTaken(desired, facts.host);
    if (taken.length > 0) return taken;
    return [
      {
        code: facts.redis.code,
        node: name,
        message: `Redis on ${name} runs but cannot be read: ${facts.redis.reason}`,
        hint:
          facts.redis.hint ??
          hintFor(facts.redis.code) ??
          'Its data is unknown, so nothing is changed. Check its log and load.',
      },
    ];
  });
}
