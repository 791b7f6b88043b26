import type { HandOver } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { awaitCondition, type Seen } from '../node/await-condition.ts';
import { readInfo, readState } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** Redis pauses writes for at most this long, then everything is as before (`FAILOVER … TIMEOUT`). */
const TIMEOUT_MS = 5000;
/** Time for both sides to report the new roles. */
const GRACE_MS = 5000;
const EVERY_MS = 20;

/**
 * Redis’s own hand-over, for a replica too far behind for our write pause: it waits for the replica’s acknowledgement,
 * which comes once a second, and gives up by itself (replication.c, failoverCommand). Never FORCE, which may lose
 * writes.
 * @throws HANDOVER_REFUSED: the master is as before.
 */
export async function failover({ to }: HandOver, old: RedisLink, step: Step): Promise<void> {
  const { replicas } = await readState(old);
  // FAILOVER identifies a replica by its announced address and port (replication.c, findReplica).
  const listed = step.identities.listedAs(to.name, replicas, step.node.name);
  if (!listed) throw notDone(to.name, step);
  step.progress({ message: `${to.name} is behind: Redis hands the role over itself, within ${TIMEOUT_MS / 1000} s` });
  const startedAt = step.clock.elapsed();
  await old.command('FAILOVER', 'TO', listed.address, String(listed.port), 'TIMEOUT', String(TIMEOUT_MS));
  await awaitCondition(() => ended(old), {
    everyMs: EVERY_MS,
    limitMs: TIMEOUT_MS + GRACE_MS,
    clock: step.clock,
    // A half-finished failover cannot be abandoned.
    stop: null,
    givenUp: () => notDone(to.name, step),
  });
  step.progress({ message: 'Redis handed the role over', heldBackMs: step.clock.elapsed() - startedAt });
  const { master } = await readState(old);
  if (step.identities.nodeAt(master, step.node.name) !== to.name) throw notDone(to.name, step);
}

async function ended(old: RedisLink): Promise<Seen<true>> {
  const info = await readInfo(old, 'replication');
  return info.text('master_failover_state') === 'no-failover'
    ? { done: true, value: true }
    : { done: false, progress: '' };
}

function notDone(name: string, { node }: Step): RedisopsError {
  return new RedisopsError(
    'HANDOVER_REFUSED',
    `${name} did not catch up with ${node.name} in ${TIMEOUT_MS / 1000} s.`,
    {
      hint: `${node.name} is still the master. Writes were held back for that long and continue. Check for a slow network or a very busy writer.`,
    },
  );
}
