import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { backupsIn } from '../../../src/adapters/disk/backups.ts';
import { checkRoom, roomIn } from '../../../src/adapters/disk/room.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redisops-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const MIB = 1024 * 1024;

describe('room', () => {
  it('is what is free without the reserve', async () => {
    const { bavail, bsize } = await statfs(folder);
    const reserve = bavail * bsize - (await roomIn(folder));
    expect(reserve).toBeGreaterThan(MIB);
    expect(reserve).toBeLessThan(260 * MIB);
    expect(await backupsIn(folder).freeBytes()).toBeLessThan(bavail * bsize - MIB);
  });

  it('is missing on a disk of no size, and the refusal says how much', async () => {
    await expect(checkRoom('/proc')).rejects.toMatchObject({
      code: 'STATE_DIR_FULL',
      message: '/proc needs 2 MiB more free space.',
    });
    await expect(checkRoom('/')).resolves.toBeUndefined();
  });
});
