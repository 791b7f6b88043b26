import { RedisopsError } from '../../domain/error.ts';
import { sharesHistory } from '../../domain/replication/history.ts';
import { nodeAt, stateOf } from '../node/redis-on.ts';
import { readState } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/**
 * A replica that cannot synchronize keeps its data, which may now be more than its master’s. Anything that reconnects
 * it makes it copy the master: refused while the master holds less.
 * @throws REPLICA_HOLDS_DATA.
 */
export async function guardCure(link: RedisLink, step: Step): Promise<void> {
  if (step.disabledGuards.has('cure')) return;
  const replica = await readState(link);
  if (!replica.master || replica.master.up || replica.loading || replica.keys === 0) return;
  const node = nodeAt(replica.master, step);
  const master = node ? await stateOf(node, step).catch(() => null) : null;
  if (!master || master.keys >= replica.keys || sharesHistory(replica, master)) return;
  throw new RedisopsError(
    'REPLICA_HOLDS_DATA',
    `${step.node.name} has no link and holds ${replica.keys} keys, its master ${master.keys}: once in sync it would lose the rest.`,
    { hint: 'It was not changed: it may be the only copy. Save its data first.' },
  );
}
