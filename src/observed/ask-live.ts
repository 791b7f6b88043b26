import type { DesiredNode } from '../domain/desired.ts';
import { sameValue } from '../domain/redis/directive-value.ts';
import { SECRET_DIRECTIVES, directiveInfo } from '../domain/redis/directives.ts';
import { RedisopsError } from '../domain/error.ts';
import type { RedisLink } from '../ports/nodes.ts';

/** No Redis knows it. CONFIG SET looks at all names before it sets any value, and with this one it sets none (config.c). */
const UNKNOWN = 'redisops-asks';

/**
 * Of the directives that run otherwise than Git asks: whether this very Redis takes them while it runs. Asked with the value
 * that runs, in a CONFIG SET that Redis cannot carry out. Those that it answers otherwise are left out.
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
