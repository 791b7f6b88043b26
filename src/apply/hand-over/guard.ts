import type { HandOver } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { sameEndpoint } from '../../domain/replication/endpoint.ts';
import { isInSync, type ReplicationState } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';

/** Further behind, the pause would have to wait for it. Bytes. */
const MOST_LAG = 1_048_576;

/**
 * Refuses to hand the role to a node that is not a replica in sync.
 * @throws HANDOVER_REFUSED, with what stands against it; nothing was touched then.
 */
export async function guardHandOver(
  { to }: HandOver,
  { old, heir }: { old: ReplicationState; heir: ReplicationState },
  { node, disabledGuards }: Step,
): Promise<void> {
  if (disabledGuards.has('in-sync')) return;
  const reason = obstacle(to, old, heir, { host: node.address, port: node.redisPort });
  if (reason === null) return;
  throw new RedisopsError('HANDOVER_REFUSED', `${node.name} does not hand its role to ${to.name}: ${reason}.`, {
    hint: 'Nothing was changed. Put the replica right first, then run again.',
  });
}

function obstacle(
  to: HandOver['to'],
  old: ReplicationState,
  heir: ReplicationState,
  master: { host: string; port: number },
): string | null {
  if (old.role !== 'master') return 'it is not the master';
  if (!sameEndpoint(heir.master, master)) return `${to.name} does not follow it`;
  if (!isInSync(heir)) return `${to.name} is not in sync`;
  if (heir.replicationId !== old.replicationId) return `${to.name} has another history`;
  const attached = old.replicas.find(({ address, port }) => address === to.host && port === to.port);
  if (attached?.state !== 'online') return `it does not see ${to.name} online`;
  const behind = old.offset - heir.offset;
  return behind > MOST_LAG ? `${to.name} is ${behind} bytes behind` : null;
}
