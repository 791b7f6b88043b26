import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { backUp } from '../../../src/apply/synchronise/back-up.ts';
import { replicate } from '../../../src/apply/synchronise/replicate.ts';
import type { Backup } from '../../../src/domain/redis/backup.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';
import { TEXT, desiredCluster, fakeNodes, fakeStep, info } from '../fake-nodes.ts';
import type { Backups } from '../../../src/ports/backups.ts';
import type { Nodes } from '../../../src/ports/nodes.ts';

const RDB = Buffer.from('REDIS0010 and so on');
const SHA256 = createHash('sha256').update(RDB).digest('hex');
const SAID = { sha256: SHA256, bytes: RDB.length, sent: RDB.length, keys: 10 };
const OWN = {
  role: 'master',
  run_id: 'a',
  rdb_changes_since_last_save: 7,
  rdb_last_save_time: 100,
  used_memory: 1000,
  master_replid: 'own',
  db0: 'keys=10,expires=0',
};
const MASTER = { role: 'master', master_replid: 'm', db0: 'keys=99,expires=0' };
const WRITTEN = { runId: 'a', changes: 7, lastSave: 100 };

interface Scene {
  own?: Readonly<Record<string, string | number>>;
  /** INFO of the node once its writes are held back. */
  paused?: Readonly<Record<string, string | number>>;
  master?: Readonly<Record<string, string | number>>;
  said?: Partial<Record<keyof typeof SAID, string | number>>;
  status?: number;
  free?: number;
  newest?: Partial<Backup> | null;
  drops?: number;
}

function fakeBackups({ free = 1e9, newest = null }: Scene, done: string[]): Backups {
  return {
    freeBytes: () => Promise.resolve(free),
    newest: () =>
      Promise.resolve(
        newest && {
          path: '/b.rdb',
          cluster: 'redis',
          node: 'redis-02',
          run: 'r',
          at: 't',
          keys: 10,
          bytes: 1,
          sha256: 's',
          written: WRITTEN,
          ...newest,
        },
      ),
    create: () =>
      Promise.resolve({
        write: (chunk) => Promise.resolve(void done.push(`write ${chunk.length}`)),
        keep: (about) => {
          done.push(`keep ${about.keys}`);
          return Promise.resolve({ ...about, path: '/b.rdb' });
        },
        discard: () => Promise.resolve(void done.push('discard')),
      }),
  };
}

async function scene(of: Scene) {
  const done: string[] = [];
  let isPaused = false;
  const plain = fakeNodes(
    () => ({ status: 0, stdout: '', stderr: '' }),
    (name, words) => {
      if (words[0] === 'INFO')
        return info(
          name === 'redis-01' ? { ...MASTER, ...of.master } : { ...OWN, ...of.own, ...(isPaused ? of.paused : {}) },
        );
      if (words[0] === 'ROLE') return ['master'];
      if (words[0] === 'CONFIG') return ['masterauth', 'canary'];
      if (words[0] === 'CLIENT') isPaused = words[1] === 'PAUSE';
      done.push(words.join(' '));
      return 'OK';
    },
  );
  const nodes: Nodes = {
    ...plain,
    connect: async (node) => ({
      ...(await plain.connect(node)),
      stream: async (_, __, take) => {
        await take(RDB);
        const said = Object.entries({ ...SAID, ...of.said }).map(([name, value]) => `${name} ${value}\n`);
        return { status: of.status ?? 0, stderr: said.join('') };
      },
    }),
  };
  const step = {
    ...(await fakeStep('redis-02', desiredCluster(['redis-01', 'redis-02']), nodes)),
    keeping: { backups: fakeBackups(of, done), run: 'r', clock: { now: () => new Date(0) } },
  };
  return { step, done };
}

async function copied(of: Scene) {
  const { step, done } = await scene(of);
  const action = { ...TEXT, kind: 'back-up', node: 'redis-02', keys: of.drops ?? 10 } as const;
  const result = await backUp(action, step).catch((error: unknown) => asRedisopsError(error).code);
  return { result, done };
}

async function givenUp(of: Scene) {
  const { step, done } = await scene({ newest: {}, ...of });
  const master = { host: '10.0.0.1', port: 6379 };
  const action = { ...TEXT, kind: 'replicate', node: 'redis-02', master, drops: of.drops ?? 10 } as const;
  const result = await replicate(action, step).catch((error: unknown) => asRedisopsError(error).code);
  return { result, follows: done.includes('REPLICAOF 10.0.0.1 6379') };
}

describe('backUp', () => {
  it('keeps what arrived, where node and this side saw the same', async () => {
    expect(await copied({})).toEqual({ result: true, done: [`write ${RDB.length}`, 'keep 10'] });
  });

  it('takes one that no write has outdated', async () => {
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

  it('begins none where the disk may be too small, or there is more than was approved', async () => {
    expect(await copied({ free: 1000 })).toEqual({ result: 'BACKUP_FAILED', done: [] });
    expect(await copied({ drops: 9 })).toEqual({ result: 'STALE_PLAN', done: [] });
  });
});

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
