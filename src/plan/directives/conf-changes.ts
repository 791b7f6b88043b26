import type { DirectiveChange } from '../../domain/action.ts';
import { SECRET_DIRECTIVES, directiveInfo, valueIn } from '../../domain/redis/directives.ts';
import type { RedisConf } from '../../domain/redis/redis-conf.ts';
import { differingDirectives } from '../../domain/redis/same-conf.ts';

/**
 * What a start with the one file instead of the other changes, apart from the role. Contains secrets: for comparison
 * only. No file: Redis’s defaults.
 */
export function confChanges(before: RedisConf | null, after: RedisConf): readonly DirectiveChange[] {
  const names = before ? differingDirectives(before, after) : [...after.values.keys()];
  return names
    .filter((name) => directiveInfo(name)?.change !== 'role')
    .map((directive) => ({
      directive,
      from: valueIn(before, directive),
      to: valueIn(after, directive),
      secret: SECRET_DIRECTIVES.has(directive),
    }));
}
