import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import { actionsOf } from '../../src/domain/plan.ts';
import { execute } from '../../src/operation.ts';
import { verify } from '../../src/verify/verify.ts';
import { startChild } from './child.ts';
import {
  CONVERGE,
  bringUp,
  infoField,
  kindsOf,
  openLabCluster,
  planFor,
  redisCli,
  run,
  underWriter,
  type LabCluster,
  testRun,
} from './lab-cluster.ts';
import type { JournalEntry } from '../../src/domain/run/journal.ts';
import { realClock } from '../../src/time/real-clock.ts';

const ALONE = { replication: false } as const;
const NEEDS_RESTART = ['redis_config:', '  databases: 32'];
const ONE = 'redis-01';
/** Enough that saving and loading take a moment. */
const FILL = `return redis.status_reply(tostring((function() for i = 1, 50000 do redis.call('SET', 'old:' .. i, string.rep('x', 200)) end return 50000 end)()))`;

describe('a restart of a single node with data', () => {
  let lab: LabCluster;

  beforeEach(async () => {
    await resetHosts();
    lab = await openLabCluster();
  });

  afterEach(() => lab.close());

  async function filled(variables: readonly string[] = []): Promise<string> {
    await bringUp(await lab.asks({ ...ALONE, variables }), lab.nodes);
    await redisCli(ONE, 'EVAL', FILL, '0');
    return infoField(ONE, 'run_id');
  }

  it.each([
    ['a snapshot', []],
    ['its append-only file', ['  appendonly: "yes"']],
  ])('loses no acknowledged write, by %s', async (_, further) => {
    const before = await filled(further.length > 0 ? ['redis_config:', ...further] : []);
    const desired = await lab.asks({ ...ALONE, variables: [...NEEDS_RESTART, ...further] });
    const figures = await underWriter(async () => {
      const { failure, plan, events } = await run(CONVERGE, desired, lab.nodes);
      expect(plan.blockers).toEqual([]);
      expect(failure).toBeNull();
      const told = events.flatMap((event) => (event.kind === 'step-progress' ? [event.progress.message] : []));
      expect(told.join('\n')).toMatch(/verified: .*\n.*keys were loaded/);
    }, [ONE]);
    expect(figures.acknowledged).toBeGreaterThan(20);
    expect(figures.lost).toBe(0);
    expect(await infoField(ONE, 'run_id')).not.toBe(before);
    expect(await redisCli(ONE, 'CONFIG', 'GET', 'databases')).toBe('databases\n32');
    expect(await redisCli(ONE, 'CONFIG', 'GET', 'shutdown-on-sigterm')).toBe('shutdown-on-sigterm\ndefault');
    expect(await redisCli(ONE, 'STRLEN', 'old:50000')).toBe('200');
    expect((await verify(desired, lab.nodes)).verdict).toBe('healthy');
    expect(kindsOf(await planFor(CONVERGE, desired, lab.nodes))).toEqual([]);
  });

  it('is not begun where the save fails: nothing is lost, and nobody noticed', async () => {
    const before = await filled();
    await onHost(ONE, 'mkdir -p /data/redis/temp-sync.rdb/in-the-way');
    const desired = await lab.asks({ ...ALONE, variables: NEEDS_RESTART });
    const figures = await underWriter(async () => {
      const { failure } = await run(CONVERGE, desired, lab.nodes);
      expect(failure?.error.code).toBe('MASTER_RESTART_HOLDS_DATA');
      expect(failure?.error.message).toContain('the save failed');
    }, [ONE]);
    expect(figures).toMatchObject({ lost: 0, refused: 0 });
    expect(await infoField(ONE, 'run_id')).toBe(before);
  });

  it('gives keys up where that cannot be helped, by redisops.yml and with their number in the plan', async () => {
    await filled();
    await onHost(ONE, 'mount -t tmpfs -o size=64k,uid=$(id -u redis),mode=750 tmpfs /data/redis');
    try {
      await writeFile(join(lab.path, 'redisops.yml'), `clusters:\n  redis:\n    may_lose_data: [${ONE}]\n`);
      const desired = await lab.asks({ ...ALONE, variables: NEEDS_RESTART });
      const { failure, plan } = await run(CONVERGE, desired, lab.nodes);
      expect(failure).toBeNull();
      expect(actionsOf(plan).find(({ kind, node }) => kind === 'restart-unit' && node === ONE)).toMatchObject({
        data: { kept: null, keysAtMost: 50_000 },
        disruptive: true,
        reason: expect.stringContaining('Its keys are lost, 50000 at most'),
      });
      expect(await redisCli(ONE, 'DBSIZE')).toBe('0');
    } finally {
      await onHost(ONE, 'systemctl stop redis-server; umount -l /data/redis');
    }
  });

  it.each([400, 1200])(
    'is finished by a second worker when the first is killed %i ms after its beginning',
    async (milliseconds) => {
      await filled();
      const desired = await lab.asks({ ...ALONE, variables: NEEDS_RESTART });
      const plan = await planFor(CONVERGE, desired, lab.nodes);
      await writeFile(join(lab.path, 'plan.json'), JSON.stringify(plan));
      const figures = await underWriter(async () => {
        const child = await startChild('execute-child.ts', [lab.path]);
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
        await child.kill();
        const text = await readFile(join(lab.path, 'journal'), 'utf8').catch(() => '');
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the child of this test.
        const journal = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JournalEntry]));
        const ports = { nodes: lab.nodes, clock: realClock };
        const { result } = await execute(plan, checkout(lab.path), testRun({ journal }), ports);
        expect(result).toMatchObject({ outcome: 'done', message: expect.stringContaining('verified with a write') });
      }, [ONE]);
      await rm(join(lab.path, 'plan.json'));
      await rm(join(lab.path, 'journal'), { force: true });
      expect(figures.lost).toBe(0);
      expect(await redisCli(ONE, 'CONFIG', 'GET', 'databases')).toBe('databases\n32');
      expect(await redisCli(ONE, 'STRLEN', 'old:50000')).toBe('200');
    },
  );
});
