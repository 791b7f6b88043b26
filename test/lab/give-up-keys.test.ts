import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { backupsIn } from '../../src/adapters/disk/backups.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import { actionsOf, type Plan } from '../../src/domain/plan.ts';
import type { RunEvent } from '../../src/domain/run/event.ts';
import { execute } from '../../src/operation.ts';
import { verify } from '../../src/verify/verify.ts';
import { realRedis } from '../adapters/real-redis.ts';
import { startChild } from './child.ts';
import {
  CONVERGE,
  bringUp,
  infoField,
  kindsOf,
  openLabCluster,
  planFor,
  redisCli,
  underWriter,
  type LabCluster,
  testRun,
} from './lab-cluster.ts';
import type { JournalEntry } from '../../src/domain/run/journal.ts';
import { realClock } from '../../src/time/real-clock.ts';

const TWO = 'redis-02';
const QUICK = ['redis_config:', '  repl-diskless-sync-delay: 1'];
const FILL = `for i = 1, 20000 do redis.call('SET', 'user:' .. i, 'v' .. i .. string.rep('x', 100)) end return 'OK'`;

describe('a single node with data that becomes a replica', () => {
  let lab: LabCluster;
  let folder: string;

  beforeEach(async () => {
    await resetHosts();
    lab = await openLabCluster();
    folder = await mkdtemp(join(tmpdir(), 'redisops-backups-'));
    await bringUp(await lab.asks({ replication: false, variables: QUICK }), lab.nodes);
    await redisCli('redis-01', 'SET', 'kept', 'yes');
    await redisCli(TWO, 'EVAL', FILL, '0');
    await redisCli(TWO, '-n', '3', 'HSET', 'cart:1', 'item', 'book');
  });

  afterEach(async () => {
    await lab.close();
    await rm(folder, { recursive: true });
  });

  async function carriedOut(plan: Plan, options: Parameters<typeof testRun>[0] = {}) {
    const ports = { nodes: lab.nodes, clock: realClock, backups: backupsIn(folder) };
    return (await execute(plan, checkout(lab.path), testRun(options), ports)).result;
  }

  async function expectKeysOf(path: string): Promise<void> {
    const server = await realRedis(`dir ${folder}`, `dbfilename ${basename(path)}`);
    const redis = new Redis({ path: server.socket });
    try {
      expect(await redis.dbsize()).toBe(20_000);
      for (const number of [1, 777, 20_000])
        expect(await redis.get(`user:${number}`)).toBe(`v${number}${'x'.repeat(100)}`);
      await redis.select(3);
      expect(await redis.hgetall('cart:1')).toEqual({ item: 'book' });
    } finally {
      redis.disconnect();
      await server.end();
    }
  }

  it('is backed up, loses nothing that is not in the backup, and follows its master', async () => {
    const desired = await lab.asks({ variables: QUICK });
    const plan = await planFor(CONVERGE, desired, lab.nodes);
    expect(plan.blockers).toEqual([]);
    expect(plan.risks.map(({ message }) => message).join('\n')).toMatch(
      /redis-02 gives up 20001 keys \(db0: 20000, db3: 1\) .* redis-01 holds 1 key \(db0: 1\).* Some names: user:••••/,
    );
    const result = await carriedOut(plan);
    expect(result).toMatchObject({ outcome: 'done', backups: [{ node: TWO, keys: 20_001 }] });
    expect(await redisCli(TWO, 'GET', 'kept')).toBe('yes');
    expect(await redisCli(TWO, 'CONFIG', 'GET', 'repl-diskless-sync-delay')).toBe('repl-diskless-sync-delay\n1');
    expect((await verify(desired, lab.nodes)).verdict).toBe('healthy');
    expect(kindsOf(await planFor(CONVERGE, desired, lab.nodes))).toEqual([]);

    const [backup] = result.backups ?? [];
    if (!backup) throw new Error('no backup');
    const bytes = await readFile(backup.path);
    expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([backup.bytes, backup.sha256]);
    expect([(await stat(folder)).mode & 0o777, (await stat(backup.path)).mode & 0o777]).toEqual([0o700, 0o600]);
    expect((await onHost(TWO, 'ls /run | grep redisops-backup || true')).stdout).toBe('');
    await expectKeysOf(backup.path);
  });

  it('keeps all its data if a client still writes to it', async () => {
    const desired = await lab.asks({ variables: QUICK });
    const figures = await underWriter(async () => {
      const plan = await planFor(CONVERGE, desired, lab.nodes);
      expect(await carriedOut(plan)).toMatchObject({ code: 'STALE_PLAN' });
    }, [TWO]);
    expect(figures.lost).toBe(0);
    expect(await infoField(TWO, 'role')).toBe('master');
  });

  it('keeps all its data if a write arrives between the backup and REPLICAOF', async () => {
    const plan = await planFor(CONVERGE, await lab.asks({ variables: QUICK }), lab.nodes);
    let written = Promise.resolve('');
    const onEvent = (event: RunEvent) => {
      if (event.kind === 'step-progress' && event.progress.message.includes('SHA-256'))
        written = redisCli(TWO, 'SET', 'user:1', 'newer');
    };
    // The run is held here until the write has arrived.
    const held = {
      ...backupsIn(folder),
      newest: async (cluster: string, node: string) => {
        await written;
        return backupsIn(folder).newest(cluster, node);
      },
    };
    const ports = { nodes: lab.nodes, clock: realClock, backups: held };
    const { result } = await execute(plan, checkout(lab.path), testRun({ emit: onEvent }), ports);
    expect(result).toMatchObject({
      outcome: 'failed',
      code: 'STALE_PLAN',
      message: expect.stringContaining('has taken writes since its backup'),
    });
    expect(await redisCli(TWO, 'GET', 'user:1')).toBe('newer');
    expect(await infoField(TWO, 'role')).toBe('master');
  });

  it('is finished by a second worker when the first is killed between the backup and REPLICAOF', async () => {
    const plan = await planFor(CONVERGE, await lab.asks({ variables: QUICK }), lab.nodes);
    await writeFile(join(lab.path, 'plan.json'), JSON.stringify(plan));
    const child = await startChild('give-up-keys-child.ts', [lab.path, folder]);
    const journalText = () => readFile(join(lab.path, 'journal'), 'utf8').catch(() => '');
    try {
      await expect
        .poll(journalText, { timeout: 15_000, interval: 20 })
        .toContain('"node":"redis-02","action":"replicate","state":"began"');
    } finally {
      await child.kill();
    }
    expect(await infoField(TWO, 'role')).toBe('master');
    const text = await readFile(join(lab.path, 'journal'), 'utf8');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the child of this test.
    const journal = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JournalEntry]));
    expect(journal.map(({ action, state }) => `${action} ${state}`)).toContain('back-up ended');
    const result = await carriedOut(plan, { journal });
    expect(result).toMatchObject({ outcome: 'done', backups: [{ node: TWO, keys: 20_001 }] });
    expect((await readdir(folder)).filter((name) => name.endsWith('.rdb'))).toHaveLength(1);
    expect(await redisCli(TWO, 'GET', 'kept')).toBe('yes');
    expect(actionsOf(plan).map(({ kind }) => kind)).toContain('back-up');
  });
});
