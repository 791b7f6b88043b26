import { clustersOf } from '../desired/read-rules.ts';
import type { ThreadPorts } from './thread.ts';

/**
 * The clusters that the branch’s head names, read again only where the head is another one.
 * Fails as reading redisops.yml does.
 */
export function clustersAtHead({ source }: Pick<ThreadPorts, 'source'>): () => Promise<readonly string[]> {
  let known: { revision: string; clusters: readonly string[] } | null = null;
  return async () => {
    const head = await source(null);
    // A working tree has the same name whatever is in it.
    if (known?.revision !== head.revision || head.revision === 'working tree')
      known = { revision: head.revision, clusters: await clustersOf(head) };
    return known.clusters;
  };
}
