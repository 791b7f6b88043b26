import { describe, expect, it } from 'vitest';
import { replicate } from '../../../src/apply/synchronize/replicate.ts';
import type { Replicate } from '../../../src/domain/action.ts';
import { RedisopsError, asRedisopsError } from '../../../src/domain/error.ts';
import { DONE, TEXT, desiredCluster, fakeNodes, fakeStep, info, type Answers } from '../fake-nodes.ts';

const ACTION: Replicate = { ...TEXT, kind: 'replicate', node: 'redis-02', master: { host: '10.0.0.1', port: 6379 } };
const MASTER = {
  role: 'master',
  master_replid: 'a',
  master_replid2: '0',
  master_repl_offset: 100,
  second_repl_offset: -1,
};
const EMPTY = {
  role: 'master',
  master_replid: 'b',
  master_replid2: '0',
  master_repl_offset: 0,
  second_repl_offset: -1,
};

async function outcome(node: Record<string, string | number>, master: Record<string, string | number> | null = MASTER) {
  const sent: string[] = [];
  const answers: Answers = (name, words) => {
    const command = words.join(' ');
    if (command === 'INFO') {
      if (name === 'redis-02') return info(node);
      if (!master) throw new RedisopsError('REDIS_UNREACHABLE', 'gone', { hint: '' });
      return info(master);
    }
    if (command === 'ROLE') return ['master'];
    if (command === 'CONFIG GET masterauth') return ['masterauth', ''];
    sent.push(command);
    return 'OK';
  };
  const step = await fakeStep(
    'redis-02',
    desiredCluster(['redis-01', 'redis-02']),
    fakeNodes(() => DONE, answers),
  );
  const result = await replicate(ACTION, step).catch((error: unknown) => asRedisopsError(error).code);
  return { result, sent };
}

describe('replicate', () => {
  it('sets masterauth first, and holds writes back around the change of role', async () => {
    expect(await outcome(EMPTY)).toEqual({
      result: true,
      sent: ['CONFIG SET masterauth canary', 'CLIENT PAUSE 5000 WRITE', 'REPLICAOF 10.0.0.1 6379', 'CLIENT UNPAUSE'],
    });
  });

  it('does nothing to a replica of that master', async () => {
    const { result, sent } = await outcome({
      role: 'slave',
      master_host: '10.0.0.1',
      master_port: 6379,
      db0: 'keys=9',
    });
    expect(sent).toEqual(['CONFIG SET masterauth canary']);
    expect(result).toBe(true);
  });

  it.each([
    ['keys of its own', { ...EMPTY, db0: 'keys=1' }, MASTER],
    ['keys, and a master that cannot be read', { ...EMPTY, master_replid: 'a', db0: 'keys=1' }, null],
    [
      'keys, and a master that is a replica itself',
      { ...EMPTY, master_replid: 'a', db0: 'keys=1' },
      { ...MASTER, role: 'slave' },
    ],
  ])('refuses a node with %s, and lets its writes go on', async (_, node, master) => {
    const { result, sent } = await outcome(node, master);
    expect(result).toBe('REPLICA_HOLDS_DATA');
    expect(sent).not.toContain('REPLICAOF 10.0.0.1 6379');
    expect(sent.at(-1)).toBe('CLIENT UNPAUSE');
  });

  it('accepts a node whose keys are all from its new master’s history', async () => {
    const { result } = await outcome({ ...EMPTY, master_replid: 'a', master_repl_offset: 90, db0: 'keys=1' });
    expect(result).toBe(true);
  });
});
