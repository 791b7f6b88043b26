import { expect, it } from 'vitest';
import { awaitSave, saveNow } from '../../../src/apply/restart/save.ts';
import { withRedis } from '../../../src/apply/node/redis-on.ts';
import { desiredCluster, fakeNodes, fakeStep, info } from '../fake-nodes.ts';

/** A save of 100,000 keys that handles a thousand between looks. */
async function told(looks: number, ends: Readonly<Record<string, string | number>>) {
  let look = 0;
  const nodes = fakeNodes(
    () => ({ status: 0, stdout: '', stderr: '' }),
    () => {
      look += 1;
      if (look > looks) return info({ rdb_bgsave_in_progress: 0, ...ends });
      const counts = { current_save_keys_processed: look * 1000, current_save_keys_total: 100_000 };
      return info({ rdb_bgsave_in_progress: 1, ...counts });
    },
  );
  const step = await fakeStep('redis-01', desiredCluster(['redis-01']), nodes);
  const result = await withRedis(step, (link) => awaitSave(link, step)).catch((error: unknown) => error);
  return { result, told: step.told };
}

it('reports a save’s progress once a second', async () => {
  const { result, told: progress } = await told(100, { rdb_last_bgsave_status: 'ok' });
  expect(result).toBeUndefined();
  // It looks every 20 ms.
  expect(progress).toEqual([{ message: 'saving its data: 51,000 of 100,000 keys' }]);
});

it('fails with the save', async () => {
  expect((await told(1, { rdb_last_bgsave_status: 'err' })).result).toMatchObject({ code: 'STEP_FAILED' });
});

/** Commands sent to a replica with this much data; its saves end at once. */
async function savedBy(datasetBytes: number, isSaving = false): Promise<readonly string[]> {
  const asked: string[] = [];
  const replica = {
    role: 'slave',
    master_host: '10.0.0.1',
    master_port: 6379,
    master_link_status: 'up',
    used_memory_dataset: datasetBytes,
    db0: 'keys=5,expires=0',
  };
  const nodes = fakeNodes(
    () => ({ status: 0, stdout: '', stderr: '' }),
    (_, words) => {
      asked.push(words.join(' '));
      if (words[0] === 'ROLE') return ['slave', '10.0.0.1', 6379, 'connected', 100];
      if (words[0] === 'CONFIG') return ['save', '', 'appendonly', 'no'];
      const looks = asked.filter((each) => each === 'INFO persistence').length;
      const saving = isSaving && looks < 3 ? 1 : 0;
      return info({ ...replica, rdb_bgsave_in_progress: saving, rdb_last_bgsave_status: 'ok' });
    },
  );
  const step = await fakeStep('redis-02', desiredCluster(['redis-01', 'redis-02']), nodes);
  expect(await withRedis(step, (link) => saveNow(link, step))).toBe(true);
  expect(step.told).toEqual([]);
  return asked.filter((words) => words.includes('SAVE'));
}

it.each([
  ['little is saved by Redis itself', 1_000_000, false, ['SAVE']],
  ['much by a fork', 1_000_000_000, false, ['BGSAVE']],
  [
    'a save that is under way may have begun before the last write: it is waited for, and another one made',
    1_000_000,
    true,
    ['SAVE'],
  ],
])('%s', async (_, datasetBytes, isSaving, commands) => {
  expect(await savedBy(datasetBytes, isSaving)).toEqual(commands);
});
