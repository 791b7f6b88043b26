import { expect, it } from 'vitest';
import { renderFile } from '../../src/desired/render-file.ts';
import { REPLICATED, confOf, desiredOf } from './repository.ts';

it('gives the bytes of a node’s files', async () => {
  const desired = await desiredOf(REPLICATED);
  expect(renderFile(desired, 'redis-02', 'redis.conf').reveal()).toBe(confOf(desired, 'redis-02'));
  expect(renderFile(desired, 'redis-02', 'override.conf').reveal()).toContain('ReadWritePaths=/data/redis\n');
});

it('suggests names for one that is not there', async () => {
  const desired = await desiredOf(REPLICATED);
  expect(() => renderFile(desired, 'redis-2', 'redis.conf')).toThrow(
    expect.objectContaining({
      code: 'UNKNOWN_NODE',
      message: expect.stringMatching(/no node “redis-2”\. Did you mean redis-02/),
      hint: 'The nodes are: redis-01, redis-02, redis-03.',
    }),
  );
});
