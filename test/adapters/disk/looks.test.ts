import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { looksIn } from '../../../src/adapters/disk/looks.ts';
import type { LastLook } from '../../../src/domain/health/last-look.ts';

const LOOK: LastLook = {
  nodes: { 'redis-01': { runId: 'a', role: 'master', replicationId: 'b', offset: 1, keys: 2, at: 'now' } },
  incidents: [{ code: 'DATA_LOST', node: 'redis-01', message: 'gone', at: 'now' }],
};
let state: string;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'redisops-looks-'));
});

afterAll(() => rm(state, { recursive: true }));

it('gives back the last look that was kept', async () => {
  const looks = looksIn(state);
  expect(await looks.lastLook('redis')).toBeNull();
  await looks.keepLook('redis', { ...LOOK, incidents: [] });
  await looks.keepLook('redis', LOOK);
  expect(await looks.lastLook('redis')).toEqual(LOOK);
  expect(await looks.lastLook('other')).toBeNull();
});

it('has none where the file cannot be read', async () => {
  await writeFile(join(state, 'looks', 'torn.json'), '{"nodes":');
  expect(await looksIn(state).lastLook('torn')).toBeNull();
});
