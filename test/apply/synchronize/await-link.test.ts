import { expect, it } from 'vitest';
import { awaitLink } from '../../../src/apply/synchronize/await-link.ts';
import type { AwaitLink } from '../../../src/domain/action.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';
import { TEXT, desiredCluster, fakeNodes, fakeStep, info } from '../fake-nodes.ts';

const ACTION: AwaitLink = {
  ...TEXT,
  kind: 'await-link',
  node: 'redis-03',
  master: { host: '10.0.0.1', port: 6379 },
};
const MASTER = { role: 'master', master_replid: 'a', master_repl_offset: 100, used_memory_dataset: 100_000 };
const REPLICA = {
  role: 'slave',
  master_host: '10.0.0.1',
  master_port: 6379,
  master_replid: 'a',
  slave_repl_offset: 100,
};
const SYNCING = { ...REPLICA, master_link_status: 'down', master_sync_in_progress: 1 };

/** A replica in each of these states in turn, the last one forever. */
async function waiting(looks: readonly Record<string, string | number>[], standstillMs = 60_000) {
  let look = 0;
  const nodes = fakeNodes(
    () => ({ status: 0, stdout: '0\n', stderr: '' }),
    (name, words) => {
      if (name === 'redis-01') return words[0] === 'INFO' ? info(MASTER) : ['master', 100, []];
      const at = looks[Math.min(look, looks.length - 1)] ?? {};
      if (words[0] === 'INFO') return info(at);
      look += 1;
      const word = at['word'] ?? (at['master_link_status'] === 'up' ? 'connected' : 'sync');
      return ['slave', '10.0.0.1', 6379, word, 100];
    },
  );
  const desired = desiredCluster(['redis-01', 'redis-02', 'redis-03']);
  const limits = { ...desired.limits, standstillMs };
  const step = await fakeStep('redis-03', { ...desired, limits }, nodes);
  const error = await awaitLink(ACTION, step).then(
    () => null,
    (thrown: unknown) => asRedisopsError(thrown),
  );
  return { told: step.told, error, waited: step.clock.elapsed() };
}

it('estimates from the master’s data and the rate so far if the master streams without a total', async () => {
  const looks = Array.from({ length: 60 }, (_, at) => ({ ...SYNCING, master_sync_read_bytes: (at + 1) * 1000 }));
  const { told, error } = await waiting([...looks, { ...REPLICA, master_link_status: 'up' }]);
  expect(error).toBeNull();
  expect(told[0]).toEqual({
    message: 'receiving a full synchronization',
    doneBytes: 1000,
    totalBytes: 100_000,
    estimated: true,
  });
  // 1000 bytes every 50 ms.
  expect(told.find(({ secondsLeft }) => secondsLeft !== undefined)).toMatchObject({
    doneBytes: 21_000,
    secondsLeft: 4,
  });
});

it('uses the total that a master knows', async () => {
  const known = { ...SYNCING, master_sync_read_bytes: 1000, master_sync_total_bytes: 5000 };
  const { told } = await waiting([known, { ...REPLICA, master_link_status: 'up' }]);
  expect(told[0]).toEqual({ message: 'receiving a full synchronization', doneBytes: 1000, totalBytes: 5000 });
});

it.each([5000, 90_000])('gives up after the cluster’s limit without progress, %i ms, and not before', async (limit) => {
  const { error, waited } = await waiting([{ ...SYNCING, master_sync_read_bytes: 1000 }], limit);
  expect(error?.code).toBe('TIMED_OUT');
  expect(error?.message).toContain(`nothing moved for ${limit / 1000} s`);
  expect(waited).toBe(limit);
});

it('distinguishes a slow master from an unreachable one', async () => {
  const asking = { ...REPLICA, master_link_status: 'down', word: 'handshake' };
  const { told } = await waiting([{ ...asking, word: 'connecting' }, asking, { ...REPLICA, master_link_status: 'up' }]);
  expect(told.map(({ message }) => message)).toEqual(['connecting to the master', 'waiting for the master to begin']);
});
