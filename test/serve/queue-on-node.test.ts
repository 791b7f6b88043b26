import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRepository } from '../../lab/example-repository.ts';
import { writeFiles } from '../../lab/write-files.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import { Secret } from '../../src/domain/secret.ts';
import { refuseQueueOnNode } from '../../src/serve/queue-on-node.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redisops-queue-'));
  await writeFiles(folder, exampleRepository({ password: 'pw', replication: true }));
});

afterAll(() => rm(folder, { recursive: true }));

function refuse(
  url: string | undefined,
  clusters: () => Promise<readonly string[]> = () => Promise.resolve(['redis']),
) {
  const repository = { source: () => Promise.resolve(checkout(folder)) };
  return refuseQueueOnNode(url === undefined ? undefined : new Secret(url), {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that is asked of a repository.
    repositories: { clusters, lastOf: () => repository as never },
  });
}

describe('the queue’s Redis, by its address', () => {
  it.each(['redis://10.0.0.124', 'redis://:pw@10.0.0.124:6379/3', 'rediss://10.0.0.124:6379'])(
    'is refused where it is a node: %s',
    async (url) => {
      await expect(refuse(url)).rejects.toMatchObject({
        code: 'QUEUE_ON_NODE',
        message: 'QUEUE_REDIS_URL is redis-02 of the cluster redis, which redisops changes.',
      });
    },
  );

  it.each([undefined, 'redis://10.0.0.124:6380', 'redis://10.0.0.9', 'redis://127.0.0.1:6379', 'redis://[::1]:6379'])(
    'is taken where it is none: %s',
    async (url) => {
      await expect(refuse(url)).resolves.toBeUndefined();
    },
  );

  it('is left to the plan where Git cannot be read now', async () => {
    await expect(refuse('redis://10.0.0.124', () => Promise.reject(new Error('away')))).resolves.toBeUndefined();
  });
});
