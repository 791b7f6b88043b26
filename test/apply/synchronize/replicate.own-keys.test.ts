import { describe, expect, it } from 'vitest';
import { replicate } from '../../../src/apply/synchronize/replicate.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';
import { TEXT } from '../fake-nodes.ts';
import { scene, type Scene } from './own-keys.ts';

async function givenUp(of: Scene) {
  const { step, done } = await scene({ newest: {}, ...of });
  const master = { host: '10.0.0.1', port: 6379 };
  const action = { ...TEXT, kind: 'replicate', node: 'redis-02', master, drops: of.drops ?? 10 } as const;
  const result = await replicate(action, step).catch((error: unknown) => asRedisopsError(error).code);
  return { result, follows: done.includes('REPLICAOF 10.0.0.1 6379') };
}

describe('replicate, of a node with keys of its own', () => {
  it('gives them up with a backup that no write has outdated', async () => {
    expect(await givenUp({})).toEqual({ result: true, follows: true });
  });

  it.each<readonly [string, Scene]>([
    ['has no backup', { newest: null }],
    ['was written since', { own: { rdb_changes_since_last_save: 8 } }],
    ['was written while its writes were about to be held back', { paused: { rdb_changes_since_last_save: 8 } }],
    ['saved since, whatever was written', { own: { rdb_last_save_time: 101 } }],
    ['is another process by now', { own: { run_id: 'b' } }],
    ['holds more than was approved', { drops: 9 }],
  ])('is left as it is where it %s', async (_, of) => {
    expect(await givenUp(of)).toEqual({ result: 'STALE_PLAN', follows: false });
  });

  it.each<readonly [string, Scene]>([
    ['is empty', { master: { db0: 'keys=0,expires=0' } }],
    ['is a replica itself', { master: { role: 'slave' } }],
  ])('is left as it is where its master %s', async (_, of) => {
    expect(await givenUp(of)).toEqual({ result: 'REPLICA_HOLDS_DATA', follows: false });
  });
});
