import { datasetIn, type Dataset } from '../../domain/redis/dataset.ts';
import { Info } from '../../domain/replication/info.ts';
import { replicationView, type ReplicationView } from '../../domain/replication/view.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** What a step must know of a running Redis right before it acts. */
export interface ReplicationState extends ReplicationView, Dataset {
  processId: number;
  /** Bytes; null while nothing is loaded. */
  loadedBytes: number | null;
  loadTotalBytes: number | null;
}

/** INFO and ROLE, in one batch. @throws REDIS_ERROR where an answer makes no sense; what `RedisLink.command` does. */
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

/** One section, or all of INFO. */
export async function readInfo(link: RedisLink, ...section: readonly string[]): Promise<Info> {
  return new Info(await link.command('INFO', ...section));
}
