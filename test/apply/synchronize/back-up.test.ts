import { describe, expect, it } from 'vitest';
import { backUp } from '../../../src/apply/synchronize/back-up.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';
import { TEXT } from '../fake-nodes.ts';
import { RDB, scene, WRITTEN, type Scene } from './own-keys.ts';

async function copied(of: Scene) {
  const { step, done } = await scene(of);
  const action = { ...TEXT, kind: 'back-up', node: 'redis-02', keys: of.drops ?? 10 } as const;
  const result = await backUp(action, step).catch((error: unknown) => asRedisopsError(error).code);
  return { result, done };
}

describe('backUp', () => {
  it('keeps the data if both sides agree', async () => {
    expect(await copied({})).toEqual({ result: true, done: [`write ${RDB.length}`, 'keep 10'] });
  });

  it('reuses one that no write has outdated', async () => {
    expect(await copied({ newest: {} })).toEqual({ result: false, done: [] });
    expect((await copied({ newest: { written: { ...WRITTEN, changes: 6 } } })).result).toBe(true);
    expect((await copied({ newest: { written: { ...WRITTEN, runId: 'before' } } })).result).toBe(true);
  });

  it.each<readonly [string, Scene]>([
    ['the node’s SHA-256 is another', { said: { sha256: 'f'.repeat(64) } }],
    ['less arrived than Redis sent', { said: { sent: RDB.length + 1 } }],
    ['Redis did not come to its end', { said: { sent: '' } }],
    ['it has fewer keys than Redis', { said: { keys: 9 } }],
    ['nobody counted its keys', { said: { keys: '' } }],
    ['the script failed', { status: 12 }],
  ])('keeps nothing where %s', async (_, of) => {
    const { result, done } = await copied(of);
    expect(result).toBe('BACKUP_FAILED');
    expect(done.at(-1)).toBe('discard');
  });

  it('does not begin if the disk may be too small, or there is more than was approved', async () => {
    expect(await copied({ free: 1000 })).toEqual({ result: 'BACKUP_FAILED', done: [] });
    expect(await copied({ drops: 9 })).toEqual({ result: 'STALE_PLAN', done: [] });
  });
});
