import { describe, expect, it } from 'vitest';
import { resync } from '../../../src/apply/synchronize/resync.ts';
import type { Resync } from '../../../src/domain/action.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';
import { TEXT, desiredCluster, fakeNodes, fakeStep, info, type Answers } from '../fake-nodes.ts';

const MASTER_OF_03 = { master_host: '10.0.0.1', master_port: 6379 };
const UP = { master_link_status: 'up', master_sync_in_progress: 0 };
const MASTER = { role: 'master', master_replid: 'a', master_repl_offset: 100, db0: 'keys=10' };
const REPLICA = { role: 'slave', ...MASTER_OF_03, ...UP, master_replid: 'a', slave_repl_offset: 100, db0: 'keys=10' };

interface Scene {
  mode?: Resync['mode'];
  replica?: Record<string, string | number>;
  master?: Record<string, string | number>;
  /** Number of master connections that CLIENT KILL finds. */
  killed?: number;
  /** Whether the link comes back after CLIENT KILL. */
  comesBack?: boolean;
}

async function outcome({ mode = 'full', replica = REPLICA, master = MASTER, killed = 1, comesBack = true }: Scene) {
  const sent: string[] = [];
  let cut = false;
  const answers: Answers = (name, words) => {
    const command = words.join(' ');
    if (command === 'INFO')
      return info(name === 'redis-01' ? master : cut ? { ...replica, master_link_status: 'down' } : replica);
    if (command === 'ROLE') return ['slave', '10.0.0.1', 6379, cut ? 'connect' : 'connected', 100];
    sent.push(command);
    if (command.startsWith('CLIENT KILL')) {
      cut = !comesBack;
      return killed;
    }
    if (command === 'EXEC') cut = false;
    return 'OK';
  };
  const desired = desiredCluster(['redis-01', 'redis-02', 'redis-03']);
  const nodes = fakeNodes(() => ({ status: 0, stdout: '0\n', stderr: '' }), answers);
  const action: Resync = {
    ...TEXT,
    kind: 'resync',
    node: 'redis-03',
    mode,
    master: { host: '10.0.0.1', port: 6379 },
  };
  const step = await fakeStep('redis-03', desired, nodes);
  const result = await resync(action, step).catch((error: unknown) => asRedisopsError(error).code);
  return { result, sent };
}

const WHOLE = ['MULTI', 'REPLICAOF NO ONE', 'REPLICAOF 10.0.0.1 6379', 'EXEC'];

describe('resync', () => {
  it('sends both halves in one transaction', async () => {
    expect(await outcome({})).toEqual({ result: true, sent: WHOLE });
  });

  it('cuts the link first if that may be enough', async () => {
    expect(await outcome({ mode: 'partial' })).toEqual({ result: true, sent: ['CLIENT KILL TYPE master'] });
  });

  it('synchronizes in full if there is no link to cut, or if it does not return', async () => {
    const expected = { result: true, sent: ['CLIENT KILL TYPE master', ...WHOLE] };
    expect(await outcome({ mode: 'partial', killed: 0 })).toEqual(expected);
    expect(await outcome({ mode: 'partial', comesBack: false })).toEqual(expected);
  });

  it.each([
    ['a master', { replica: MASTER }, 'RESYNC_NOT_A_REPLICA'],
    ['a replica of another', { replica: { ...REPLICA, master_host: '10.0.0.2' } }, 'RESYNC_NOT_A_REPLICA'],
    ['a master that is none', { master: { ...MASTER, role: 'slave' } }, 'RESYNC_MASTER_UNREACHABLE'],
    ['a master that loads', { master: { ...MASTER, loading: 1 } }, 'RESYNC_MASTER_UNREACHABLE'],
    ['a master with fewer keys', { master: { ...MASTER, db0: 'keys=9' } }, 'RESYNC_MASTER_HAS_FEWER_KEYS'],
    ['an empty master', { master: { ...MASTER, db0: 'keys=0' } }, 'RESYNC_MASTER_HAS_FEWER_KEYS'],
    [
      'a full synchronization of another',
      { master: { ...MASTER, slave0: 'ip=10.0.0.2,port=6379,state=send_bulk,offset=0,lag=0' } },
      'SYNC_IN_PROGRESS',
    ],
  ])('refuses %s, and sends nothing', async (_, scene, code) => {
    expect(await outcome(scene)).toEqual({ result: code, sent: [] });
    expect(await outcome({ ...scene, mode: 'partial' })).toEqual({ result: code, sent: [] });
  });
});
