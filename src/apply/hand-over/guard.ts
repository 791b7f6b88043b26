import type { HandOver } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { isInSync, silenceLimit } from '../../domain/replication/in-sync.ts';
import type { ReplicationState } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';

/** A larger lag would prolong the pause. Bytes. */
const MOST_LAG = 1_048_576;

/** Refuses a candidate that is not a replica in sync. @throws HANDOVER_REFUSED with the reason, before any change. */
export async function guardHandOver(
  { to }: HandOver,
  { old, candidate }: { old: ReplicationState; candidate: ReplicationState },
  step: Step,
): Promise<void> {
  const { node } = step;
  if (step.disabledGuards.has('in-sync')) return;
  const reason = obstacle(to, old, candidate, step);
  if (reason === null) return;
  throw new RedisopsError('HANDOVER_REFUSED', `${node.name} does not hand its role to ${to.name}: ${reason}.`, {
    hint: 'No changes were made. Fix the replica first, then run again.',
  });
}

function obstacle(
  to: HandOver['to'],
  old: ReplicationState,
  candidate: ReplicationState,
  { node, identities }: Step,
): string | null {
  if (old.role !== 'master') return 'it is not the master';
  if (identities.nodeAt(candidate.master, to.name) !== node.name) return `${to.name} does not follow it`;
  if (!isInSync(candidate, silenceLimit(node.redisConf.content))) return `${to.name} is not in sync`;
  if (candidate.replicationId !== old.replicationId) return `${to.name} has a different replication history`;
  const attached = identities.listedAs(to.name, old.replicas, node.name);
  if (attached?.state !== 'online') return `it does not list ${to.name} as online`;
  const behind = old.offset - candidate.offset;
  return behind > MOST_LAG ? `${to.name} is ${behind} bytes behind` : null;
}
