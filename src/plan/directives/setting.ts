import { DIRECTIVES } from '../../domain/redis/directives.ts';
import type { Pair } from '../roles/topology.ts';

/** What a directive is once the node is as Git asks: Git’s value, else what runs, else Redis’s own. Empty where there is none. */
export function settingOf({ desired, redis }: Pair, directive: string): string {
  const asked = desired.redisConf.content.get(directive);
  return (asked ?? redis?.configuration.get(directive) ?? DIRECTIVES[directive]?.default ?? '').trim().toLowerCase();
}
