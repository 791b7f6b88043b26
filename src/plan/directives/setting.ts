import { DIRECTIVES } from '../../domain/redis/directives.ts';
import type { Pair } from '../roles/topology.ts';

/**
 * A directive’s value once the node matches Git: Git’s value, else the running one, else Redis’s default. Empty if
 * there is none.
 */
export function settingOf({ desired, redis }: Pair, directive: string): string {
  const asked = desired.redisConf.content.get(directive);
  return (asked ?? redis?.configuration.get(directive) ?? DIRECTIVES[directive]?.default ?? '').trim().toLowerCase();
}
