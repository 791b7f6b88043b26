import type { Written } from '../../domain/redis/backup.ts';
import { readInfo } from '../node/replication-state.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** The current write count. */
export async function readWritten(link: RedisLink): Promise<Written> {
  const info = await readInfo(link);
  return {
    runId: info.text('run_id'),
    changes: info.number('rdb_changes_since_last_save'),
    lastSave: info.number('rdb_last_save_time'),
  };
}
