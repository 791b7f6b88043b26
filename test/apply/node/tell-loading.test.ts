import { expect, it } from 'vitest';
import { tellLoading } from '../../../src/apply/node/tell-loading.ts';
import { RedisopsError } from '../../../src/domain/error.ts';
import { desiredCluster, fakeNodes, fakeStep, info } from '../fake-nodes.ts';

const LOADING = { role: 'master', loading: 1, loading_total_bytes: 100_000 };

/** Redis refuses connections at first, then loads 1000 bytes a second; systemd answers after this many looks. */
async function told(looks: number, answer: () => Promise<string>) {
  let look = 0;
  let end = () => {};
  const awaited = new Promise<void>((resolve) => {
    end = resolve;
  }).then(answer);
  const nodes = fakeNodes(
    () => ({ status: 0, stdout: '', stderr: '' }),
    (_, words) => {
      if (words[0] !== 'INFO') return ['master', 0, []];
      look += 1;
      if (look === looks) end();
      if (look === 1) throw new RedisopsError('REDIS_UNREACHABLE', 'not yet', { hint: '' });
      return info({ ...LOADING, loading_loaded_bytes: look * 1000 });
    },
  );
  const step = await fakeStep('redis-01', desiredCluster(['redis-01']), nodes);
  const result = await tellLoading(step, awaited).catch((error: unknown) => error);
  return { result, told: step.told };
}

it('reports progress and time left until systemd answers', async () => {
  const { result, told: progress } = await told(4, async () => 'started');
  expect(result).toBe('started');
  const loading = { message: 'loading its data', totalBytes: 100_000 };
  expect(progress.slice(0, 2)).toEqual([
    { ...loading, doneBytes: 2000 },
    { ...loading, doneBytes: 3000, secondsLeft: 97 },
  ]);
});

it('fails with the awaited error', async () => {
  const failure = new Error('it does not start');
  expect((await told(2, () => Promise.reject(failure))).result).toBe(failure);
});
