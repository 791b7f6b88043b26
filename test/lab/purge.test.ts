import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import type { Plan } from '../../src/domain/plan.ts';
import type { RunResult } from '../../src/domain/run/run.ts';
import { observe } from '../../src/observed/observe.ts';
import { execute } from '../../src/operation.ts';
import { startChild } from './child.ts';
import {
  bringUp,
  carryOut,
  infoField,
  kindsOf,
  openLabCluster,
  planFor,
  redisCli,
  underWriter,
  type LabCluster,
  writeToAll,
  testRun,
} from './lab-cluster.ts';
import type { JournalEntry } from '../../src/domain/run/journal.ts';
import { realClock } from '../../src/time/real-clock.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const PURGE = { kind: 'purge' } as const;
const FOLDER = '/data/redis';
const OWNED = 'runuser -u redis --';

/** What a host has below its data directory, hidden names too. */
async function tree(host: string): Promise<string> {
  const { stdout } = await onHost(host, `cd ${FOLDER} && find . -mindepth 1 -printf '%P\\n' | sort`);
  return stdout.trim();
}

/** Remains of earlier days: a snapshot of the present data, an append-only file, and a name that a script would stumble on. */
async function litter(): Promise<void> {
  for (const host of HOSTS) {
    await redisCli(host, 'BGSAVE');
    await expect.poll(() => infoField(host, 'rdb_bgsave_in_progress')).toBe('0');
    await onHost(
      host,
      `cd ${FOLDER} && ${OWNED} cp temp-sync.rdb dump.rdb && ${OWNED} sh -c 'echo x >appendonlydir/appendonly.aof.1.incr.aof; echo y >"old  name
-rf.aof"'`,
    );
  }
}

