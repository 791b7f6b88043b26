import type { SentinelSet } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { Secret } from '../../domain/secret.ts';
import { AS_REDIS } from '../../domain/redis/as-redis.ts';
import { settingDifferences } from '../../domain/sentinel/differences.ts';
import { SentinelFile } from '../../domain/sentinel/sentinel-file.ts';
import { userOf } from '../../domain/server/server.ts';
import { sh } from '../../domain/shell.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import { runOrFail, type SentinelStep } from '../node/step.ts';
import { withSentinel } from './sentinel-link.ts';

/** $1 file. */
const READ = sh`
${AS_REDIS}
as_redis base64 --wrap=0 -- "$1"
`;

/**
 * SENTINEL SET and SENTINEL CONFIG SET, with the values in Git. Sentinel writes its file at once: what it wrote is read
 * back.
 * @throws STEP_FAILED if the file does not have the new values.
 */
export async function sentinelSet(action: SentinelSet, step: SentinelStep): Promise<boolean> {
  const { sentinel } = step.node;
  if (!sentinel) throw new RedisopsError('STALE_PLAN', 'Git asks for no Sentinel here.', { hint: 'Make a new plan.' });
  const { path, content } = sentinel.file;
  if ((await leftIn(path, content, step)).length === 0) return false;
  await withSentinel(step.node, step, async (link) => {
    for (const change of action.changes) await set(change, content, link);
    await link.command('SENTINEL', 'FLUSHCONFIG');
  });
  const left = await leftIn(path, content, step);
  if (left.length === 0) return true;
  throw new RedisopsError('STEP_FAILED', `Sentinel on ${step.node.name} did not write ${left.join(', ')} to ${path}.`, {
    hint: `Make the file and its folder writable for the ${userOf(step.node)} user, then run again.`,
  });
}

async function set(
  { master, setting }: SentinelSet['changes'][number],
  content: SentinelFile,
  link: RedisLink,
): Promise<void> {
  if (master === null) {
    const value = content.words(setting)?.[0];
    if (value !== undefined)
      await link.command('SENTINEL', 'CONFIG', 'SET', setting.replace(/^sentinel /, ''), new Secret(value));
    return;
  }
  const quorum = content.monitors.find((each) => each.master === master)?.quorum;
  const value = setting === 'quorum' ? String(quorum ?? '') : content.ofMaster(master, setting);
  if (value) await link.command('SENTINEL', 'SET', master, setting, new Secret(value));
}

/** Settings that can be changed live, and are not as Git has them. */
async function leftIn(path: string, wanted: SentinelFile, step: SentinelStep): Promise<readonly string[]> {
  const text = await runOrFail(step, `Reading ${path}`, READ, { parameters: [path] });
  const present = SentinelFile.decode(text);
  return settingDifferences(wanted, present)
    .filter(({ live }) => live)
    .map(({ setting }) => setting);
}
