import type { DesiredNode } from '../domain/desired.ts';
import { sameValue } from '../domain/redis/directive-value.ts';
import { SECRET_DIRECTIVES, directiveInfo } from '../domain/redis/directives.ts';
import { RedisopsError } from '../domain/error.ts';
import type { RedisLink } from '../ports/nodes.ts';

/**
 * Unknown to every Redis. CONFIG SET checks all names before it sets any value, so with this name it sets none
 * (config.c).
 */
const UNKNOWN = 'redisops-asks';

/**
 * For each directive that differs from Git: whether this Redis accepts it at run time. Asks with the running value, in
 * a CONFIG SET that cannot succeed. Directives with any other reply are omitted.
 */
export async function askLive(
  link: RedisLink,
  node: DesiredNode,
  configuration: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, boolean>> {
  const asked = node.redisConf.content.all.flatMap(({ name, value }) => {
    const running = configuration.get(name);
    if (running === undefined || isNotAsked(name) || sameValue(name, value, running)) return [];
    return [takesLive(link, name, running).then((live) => [name, live] as const)];
  });
  return new Map((await Promise.all(asked)).flatMap(([name, live]) => (live === null ? [] : [[name, live] as const])));
}

function isNotAsked(name: string): boolean {
  return SECRET_DIRECTIVES.has(name) || directiveInfo(name)?.change === 'role';
}

async function takesLive(link: RedisLink, name: string, running: string): Promise<boolean | null> {
  const said = await link.command('CONFIG', 'SET', name, running, UNKNOWN, '1').then(
    () => '',
    (error: unknown) => (error instanceof RedisopsError ? error.message : ''),
  );
  if (/can't set (?:immutable|protected) config/.test(said)) return false;
  return said.includes(`'${UNKNOWN}'`) ? true : null;
}
