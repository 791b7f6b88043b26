import type { ResolvedNames } from '../domain/replication/identity.ts';
import { RESOLVE_SCRIPT, namesToResolve, parseResolved } from '../domain/replication/resolve.ts';
import type { ReplicationView } from '../domain/replication/view.ts';
import type { NodeSession } from '../ports/nodes.ts';

const LIMIT_MS = 3000;

/**
 * Addresses of the host names by which a node knows its master and replicas, as resolved on the node. Usually all are
 * addresses, and the node is not asked. Unresolvable names are unknown. Never throws.
 */
export async function resolveNames(
  session: NodeSession,
  { master, replicas }: Pick<ReplicationView, 'master' | 'replicas'>,
): Promise<ResolvedNames> {
  const names = namesToResolve([...(master ? [master.host] : []), ...replicas.map(({ address }) => address)]);
  if (names.length === 0) return new Map();
  return session.run(RESOLVE_SCRIPT, { parameters: names, timeoutMs: LIMIT_MS }).then(
    ({ stdout }) => parseResolved(stdout),
    () => new Map(),
  );
}
