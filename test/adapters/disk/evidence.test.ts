import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { evidenceIn } from '../../../src/adapters/disk/evidence.ts';

const ABOUT = { cluster: 'redis', node: 'redis-03', at: '2026-11-30T03:00:00.000Z' };
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redisops-evidence-'));
});

afterEach(() => rm(folder, { recursive: true }));

it('is kept with its SHA-256, readable by its owner alone, and never replaced', async () => {
  const store = evidenceIn(join(folder, 'backups'));
  const { path, sha256, node } = await store.keep(ABOUT, '{"a": 1}\n');
  expect([basename(path), node]).toEqual(['redis-redis-03-20261130T030000000Z.evidence.json', 'redis-03']);
  expect(
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex'),
  ).toBe(sha256);
  expect(await readFile(`${path}.sha256`, 'utf8')).toBe(`${sha256}  ${basename(path)}\n`);
  const modes = await Promise.all([path, `${path}.sha256`, join(folder, 'backups')].map((each) => stat(each)));
  expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['600', '600', '700']);
  await expect(store.keep(ABOUT, 'other')).rejects.toThrow(/EEXIST/);
  expect(await readFile(path, 'utf8')).toBe('{"a": 1}\n');
  expect(await readdir(join(folder, 'backups'))).toHaveLength(2);
});
