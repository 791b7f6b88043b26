import { RedisopsError } from '../../domain/error.ts';
import { PRIORITY, notPreferred, prioritiesFor, type Prioritized } from '../../domain/sentinel/switchover.ts';
import { awaitCondition, type Seen } from '../node/await-condition.ts';
import { readSettings, withRedis } from '../node/redis-on.ts';
import { stepOn, type Step } from '../node/step.ts';
import { replicasSeen, type Sentinels } from './sentinels.ts';

const EVERY_MS = 10;
/** More than two of Sentinel’s INFO periods. */
const LIMIT_MS = 30_000;

/**
 * The moment to ask for the failover, by the age of the leader’s last INFO from the candidate. During a failover
 * Sentinel asks once a second, and waits for the INFO that says master. It sends REPLICAOF NO ONE after three ticks of its
 * timer: 0.1 to 0.3 s. At this age the next INFO falls right behind the promotion; later, it would fall before it, and
 * the next one comes a second later (sentinel.c, sentinelSendPeriodicCommands). Milliseconds.
 */
const PHASE = { from: 730, to: 785 };
/** Round trips between the look and Sentinel’s hearing: the pause, the offsets, the command. */
const TRIPS = 2.5;

/** Gives the target the lowest `replica-priority` for the duration of the switchover, and only if it has not. */
export async function prefer(target: string, sentinels: Sentinels, step: Step): Promise<void> {
  const { leader, masterName } = sentinels;
  const { all } = await replicasSeen(leader, masterName, target, step);
  const seen = all.map(({ priority, ...endpoint }): Prioritized => {
    return { node: step.identities.nodeAt(endpoint, leader.place.node), priority };
  });
  const known = await Promise.all(seen.map((each) => withRunning(each, step)));
  for (const [name, priority] of prioritiesFor(target, known)) {
    await withRedis(await stepOn(name, step), (link) => link.command('CONFIG', 'SET', PRIORITY, String(priority)));
  }
}

/** Sentinel’s figure is as old as its last INFO. */
async function withRunning({ node, priority }: Prioritized, step: Step): Promise<Prioritized> {
  if (node === null) return { node, priority };
  const read = async () => withRedis(await stepOn(node, step), (link) => readSettings(link, PRIORITY));
  const running = await read().catch(() => null);
  return { node, priority: Number(running?.get(PRIORITY) ?? priority) };
}

/** Waits until the leader would promote the target, and its next INFO falls right behind that. @throws HANDOVER_REFUSED */
export async function awaitMoment(target: string, { leader, masterName }: Sentinels, step: Step): Promise<void> {
  let obstacle = '';
  const look = async (): Promise<Seen<true>> => {
    const startedAt = step.clock.elapsed();
    const seen = await replicasSeen(leader, masterName, target, step);
    const tripMs = step.clock.elapsed() - startedAt;
    obstacle = notPreferred(seen.target, seen.all) ?? '';
    const age = (seen.target?.infoAgeMs ?? PHASE.from) + TRIPS * tripMs;
    const isMoment = age >= PHASE.from && age <= PHASE.to;
    return obstacle === '' && isMoment ? { done: true, value: true } : { done: false, progress: obstacle };
  };
  await awaitCondition(look, {
    everyMs: EVERY_MS,
    limitMs: LIMIT_MS,
    clock: step.clock,
    stop: step.stopUntouched,
    givenUp: () =>
      new RedisopsError(
        'HANDOVER_REFUSED',
        `The Sentinel on ${leader.place.node} would not promote ${target}: it ${obstacle || 'does not ask it for INFO'}.`,
        { hint: 'The master is as before. `redisops doctor` says what Sentinel sees of each node.' },
      ),
  });
}
