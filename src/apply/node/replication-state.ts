import { datasetIn, type Dataset } from '../../domain/redis/dataset.ts';
import { Info } from '../../domain/replication/info.ts';
import { replicationView, type ReplicationView } from '../../domain/replication/view.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** What a step must know about a running Redis right before it acts. */
export interface ReplicationState extends ReplicationView, Dataset {
  processId: number;
  /** In bytes; null if nothing is loading. */
  loadedBytes: number | null;
  loadTotalBytes: number | null;
}

/** INFO and ROLE, in one batch. @throws REDIS_ERROR for an invalid reply; what `RedisLink.command` throws. */
export async function readState(link: RedisLink): Promise<ReplicationState> {
  const [info, role] = await Promise.all([readInfo(link), link.command('ROLE')]);
  return {
    ...replicationView(info, role),
    ...datasetIn(info),
    processId: info.number('process_id'),
    loadedBytes: info.optionalNumber('loading_loaded_bytes'),
    loadTotalBytes: info.optionalNumber('loading_total_bytes'),
  };
}

/** One section of INFO, or all. */
export async function readInfo(link: RedisLink, ...section: readonly string[]): Promise<Info> {
  return new Info(await link.command('INFO', ...section));
}
