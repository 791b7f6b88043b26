import type { Written } from '../../domain/redis/backup.ts';
import { parseFields } from '../node/replication-state.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** How far it was written, right now. */
export async function readWritten(link: RedisLink): Promise<Written> {
  const fields = parseFields(String(await link.command('INFO')));
  return {
    runId: fields.get('run_id') ?? '',
    changes: Number(fields.get('rdb_changes_since_last_save')),
    lastSave: Number(fields.get('rdb_last_save_time')),
  };
}
