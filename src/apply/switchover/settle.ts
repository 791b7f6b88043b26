import type { HandOver } from '../../domain/action.ts';
import { RedisopsError, asRedisopsError } from '../../domain/error.ts';
import type { Settings, ThroughSentinel } from '../../domain/sentinel/switchover.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import { awaitCondition } from '../node/await-condition.ts';
import { readSettings, stateOf, withRedis } from '../node/redis-on.ts';
import { stepOn, type Step } from '../node/step.ts';
import { isFailingOver, masterSeen, namedMaster, type Sentinels } from './sentinels.ts';

const LIMIT_MS = 60_000;
const EVERY_MS = 50;

/** What is still missing after the role moved; empty if nothing is. */
async function missing({ to, node: from }: HandOver, { all, masterName }: Sentinels, step: Step) {
  const said = await Promise.all(
    all.map(async (sentinel) => {
      const [name, seen] = await Promise.all([
        namedMaster(sentinel, masterName, step),
        masterSeen(sentinel, masterName),
      ]);
      if (name !== to.name) return `the Sentinel on ${sentinel.place.node} names ${name}`;
      return isFailingOver(seen) ? `the Sentinel on ${sentinel.place.node} is still failing over` : '';
    }),
  );
  const others = step.desired.nodes.filter(({ name }) => name !== to.name);
  const nodes = await Promise.all(
    others.map(async (node) => {
      const state = await stateOf(node, step).catch(asRedisopsError);
      // A replica that is down was down before this step.
      if (state instanceof RedisopsError) return node.name === from ? `${from} does not answer` : '';
      const follows = step.identities.nodeAt(state.master, node.name);
      return follows === to.name ? '' : `${node.name} ${follows === null ? 'is a master' : `follows ${follows}`}`;
    }),
  );
  return [...said, ...nodes].filter((each) => each !== '');
}

/** Waits until Sentinel has ended its failover: all of them name the new master, and every node follows it. */
export async function awaitSettled(action: HandOver, sentinels: Sentinels, step: Step): Promise<void> {
  let left: readonly string[] = [];
  await awaitCondition(
    async () => {
      left = await missing(action, sentinels, step);
      return left.length === 0 ? { done: true, value: true } : { done: false, progress: left.join() };
    },
    {
      everyMs: EVERY_MS,
      limitMs: LIMIT_MS,
      clock: step.clock,
      // The role has moved.
      stop: null,
      givenUp: () =>
        new RedisopsError('SENTINEL_MASTERS_DIFFER', `${action.to.name} is the master, but ${left.join('; ')}.`, {
          hint: 'Sentinel corrects this by itself. If it lasts, `redisops doctor` names the cause. Then run again.',
        }),
    },
  );
}

/**
 * Puts back what the switchover changed, or one that a dead worker began. `moved`: Sentinel had the nodes write the
 * settings of the moment to their files, so these are rewritten too. A node that is away gets both by `apply`.
 */
export async function putSettingsBack(
  settings: ThroughSentinel['settings'],
  moved: boolean,
  step: Step,
): Promise<void> {
  await Promise.all(
    Object.entries(settings).map(async ([name, wanted]) => {
      const put = async () => withRedis(await stepOn(name, step), (link) => settingsPut(wanted, moved, link));
      await put().catch((thrown: unknown) => {
        const { message } = asRedisopsError(thrown);
        step.progress({ message: `${Object.keys(wanted).join(', ')} of ${name} could not be put back: ${message}` });
      });
    }),
  );
}

async function settingsPut(wanted: Settings, moved: boolean, link: RedisLink): Promise<void> {
  const running = await readSettings(link, ...Object.keys(wanted));
  const changes = Object.entries(wanted).filter(([directive, value]) => running.get(directive) !== value);
  if (changes.length === 0) return;
  await link.command('CONFIG', 'SET', ...changes.flat());
  // Where Redis cannot write its file, Sentinel could not have it written either.
  if (moved) await link.command('CONFIG', 'REWRITE').catch(() => null);
}
