import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { until } from '../../lab/until.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import type { Goal } from '../../src/domain/goal.ts';
import { actionsOf } from '../../src/domain/plan.ts';
import type { JournalEntry } from '../../src/domain/run/journal.ts';
import { execute, propose } from '../../src/operation.ts';
import { realClock } from '../../src/time/real-clock.ts';
import { startChild } from './child.ts';
import { expectMaster } from './expect-master.ts';
import { bringUp, infoField, openLabCluster, redisCli, testRun, underWriter, type LabCluster } from './lab-cluster.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
/** Nobody is named: the second worker must not choose another candidate. */
const FAILOVER: Goal = { kind: 'failover', mode: 'planned' };

/** One cluster; each time the role goes to another node. */
describe('kill -9 of the worker during a failover', () => {
  let lab: LabCluster;

  beforeAll(async () => {
    await resetHosts();
    lab = await openLabCluster();
    await bringUp(await lab.asks(), lab.nodes);
    await redisCli('redis-01', 'SET', 'kept', 'yes');
  });

  afterAll(() => lab.close());

  it.each([
    ['hand-over', 150],
    ['write-file', 0],
  ] as const)('in %s, %i ms after its beginning: the next worker ends it, to the same node', async (action, ms) => {
    const { plan, to } = await proposed();
    await writeFile(join(lab.path, 'plan.json'), JSON.stringify(plan));
    const figures = await underWriter(async () => {
      const child = await startChild('execute-child.ts', [lab.path]);
      await until('the step', 30, async () =>
        (await journal()).some((entry) => entry.action === action && entry.state === 'began') ? true : null,
      );
      await new Promise((resolve) => setTimeout(resolve, ms));
      await child.kill();
      const { result } = await execute(plan, checkout(lab.path), testRun({ journal: await journal() }), ports());
      expect(result).toMatchObject({ outcome: 'done', message: expect.stringContaining('verified with a write') });
    });
    expect(figures.lost).toBe(0);
    await rm(join(lab.path, 'journal'));
    await expectDoneWith(to);
  });

  it('between promotion and demotion: the promoted node follows again, and then takes the role', async () => {
    const { plan, to, from } = await proposed();
    const began = { at: new Date().toISOString(), step: 1, node: from, action: 'hand-over', state: 'began' } as const;
    const figures = await underWriter(async () => {
      await redisCli(to, 'CLIENT', 'PAUSE', '4000', 'WRITE');
      await redisCli(to, 'REPLICAOF', 'NO', 'ONE');
      const { result } = await execute(plan, checkout(lab.path), testRun({ journal: [began] }), ports());
      expect(result).toMatchObject({ outcome: 'done', failover: { from, to, writes: { lost: 0 } } });
    }, [from, to]);
    expect(figures.lost).toBe(0);
    await expectDoneWith(to);
  });

  it('right before the promotion for a dead master: the next worker promotes the same replica', async () => {
    const { from } = await proposed();
    await onHost(from, 'systemctl stop redis-server');
    const lost: Goal = { kind: 'failover', mode: 'lost-master' };
    const { plan } = await propose(lost, checkout(lab.path), 'redis', ports());
    expect(plan.blockers).toEqual([]);
    const to = actionsOf(plan).find(({ kind }) => kind === 'promote')?.node ?? '';
    await writeFile(join(lab.path, 'plan.json'), JSON.stringify(plan));
    const child = await startChild('execute-child.ts', [lab.path]);
    await until('the promotion', 30, async () =>
      (await journal()).some(({ action }) => action === 'promote') ? true : null,
    );
    await child.kill();
    // As if it had died after the command, and before the note.
    await redisCli(to, 'REPLICAOF', 'NO', 'ONE');
    const { result } = await execute(plan, checkout(lab.path), testRun({ journal: await journal() }), ports());
    expect(result).toMatchObject({ outcome: 'done', failover: { from, to } });
    expect((await onHost(to, 'cat /var/lib/redisops/*.master-home')).stdout).toContain(` over ${from}`);
    await onHost(from, 'systemctl start redis-server');
    await expect.poll(() => infoField(from, 'master_link_status'), { timeout: 30_000 }).toBe('up');
    await expectDoneWith(to);
  });

  function ports() {
    return { nodes: lab.nodes, clock: realClock };
  }

  async function proposed() {
    const planned = async () => (await propose(FAILOVER, checkout(lab.path), 'redis', ports())).plan;
    await expect.poll(async () => (await planned()).blockers, { timeout: 30_000 }).toEqual([]);
    const plan = await planned();
    const [moved] = actionsOf(plan).flatMap((each) => (each.kind === 'hand-over' ? [each] : []));
    return { plan, from: moved?.node ?? '', to: moved?.to.name ?? '' };
  }

  async function journal(): Promise<readonly JournalEntry[]> {
    const text = await readFile(join(lab.path, 'journal'), 'utf8').catch(() => '');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the child of this test.
    return text.split('\n').flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as JournalEntry] : []));
  }

  async function expectDoneWith(master: string): Promise<void> {
    await expectMaster(master);
    for (const host of HOSTS) expect(await redisCli(host, 'GET', 'kept')).toBe('yes');
    const { plan } = await propose({ kind: 'converge' }, checkout(lab.path), 'redis', ports());
    expect([plan.blockers, actionsOf(plan)]).toEqual([[], []]);
  }
});
