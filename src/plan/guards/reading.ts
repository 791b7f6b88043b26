import type { Blocker } from '../../domain/plan.ts';
import { portTaken } from '../preflight/port.ts';
import type { Pair } from '../roles/topology.ts';

/** Unknown is not absent: a node that cannot be read blocks what depends on it. */
export function unreadBlockers(pairs: readonly Pair[]): readonly Blocker[] {
  return pairs.flatMap(({ desired, facts }): readonly Blocker[] => {
    const { name } = desired;
    if (!facts.reachable)
      return [
        {
          code: facts.code,
          node: name,
          message: `${name} cannot be read: ${facts.reason}`,
          hint: facts.hint ?? 'Nothing is planned around a node that nothing is known of. Make it readable first.',
        },
      ];
    if (facts.redis.state !== 'unreadable') return [];
    const taken = portTaken(desired, facts.host);
    if (taken.length > 0) return taken;
    return [
      {
        code: facts.redis.code,
        node: name,
        message: `Redis on ${name} runs but cannot be read: ${facts.redis.reason}`,
        hint: hintFor(facts.redis.code),
      },
    ];
  });
}

function hintFor(code: string): string {
  if (code === 'REDIS_AUTH_FAILED')
    return 'Is redis_password right? Changing a password that is in use is not available yet.';
  return 'Nothing is known of its data, so nothing is done. Look at its log and load.';
}
