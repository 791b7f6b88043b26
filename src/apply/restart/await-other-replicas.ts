import { sameEndpoint, type Endpoint } from '../../domain/replication/endpoint.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { awaitCondition, type Seen } from '../node/await-condition.ts';
import { progressOf } from '../synchronize/link-look.ts';
import { nodeAt, stateOf } from '../node/redis-on.ts';
import { isInSync, silenceLimit } from '../../domain/replication/in-sync.ts';
import type { ReplicationState } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';

const EVERY_MS = 200;

/**
 * Waits until the master’s other replicas are in sync: a replica with the data is not restarted while another lacks it,
 * as only the master would have it then.
 * @throws REPLICA_LINK_DOWN if another’s synchronization makes no progress; what reading a node throws.
 */
export async function awaitOtherReplicas(master: Endpoint, step: Step): Promise<void> {
  if (step.disabledGuards.has('other-replicas')) return;
  const masterNode = nodeAt(master, step);
  const others = step.desired.nodes.filter((other) => other !== step.node && other !== masterNode);
  const limitMs = step.desired.limits.standstillMs;
  let waitsFor = '';
  const look = async (): Promise<Seen<true>> => {
    const behind = await Promise.all(others.map((other) => syncingFrom(master, other, step)));
    const [first] = behind.filter((each) => each !== null);
    if (!first) return { done: true, value: true };
    waitsFor = first.name;
    step.progress({ message: `waiting for ${first.name}, which is not in sync yet` });
    return { done: false, progress: behind.map((each) => each?.movement ?? '').join(' ') };
  };
  await awaitCondition(look, {
    everyMs: EVERY_MS,
    limitMs,
    clock: step.clock,
    stop: step.stop,
    givenUp: () =>
      new RedisopsError(
        'REPLICA_LINK_DOWN',
        `${waitsFor} is not in sync with its master, and nothing moved for ${limitMs / 1000} s.`,
        { hint: `${step.node.name} was left running, as it holds the data. Fix ${waitsFor} first.` },
      ),
  });
}

/** Null for a node in sync or following another master. A stopped one need not be awaited. */
async function syncingFrom(
  master: Endpoint,
  other: DesiredNode,
  step: Step,
): Promise<{ name: string; movement: string } | null> {
  const state = await stateOf(other, step).catch((error: unknown) => {
    if (error instanceof RedisopsError && error.code === 'REDIS_UNREACHABLE') return null;
    throw error;
  });
  const masterNode = nodeAt(master, step);
  const isOfThat = masterNode
    ? nodeAt(state?.master ?? null, step, other.name) === masterNode
    : sameEndpoint(state?.master ?? null, master);
  if (!state || !isOfThat) return null;
  return isInSync(state, silenceLimit(masterNode?.redisConf.content ?? null))
    ? null
    : { name: other.name, movement: movementOf(state) };
}

function movementOf(state: ReplicationState): string {
  if (!state.master) return '';
  const { message, doneBytes = 0 } = progressOf(state, state.master);
  return `${message} ${doneBytes} ${state.master.syncLastIoSeconds}`;
}
