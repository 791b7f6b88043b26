import { expect, it } from 'vitest';
import { awaitSave } from '../../../src/apply/restart/save.ts';
import { withRedis } from '../../../src/apply/node/redis-on.ts';
import { desiredCluster, fakeNodes, fakeStep, info } from '../fake-nodes.ts';

/** A save of 100,000 keys that handles a thousand between two looks. */
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

it('tells once a second how far a save is', async () => {
  const { result, told: progress } = await told(100, { rdb_last_bgsave_status: 'ok' });
  expect(result).toBeUndefined();
  // It looks every 20 ms.
  expect(progress).toEqual([{ message: 'saving its data: 51,000 of 100,000 keys' }]);
});

it('fails with the save', async () => {
  expect((await told(1, { rdb_last_bgsave_status: 'err' })).result).toMatchObject({ code: 'STEP_FAILED' });
});
