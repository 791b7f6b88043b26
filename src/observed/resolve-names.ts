import type { ResolvedNames } from '../domain/replication/identity.ts';
import { RESOLVE_SCRIPT, namesToResolve, parseResolved } from '../domain/replication/resolve.ts';
import type { ReplicationView } from '../domain/replication/view.ts';
import type { NodeSession } from '../ports/nodes.ts';

const LIMIT_MS = 3000;

/**
 * The addresses of the host names that a node names its master and its replicas by, as the node itself resolves them.
 * Where all are addresses, as a rule, the node is not asked. What cannot be resolved is unknown. Never throws.
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
