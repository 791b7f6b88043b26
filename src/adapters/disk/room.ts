import { statfs } from 'node:fs/promises';
import { RedisopsError } from '../../domain/error.ts';
import { bytes } from '../../domain/text/figures.ts';

const MIB = 1024 * 1024;

/** Kept free for what is under way: journals, audit, the queue’s AOF, the log. A twentieth, 2 to 256 MiB. */
function reserve(size: number): number {
  return Math.min(256 * MIB, Math.max(2 * MIB, size / 20));
}

/** Free bytes beyond the reserve; negative if the reserve is touched. */
export async function roomIn(folder: string): Promise<number> {
  const { bavail, bsize, blocks } = await statfs(folder);
  return bavail * bsize - reserve(blocks * bsize);
}

/** @throws STATE_DIR_FULL before the disk is full. */
export async function checkRoom(folder: string): Promise<void> {
  const room = await roomIn(folder);
  if (room >= 0) return;
  throw new RedisopsError('STATE_DIR_FULL', `${folder} needs ${bytes(-room)} more free space.`, {
    hint: 'Free space there: move old backups away, for example. No changes were made.',
  });
}
