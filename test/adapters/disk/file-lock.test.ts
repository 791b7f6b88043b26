import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withFileLock } from '../../../src/adapters/disk/file-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redisops-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a lock file', () => {
  it('lets in one at a time, also after a failure', async () => {
    const file = join(folder, 'lock');
    let inside = 0;
    const act = async (index: number): Promise<number> => {
      inside += 1;
      expect(inside).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      if (index === 1) throw new Error('failed inside');
      return index;
    };
    const ends = await Promise.allSettled([0, 1, 2, 3].map((index) => withFileLock(file, () => act(index))));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('says so if it cannot be taken', async () => {
    const taken = withFileLock(join(folder, 'no', 'lock'), () => Promise.resolve());
    await expect(taken).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
  });
});
