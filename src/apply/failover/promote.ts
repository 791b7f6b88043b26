import type { LostMaster, Promote } from '../../domain/action.ts';
import { RedisopsError, asRedisopsError } from '../../domain/error.ts';
import { isConnected } from '../../domain/replication/in-sync.ts';
import { writeNote } from '../hand-over/note-home.ts';
import { stateOf, withRedis } from '../node/redis-on.ts';
import { readState, type ReplicationState } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';

/** Errors of a node whose Redis does not run, or whose host is out of reach. */
const DEAD = new Set(['REDIS_UNREACHABLE', 'SSH_UNREACHABLE', 'SSH_TIMEOUT']);

/**
 * Makes the node a master, and notes on it whose claims that passes over: when those nodes come back, no run follows
 * them. The note comes last, as it names the history that begins here; until then two claims block every plan.
 * @throws HANDOVER_REFUSED if the lost master is alive; STALE_PLAN if the node has less than what was approved.
 */
export async function promote({ lost, over }: Promote, step: Step): Promise<boolean> {
  const changed = await withRedis(step, async (link) => {
    const before = await readState(link);
    if (before.role === 'master') return false;
    if (lost) await refuseLiving(lost, before, step);
    await link.command('REPLICAOF', 'NO', 'ONE');
    return true;
  });
  await writeNote(step.node.name, step, over);
  return changed;
}

async function refuseLiving({ name, offset }: LostMaster, state: ReplicationState, step: Step): Promise<void> {
  if (step.disabledGuards.has('in-sync')) return;
  if (state.master && isConnected(state.master)) throw alive(name, `${step.node.name} has a link to it`);
  if (state.offset < offset)
    throw new RedisopsError('STALE_PLAN', `${step.node.name} is at offset ${state.offset}; ${offset} was approved.`, {
      hint: 'It was not promoted. Make a new plan and read it.',
    });
  const node = step.desired.nodes.find((each) => each.name === name);
  const said = node ? await stateOf(node, step).catch(asRedisopsError) : null;
  if (said === null || (said instanceof RedisopsError && DEAD.has(said.code))) return;
  throw alive(name, said instanceof RedisopsError ? `it answers with ${said.code}` : 'it answers');
}

function alive(name: string, why: string): RedisopsError {
  return new RedisopsError('HANDOVER_REFUSED', `${name} is not dead: ${why}.`, {
    hint: 'No node was promoted. Plan again: with a master that runs, `failover` loses nothing.',
  });
}
