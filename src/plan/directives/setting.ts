import { DIRECTIVES } from '../../domain/redis/directives.ts';
import { directivesOf } from '../../domain/redis/redis-conf.ts';
import type { Pair } from '../roles/topology.ts';

/** What a directive is once the node is as Git asks: Git’s value, else what runs, else Redis’s own. Empty where there is none. */
export function settingOf({ desired, redis }: Pair, directive: string): string {
  const asked = directivesOf(desired.redisConf.content).find(({ name }) => name === directive)?.value;
  return (asked ?? redis?.configuration.get(directive) ?? DIRECTIVES[directive]?.default ?? '').trim().toLowerCase();
}
