import { mkdtemp, readFile, rm } from 'node:fs/promises';
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

  it('gives nothing of our environment to the process that holds it', async () => {
    process.env['CANARY_TOKEN'] = 'xoxb-canary';
    try {
      await withFileLock(join(folder, 'lock'), async () => {
        const own = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
        const children = own.trim().split(' ').filter(Boolean);
        const environments = await Promise.all(
          children.map((child) => readFile(`/proc/${child}/environ`, 'utf8').catch(() => '')),
        );
        expect(environments.length).toBeGreaterThan(0);
        expect(environments.join('\n')).not.toContain('canary');
      });
    } finally {
      delete process.env['CANARY_TOKEN'];
    }
  });

  it('says so if it cannot be taken', async () => {
    const taken = withFileLock(join(folder, 'no', 'lock'), () => Promise.resolve());
    await expect(taken).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
  });
});
