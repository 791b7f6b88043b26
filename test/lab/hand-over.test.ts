import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resetHosts } from '../../lab/hosts.ts';
import { cutNetwork, restoreNetwork } from '../../lab/network.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import { execute } from '../../src/operation.ts';
import { verify } from '../../src/verify/verify.ts';
import { startChild } from './child.ts';
import {
  CONVERGE,
  bringUp,
  carryOut,
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
import { endpointOf, planOf } from './plans.ts';
import type { JournalEntry } from '../../src/domain/run/journal.ts';
import { realClock } from '../../src/time/real-clock.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const NEEDS_RESTART = { variables: ['redis_config:', '  databases: 32'] };

describe('handing the master’s role over', () => {
  let lab: LabCluster;

  beforeEach(async () => {
    await resetHosts();
    lab = await openLabCluster();
    await bringUp(await lab.asks(), lab.nodes);
    await redisCli('redis-01', 'SET', 'kept', 'yes');
  });

  afterEach(() => lab.close());

  async function expectAllInPlace(desired: DesiredCluster): Promise<void> {
    expect(await redisCli('redis-01', 'GET', 'kept')).toBe('yes');
    expect(await infoField('redis-01', 'role')).toBe('master');
    for (const host of HOSTS) expect(await redisCli(host, 'CONFIG', 'GET', 'databases')).toBe('databases\n32');
    expect((await verify(desired, lab.nodes)).verdict).toBe('healthy');
    expect(kindsOf(await planFor(CONVERGE, desired, lab.nodes))).toEqual([]);
  }

  it('leaves no node behind with the old master that the network hides while the role moves', async () => {
    const desired = await lab.asks();
    const to = { name: 'redis-02', ...endpointOf(desired, 'redis-02') };
    const plan = planOf(desired, [{ kind: 'hand-over', node: 'redis-01', to }]);
    await cutNetwork('redis-03');
    let mended: Promise<void> | null = null;
    const { failure } = await carryOut(plan, desired, lab.nodes, {
      onEvent(event) {
        const isHidden =
          event.kind === 'step-progress' && event.progress.message.includes('redis-03 could not be reached');
        if (isHidden) mended ??= restoreNetwork('redis-03');
      },
    });
    expect(failure).toBeNull();
    expect(mended).not.toBeNull();
    expect(await infoField('redis-03', 'master_host')).toBe(to.host);
    expect(await infoField('redis-03', 'master_link_status')).toBe('up');
  });

  it('restarts all three nodes under a writer: nothing is lost, no full synchronization, the role is back', async () => {
    const before = await runIds();
    const desired = await lab.asks(NEEDS_RESTART);
    const figures = await underWriter(async () => {
      const { failure, plan, events } = await run(CONVERGE, desired, lab.nodes);
      expect(plan.blockers).toEqual([]);
      expect(failure).toBeNull();
      const told = events.flatMap((event) => (event.kind === 'step-progress' ? [event.progress.message] : []));
      expect(told.filter((message) => message.includes('is the master; writes were held back for'))).toHaveLength(2);
    });
    expect(figures.lost).toBe(0);
    expect(figures.acknowledged).toBeGreaterThan(20);
    expect((await runIds()).filter((id, at) => id === before[at])).toEqual([]);
    expect(await infoField('redis-01', 'sync_full')).toBe('0');
    expect(await infoField('redis-02', 'sync_full')).toBe('0');
    await expectAllInPlace(desired);
  });

  it.each([300, 1400, 2200, 3000])(
    'is finished by a second worker, role at home, when the first is killed %i ms after its beginning',
    async (milliseconds) => {
      const desired = await lab.asks(NEEDS_RESTART);
      const plan = await planFor(CONVERGE, desired, lab.nodes);
      await writeFile(join(lab.path, 'plan.json'), JSON.stringify(plan));
      const figures = await underWriter(async () => {
        const child = await startChild('execute-child.ts', [lab.path]);
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
        await child.kill();
        const { result } = await second(plan);
        expect(result).toMatchObject({ outcome: 'done', message: expect.stringContaining('verified with a write') });
      });
      expect(figures.lost).toBe(0);
      await rm(join(lab.path, 'plan.json'));
      await rm(join(lab.path, 'journal'), { force: true });
      await expectAllInPlace(desired);
    },
  );

  it('pauses writes and changes nothing if the replica is not in sync', async () => {
    const desired = await lab.asks();
    await redisCli('redis-02', 'CONFIG', 'SET', 'masteruser', 'nobody');
    await redisCli('redis-02', 'CLIENT', 'KILL', 'TYPE', 'master');
    await expect.poll(() => infoField('redis-02', 'master_link_status'), { timeout: 5000 }).toBe('down');
    const to = { name: 'redis-02', ...endpointOf(desired, 'redis-02') };
    const figures = await underWriter(async () => {
      const { failure } = await carryOut(
        planOf(desired, [{ kind: 'hand-over', node: 'redis-01', to }]),
        desired,
        lab.nodes,
      );
      expect(failure?.error.code).toBe('HANDOVER_REFUSED');
    });
    expect(figures).toMatchObject({ lost: 0, refused: 0 });
    expect(await infoField('redis-01', 'role')).toBe('master');
    expect(await infoField('redis-02', 'role')).toBe('slave');
  });

  /** The next worker of the run, with the first one’s journal. */
  async function second(plan: Awaited<ReturnType<typeof planFor>>) {
    const text = await readFile(join(lab.path, 'journal'), 'utf8').catch(() => '');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the child of this test.
    const journal = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JournalEntry]));
    return execute(plan, checkout(lab.path), testRun({ journal }), { nodes: lab.nodes, clock: realClock });
  }
});

async function runIds(): Promise<readonly string[]> {
  return Promise.all(HOSTS.map((host) => infoField(host, 'run_id')));
}
