import { RedisopsError } from '../../domain/error.ts';
import { growsOld, startData, upkeepOf } from '../../domain/redis/start-data.ts';
import { sh } from '../../domain/shell.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import { readSettings, withRedis } from '../node/redis-on.ts';
import { readState } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';
import type { DataOnDisk } from './restart-script.ts';
import { saveNow } from './save.ts';

const SETTINGS = [
  'save',
  'appendonly',
  'dir',
  'dbfilename',
  'appenddirname',
  'appendfilename',
  'shutdown-on-sigterm',
] as const;

/** $1 and $2: folders. */
const SAME_FOLDER = sh`if [ "$(readlink -f -- "$1")" = "$(readlink -f -- "$2")" ]; then echo same; fi`;

/** A stopped Redis: no memory that a file could be older than. */
const NO_MEMORY: DataOnDisk = { data: null, older: false, served: false, keys: 0 };

/**
 * Before a restart without data to keep, of a replica or an empty master. Brings the files that the start loads up to
 * date with memory, or moves them aside. Even an empty snapshot keeps the position in the master’s history: the node
 * then only needs later writes (replication.c, PSYNC2) instead of a full synchronization.
 */
export async function freshStart(step: Step): Promise<DataOnDisk> {
  return withRedis(step, (link) => freshened(link, step)).catch((error: unknown) => {
    if (error instanceof RedisopsError && error.code === 'REDIS_UNREACHABLE') return NO_MEMORY;
    throw error;
  });
}

/** The data on disk at a restart, after a save where possible. */
export async function diskAfterSave(link: RedisLink, step: Step, saved: boolean): Promise<DataOnDisk> {
  const next = step.node.redisConf.content.values;
  const data = startData(next, step.node.dataDirectory);
  const upkeep = await upkeepAt(link, step);
  const older = upkeep === 'nobody' || (upkeep === 'save' && !saved);
  const { keys } = await readState(link);
  return { data, older, served: !older && growsOld(next), keys };
}

async function freshened(link: RedisLink, step: Step): Promise<DataOnDisk> {
  const isToBeSaved = (await upkeepAt(link, step)) === 'save';
  return diskAfterSave(link, step, isToBeSaved && (await saveNow(link, step)));
}

async function upkeepAt(link: RedisLink, step: Step) {
  const { redisConf, dataDirectory } = step.node;
  const next = redisConf.content.values;
  const running = await readSettings(link, ...SETTINGS);
  const folder = startData(next, dataDirectory)?.folder ?? dataDirectory;
  return upkeepOf(running, next, await isSameFolder(running.get('dir') ?? '', folder, step));
}

/** Redis reports its folder with links resolved (getcwd). */
export async function isSameFolder(one: string, other: string, { session }: Step): Promise<boolean> {
  if (one === other) return true;
  return (await session.run(SAME_FOLDER, { parameters: [one, other] })).stdout.trim() === 'same';
}
