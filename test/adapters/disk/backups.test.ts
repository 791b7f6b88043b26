import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backupsIn } from '../../../src/adapters/disk/backups.ts';

const WRITTEN = { runId: 'a', changes: 3, lastSave: 1_700_000_000 };
const BYTES = Buffer.from('REDIS0010…');

describe('backups', () => {
  let folder: string;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'redisops-backups-')), 'deep', 'backups');
  });

  afterEach(() => rm(join(folder, '..', '..'), { recursive: true }));

  const about = (change: object = {}) => ({
    cluster: 'redis',
    node: 'redis-02',
    run: 'r1',
    at: '2026-11-23T08:00:00.000Z',
    keys: 2,
    bytes: BYTES.length,
    sha256: createHash('sha256').update(BYTES).digest('hex'),
    written: WRITTEN,
    ...change,
  });

  async function kept(change: object = {}) {
    const file = await backupsIn(folder).create('redis', 'redis-02');
    await file.write(BYTES.subarray(0, 4));
    await file.write(BYTES.subarray(4));
    return file.keep(about(change));
  }

  it('are files of the owner alone, in a folder of the owner alone, and found again', async () => {
    const backup = await kept();
    expect(backup).toEqual({ ...about(), path: join(folder, 'redis-redis-02-20261123T080000000Z.rdb') });
    expect(await readFile(backup.path)).toEqual(BYTES);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect(await backupsIn(folder).newest('redis', 'redis-02')).toEqual(backup);
    expect(await backupsIn(folder).freeBytes()).toBeGreaterThan(0);
  });

  it('are separate per node, and the newest counts', async () => {
    await kept({ at: '2026-11-23T09:00:00.000Z', keys: 9 });
    await kept();
    expect(await backupsIn(folder).newest('redis', 'redis-02')).toMatchObject({ keys: 9 });
    expect(await backupsIn(folder).newest('redis', 'redis-0')).toBeNull();
    expect(await backupsIn(folder).newest('other', 'redis-02')).toBeNull();
    expect((await readdir(folder)).filter((name) => name.endsWith('.rdb'))).toHaveLength(2);
  });

  it.each([
    ['length', { bytes: BYTES.length + 1 }],
    ['SHA-256', { sha256: 'f'.repeat(64) }],
  ])('do not count where the %s is another', async (_, change) => {
    await expect(kept(change)).rejects.toMatchObject({ code: 'BACKUP_FAILED' });
    expect(await backupsIn(folder).newest('redis', 'redis-02')).toBeNull();
  });

  it('do not count before they are complete: the next one removes a dead worker’s remains', async () => {
    const file = await backupsIn(folder).create('redis', 'redis-02');
    await file.write(BYTES);
    expect(await backupsIn(folder).newest('redis', 'redis-02')).toBeNull();
    const next = await backupsIn(folder).create('redis', 'redis-02');
    expect(await readdir(folder)).toHaveLength(1);
    await next.discard();
    expect(await readdir(folder)).toEqual([]);
  });

  it('do not count if the file is incomplete, or its metadata makes no sense', async () => {
    const { path } = await kept();
    await appendFile(path, 'more');
    expect(await backupsIn(folder).newest('redis', 'redis-02')).toBeNull();
    await writeFile(path.replace('.rdb', '.json'), '{');
    expect(await backupsIn(folder).newest('redis', 'redis-02')).toBeNull();
  });
});