describe('purge', () => {
  let lab: LabCluster;
  let desired: DesiredCluster;

  beforeAll(async () => {
    await resetHosts();
    lab = await openLabCluster();
    // Git says `save`: unsaid, a node in use keeps the saves that someone switched on.
    desired = await lab.asks({ variables: ['redis_config:', '  repl-diskless-sync-delay: 0', '  save: ""'] });
    await bringUp(desired, lab.nodes);
    await writeToAll({}, 'EVAL', `for i=1,500 do redis.call('SET', 'key:'..i, 'value') end`, '0');
  });

  beforeEach(async () => {
    for (const host of HOSTS) await onHost(host, `find ${FOLDER} -mindepth 1 ! -path ${FOLDER}/appendonlydir -delete`);
  });

  afterAll(() => lab.close());

  /** As a worker that takes the run over does it. */
  async function executed(plan: Plan, journal: readonly JournalEntry[]): Promise<RunResult> {
    const ports = { nodes: lab.nodes, clock: realClock };
    return (await execute(plan, checkout(lab.path), testRun({ journal }), ports)).result;
  }

  it('removes what no Redis uses, one node after the other, while a client writes', async () => {
    await litter();
    await onHost(
      'redis-02',
      `touch /root/kept.rdb; ln -s /root/kept.rdb ${FOLDER}/link.rdb; mkdir ${FOLDER}/mine; touch ${FOLDER}/mine/my.rdb`,
    );
    const plan = await planFor(PURGE, desired, lab.nodes);
    expect(plan.blockers).toEqual([]);
    expect(kindsOf(plan)).toEqual([
      ...['redis-02', 'redis-03', 'redis-01'].map((host) => `${host} move-aside`),
      ...['redis-02', 'redis-03', 'redis-01'].map((host) => `${host} delete-aside`),
    ]);
    const figures = await underWriter(async () => {
      const { failure, recap } = await carryOut(plan, desired, lab.nodes);
      expect(failure).toBeNull();
      expect(recap.map(({ changed }) => changed)).toEqual([2, 2, 2]);
    });
    expect(figures).toMatchObject({ lost: 0, refused: 0 });
    expect(await tree('redis-01')).toBe('appendonlydir');
    expect(await tree('redis-02')).toBe('appendonlydir\nlink.rdb\nmine\nmine/my.rdb');
    await onHost('redis-02', 'test -e /root/kept.rdb');
    for (const host of HOSTS) expect(Number(await redisCli(host, 'DBSIZE'))).toBeGreaterThanOrEqual(500);
    expect((await planFor(PURGE, desired, lab.nodes)).waves).toEqual([]);
  });

  it('continues after a worker’s death: before a manifest, during moving, during deleting', async () => {
    await litter();
    const approved = await planFor({ kind: 'purge', node: 'redis-02' }, desired, lab.nodes);
    const [move] = approved.waves;
    if (!move) throw new Error('nothing to move');
    const { failure } = await carryOut({ ...approved, waves: [move] }, desired, lab.nodes);
    expect(failure).toBeNull();
    const aside = /^quarantine-redisops-[0-9a-f]{12}$/m.exec(await tree('redis-02'))?.[0] ?? '';
    expect(aside).not.toBe('');
    const manifest = JSON.parse((await onHost('redis-02', `cat ${FOLDER}/${aside}/manifest.json`)).stdout) as {
      files: { path: string; sha256: string }[];
    };
    const sum = (await onHost('redis-02', `sha256sum ${FOLDER}/${aside}/dump.rdb`)).stdout.slice(0, 64);
    expect(manifest.files.find(({ path }) => path === 'dump.rdb')?.sha256).toBe(sum);
    const owner = await onHost('redis-02', `stat -c '%U %G' ${FOLDER}/${aside}/dump.rdb ${FOLDER}/${aside}`);
    expect(owner.stdout).toBe('redis redis\nredis redis\n');

    // Two files are not moved yet, one is deleted already, and another folder was only begun.
    await onHost(
      'redis-02',
      `cd ${FOLDER} && mv ${aside}/dump.rdb . && rm ${aside}/temp-sync.rdb && ${OWNED} mkdir quarantine-redisops-begun`,
    );
    const step = { at: '', step: 1, node: 'redis-02', action: 'move-aside' };
    const result = await executed(approved, [
      { ...step, state: 'began' },
      { ...step, state: 'ended' },
    ]);
    expect(result).toMatchObject({ outcome: 'done', code: 'DONE', verification: { verdict: 'healthy' } });
    expect(await tree('redis-02')).toBe('appendonlydir');
    expect(await tree('redis-03')).toContain('dump.rdb');
  });

  it('is finished by the next worker, killed at whatever instant', async () => {
    const journalOf = async () => (await readFile(join(lab.path, 'journal'), 'utf8').catch(() => '')).trim();
    const linesOf = async () => (await journalOf()).split('\n').filter((line) => line !== '');
    const lengths: number[] = [];
    for (const least of [0, 1, 3, 5, 7, 9]) {
      await litter();
      await rm(join(lab.path, 'journal'), { force: true });
      const plan = await planFor(PURGE, desired, lab.nodes);
      await writeFile(join(lab.path, 'plan.json'), JSON.stringify(plan));
      const child = await startChild('execute-child.ts', [lab.path]);
      await expect.poll(async () => (await linesOf()).length, { interval: 2 }).toBeGreaterThanOrEqual(least);
      await child.kill();
      const lines = await linesOf();
      lengths.push(lines.length);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the child.
      const journal = lines.map((line) => JSON.parse(line) as JournalEntry);
      const finish = () => executed(plan, journal);
      await expect.poll(async () => (await finish()).code, { timeout: 40_000 }).toBe('DONE');
      for (const host of HOSTS) expect(await tree(host)).toBe('appendonlydir');
      for (const host of HOSTS) expect(Number(await redisCli(host, 'DBSIZE'))).toBeGreaterThanOrEqual(500);
    }
    expect(new Set(lengths).size).toBeGreaterThan(3);
  }, 180_000);

  it('fixes a master that refuses writes because its saves fail, and removes the snapshot in the same run', async () => {
    await litter();
    await redisCli('redis-01', 'CONFIG', 'SET', 'save', '3600 1', 'stop-writes-on-bgsave-error', 'yes');
    await onHost('redis-01', `chown root:root ${FOLDER}`);
    await redisCli('redis-01', 'BGSAVE');
    await expect.poll(() => infoField('redis-01', 'rdb_last_bgsave_status')).toBe('err');
    expect(await redisCli('redis-01', 'SET', 'key:1', 'value')).toContain('MISCONF');

    const plan = await planFor({ kind: 'purge', node: 'redis-01' }, desired, lab.nodes);
    expect(kindsOf(plan)).toEqual(
      ['make-directory', 'config-set', 'move-aside', 'delete-aside'].map((kind) => `redis-01 ${kind}`),
    );
    expect(await executed(plan, [])).toMatchObject({ code: 'DONE', verification: { verdict: 'healthy' } });
    expect(await tree('redis-01')).toBe('appendonlydir');
    expect(await redisCli('redis-01', 'SET', 'key:1', 'value')).toBe('OK');
    expect(Number(await redisCli('redis-01', 'DBSIZE'))).toBeGreaterThanOrEqual(500);
  });

  it('touches nothing that Redis uses by now, and deletes nothing when keys went', async () => {
    await litter();
    const plan = await planFor({ kind: 'purge', node: 'redis-03' }, desired, lab.nodes);
    const aside = /quarantine-redisops-\w+/.exec(JSON.stringify(plan.waves))?.[0] ?? '';
    await onHost('redis-03', `${OWNED} ln -s /etc/redis ${FOLDER}/${aside}`);
    expect((await carryOut(plan, desired, lab.nodes)).failure?.error.code).toBe('STALE_PLAN');
    await onHost('redis-03', `test ! -e /etc/redis/manifest.json && rm ${FOLDER}/${aside}`);
    await redisCli('redis-03', 'CONFIG', 'SET', 'appendonly', 'yes');
    expect((await carryOut(plan, desired, lab.nodes)).failure?.error.code).toBe('STALE_PLAN');
    expect(await tree('redis-03')).toContain('\ndump.rdb');
    await expect.poll(() => infoField('redis-03', 'aof_rewrite_in_progress')).toBe('0');
    const kept = await planFor({ kind: 'purge', node: 'redis-03' }, desired, lab.nodes);
    expect(kept.waves[0]?.actions[0]?.summary).toContain('dump.rdb');
    expect(JSON.stringify(kept.waves)).not.toContain('aof');
    await redisCli('redis-03', 'CONFIG', 'SET', 'appendonly', 'no');

    const master = await planFor({ kind: 'purge', node: 'redis-01' }, desired, lab.nodes);
    const [move, remove] = master.waves;
    if (!move || !remove) throw new Error('nothing to purge');
    expect((await carryOut({ ...master, waves: [move] }, desired, lab.nodes)).failure).toBeNull();
    await redisCli('redis-01', 'EVAL', `for i=1,100 do redis.call('DEL', 'key:'..i) end`, '0');
    const { failure } = await carryOut({ ...master, waves: [remove] }, desired, lab.nodes);
    expect(failure?.error.code).toBe('PURGE_LAST_COPY');
    expect(await tree('redis-01')).toMatch(/quarantine-redisops-\w+\/dump.rdb/);
  });

  it('keeps the files of a master that holds the only copy, and of one that returned empty', async () => {
    await litter();
    const approved = await planFor({ kind: 'purge', node: 'redis-01' }, desired, lab.nodes);
    for (const host of ['redis-02', 'redis-03']) await onHost(host, 'systemctl stop redis-server');
    const alone = await planFor({ kind: 'purge', node: 'redis-01' }, desired, lab.nodes);
    expect(alone.blockers.map(({ code, node }) => `${code} ${node}`)).toEqual([
      'PURGE_NOT_NOW redis-02',
      'PURGE_NOT_NOW redis-03',
      'PURGE_LAST_COPY redis-01',
    ]);
    expect((await carryOut({ ...approved, blockers: [] }, desired, lab.nodes)).failure?.error.code).toBe(
      'PURGE_LAST_COPY',
    );

    await onHost('redis-01', `mv ${FOLDER}/temp-sync.rdb /root/; systemctl kill --signal=KILL redis-server`);
    await expect.poll(() => redisCli('redis-01', 'DBSIZE'), { timeout: 10_000 }).toBe('0');
    expect((await carryOut({ ...approved, blockers: [] }, desired, lab.nodes)).failure?.error.code).toMatch(
      /^(STALE_PLAN|PURGE_LAST_COPY)$/,
    );
    const observed = await observe(desired, lab.nodes);
    expect(observed[0]?.reachable && observed[0].host.remains.map(({ path }) => path)).toContain('dump.rdb');
  });
});
