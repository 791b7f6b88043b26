import { createHash } from 'node:crypto';
import type { Backup } from '../../../src/domain/redis/backup.ts';
import { desiredCluster, fakeNodes, fakeStep, info } from '../fake-nodes.ts';
import type { Backups } from '../../../src/ports/backups.ts';
import type { Nodes } from '../../../src/ports/nodes.ts';
import { realClock } from '../../../src/time/real-clock.ts';

export const RDB = Buffer.from('REDIS0010 and so on');
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
export const WRITTEN = { runId: 'a', changes: 7, lastSave: 100 };

export interface Scene {
  own?: Readonly<Record<string, string | number>>;
  /** INFO of the node once its writes are paused. */
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

/** A step on redis-02, which holds its own keys, and its effects. */
export async function scene(of: Scene) {
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
    keeping: { backups: fakeBackups(of, done), run: 'r', clock: { ...realClock, now: () => new Date(0) } },
  };
  return { step, done };
}
