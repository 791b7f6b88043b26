import type { HandOver } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { PASSING } from '../../domain/run/passing.ts';
import { awaitCondition, type Seen } from '../node/await-condition.ts';
import { watchLink } from '../synchronize/await-link.ts';
import { withRedis } from '../node/redis-on.ts';
import { readState } from '../node/replication-state.ts';
import { stepOn, type Step } from '../node/step.ts';

/** The other replicas follow the new master, whose history they share. */
export async function repoint(to: HandOver['to'], step: Step): Promise<boolean> {
  const others = step.desired.nodes.filter(({ name }) => name !== to.name && name !== step.node.name);
  const moved = await Promise.all(others.map((other) => follow(other, to, step)));
  return moved.includes(true);
}

async function follow(other: DesiredNode, to: HandOver['to'], step: Step): Promise<boolean> {
  const changed = await whenReached(other, () => repointed(other, to, step), step);
  if (changed) await whenReached(other, async () => watchLink(to, await stepOn(other.name, step)).synchronized(), step);
  return changed;
}

async function repointed(other: DesiredNode, to: HandOver['to'], step: Step): Promise<boolean> {
  return withRedis(await stepOn(other.name, step), async (link) => {
    const { master } = await readState(link);
    if (step.identities.nodeAt(master, other.name) !== step.node.name) return false;
    await link.command('REPLICAOF', to.host, String(to.port));
    return true;
  }).catch((error: unknown) => {
    if (error instanceof RedisopsError && error.code === 'REDIS_UNREACHABLE') return false;
    throw error;
  });
}

/** The role has moved by then: a briefly unreachable node must not stay with its old master. */
async function whenReached<T>({ name }: DesiredNode, act: () => Promise<T>, step: Step): Promise<T> {
  const { desired, clock, stop } = step;
  let last = new RedisopsError('TIMED_OUT', 'It was not reached.', { hint: 'Check its network.' });
  const look = async (): Promise<Seen<T>> => {
    try {
      return { done: true, value: await act() };
    } catch (error) {
      if (!(error instanceof RedisopsError) || !PASSING.has(error.code)) throw error;
      last = error;
      step.progress({ message: `${name} could not be reached (${error.code}); retrying` });
      return { done: false, progress: '' };
    }
  };
  return awaitCondition(look, { everyMs: 500, limitMs: desired.limits.standstillMs, clock, stop, givenUp: () => last });
}
