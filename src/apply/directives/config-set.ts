import type { ConfigSet, DirectiveChange } from '../../domain/action.ts';
import { sameValue } from '../../domain/redis/directive-value.ts';
import { RedisopsError } from '../../domain/error.ts';
import { Secret } from '../../domain/secret.ts';
import { guardCure } from '../synchronize/cure-guard.ts';
import { readSettings, withRedis } from '../node/redis-on.ts';
import type { Step } from '../node/step.ts';
import type { RedisLink } from '../../ports/nodes.ts';

interface WantedValue {
  directive: string;
  value: string | Secret;
}

/** One CONFIG SET with all pairs: Redis takes all or none. Reads the values back, as Redis rounds and clamps some. */
export async function configSet(action: ConfigSet, step: Step): Promise<boolean> {
  const wanted = action.changes.map((change) => wantedValue(change, step));
  return withRedis(step, async (link) => {
    if ((await different(wanted, link)).length === 0) return false;
    await guardCure(link, step);
    await link.command('CONFIG', 'SET', ...wanted.flatMap(({ directive, value }) => [directive, value]));
    const left = await different(wanted, link);
    if (left.length === 0) return true;
    throw new RedisopsError('DIRECTIVE_NOT_LIVE', `Redis took ${left.join(', ')}, but shows a different value.`, {
      hint: 'Check the value in Git: Redis may round or limit it.',
    });
  });
}

/** A secret’s value is only in the desired redis.conf. */
function wantedValue({ directive, to, secret }: DirectiveChange, { node }: Step): WantedValue {
  if (!secret) return { directive, value: to };
  return { directive, value: new Secret(node.redisConf.content.get(directive) ?? '') };
}

async function different(wanted: readonly WantedValue[], link: RedisLink): Promise<readonly string[]> {
  const running = await readSettings(link, ...wanted.map(({ directive }) => directive));
  return wanted
    .filter(({ directive, value }) => {
      const is = running.get(directive);
      if (is === undefined) return true;
      return value instanceof Secret ? !value.equals(is) : !sameValue(directive, value, is);
    })
    .map(({ directive }) => directive);
}
