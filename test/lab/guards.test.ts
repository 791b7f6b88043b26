import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import type { Guard } from '../../src/apply/node/guards.ts';
import type { Code } from '../../src/domain/code.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import type { Plan } from '../../src/domain/plan.ts';
import {
  bringUp,
  carryOut,
  infoField,
  openLabCluster,
  planFor,
  redisCli,
  writeToAll,
  type LabCluster,
} from './lab-cluster.ts';
import { endpointOf, planOf } from './plans.ts';
import type { Nodes, RedisLink } from '../../src/ports/nodes.ts';

const UNIT = 'redis-server';
const QUICK = ['redis_config:', '  repl-diskless-sync-delay: 0'];
const FOLDER = '/data/redis';

/** A way to lose data, the guard against it, and the loss without that. */
interface Scene {
  guard: Guard;
  /** As a witness would describe it. */
  disaster: string;
  refusal: Code;
  /** Sets the situation up, and returns the plan that must not run. */
  prepare(desired: DesiredCluster, lab: LabCluster): Promise<Plan>;
  isLost(): Promise<boolean>;
}

const SCENES: readonly Scene[] = [
  {
    guard: 'restart',
    disaster: 'a master that cannot save comes back empty, and its replicas copy that',
    refusal: 'MASTER_RESTART_HOLDS_DATA',
    async prepare(desired) {
      await writeToAll({}, 'SET', 'kept', 'yes');
      // Otherwise the save before the restart would keep the data without the guard too.
      await onHost('redis-01', `chown root:root ${FOLDER}; chmod 755 ${FOLDER}`);
      return planOf(desired, [{ kind: 'restart-unit', node: 'redis-01', unit: UNIT }]);
    },
    isLost: () => isGone('redis-02', 'kept'),
  },
  {
    guard: 'start',
    disaster: 'a master that lost its data takes it from the replicas that still have it',
    refusal: 'MASTER_DOWN',
    async prepare(desired) {
      if ((await infoField('redis-01', 'role')) === 'master') await writeToAll({}, 'SET', 'kept', 'yes');
      await onHost('redis-01', `systemctl stop ${UNIT}`);
      return planOf(desired, [{ kind: 'start-unit', node: 'redis-01', unit: UNIT }]);
    },
    isLost: () => isGone('redis-02', 'kept'),
  },
  {
    guard: 'replicate',
    disaster: 'what a node took on its own is gone once it follows another',
    refusal: 'REPLICA_HOLDS_DATA',
    async prepare(desired) {
      await redisCli('redis-03', 'REPLICAOF', 'NO', 'ONE');
      await redisCli('redis-03', 'SET', 'kept', 'yes');
      return planOf(desired, [{ kind: 'replicate', node: 'redis-03', master: endpointOf(desired, 'redis-01') }]);
    },
    isLost: () => isGone('redis-03', 'kept'),
  },
  {
    guard: 'cure',
    disaster: 'a replica that could not synchronize is let through to a master that came back empty',
    refusal: 'REPLICA_HOLDS_DATA',
    async prepare(desired) {
      if (!(await isGone('redis-01', 'kept', 0)) || (await infoField('redis-02', 'master_link_status')) === 'up') {
        await writeToAll({}, 'SET', 'kept', 'yes');
      }
      for (const host of ['redis-02', 'redis-03']) await onHost(host, `chown root:root ${FOLDER}; chmod 755 ${FOLDER}`);
      await onHost('redis-01', `systemctl kill --signal=KILL ${UNIT}`);
      await expect.poll(() => redisCli('redis-01', 'PING'), { timeout: 10_000 }).toBe('PONG');
      const folder = { path: FOLDER, owner: 'redis', group: 'redis', mode: '750' };
      return planOf(desired, [{ kind: 'make-directory', node: 'redis-02', ...folder }]);
    },
    isLost: () => isGone('redis-02', 'kept'),
  },
  {
    guard: 'purge',
    disaster: 'keys went from memory, and their last copy goes from the disk',
    refusal: 'PURGE_LAST_COPY',
    async prepare(desired, lab) {
      const aside = `find ${FOLDER} -name dump.rdb -path '*quarantine*'`;
      if ((await onHost('redis-01', aside)).stdout === '') {
        for (let key = 0; key < 20; key += 1) await redisCli('redis-01', 'SET', `key:${key}`, 'value');
        await redisCli('redis-01', 'SAVE');
        await onHost('redis-01', `cp -p ${FOLDER}/temp-sync.rdb ${FOLDER}/dump.rdb`);
        const plan = await planFor({ kind: 'purge', node: 'redis-01' }, desired, lab.nodes);
        purge = plan.waves.slice(1);
        expect((await carryOut({ ...plan, waves: plan.waves.slice(0, 1) }, desired, lab.nodes)).failure).toBeNull();
        await redisCli('redis-01', 'FLUSHALL');
      }
      return { ...planOf(desired), waves: purge };
    },
    isLost: async () => (await onHost('redis-01', `find ${FOLDER} -name '*.rdb' -path '*quarantine*'`)).stdout === '',
  },
];

let purge: Plan['waves'] = [];

describe('each guard, and what happens without it', () => {
  let lab: LabCluster;
  let desired: DesiredCluster;

  beforeEach(async () => {
    await resetHosts();
    lab = await openLabCluster();
    desired = await lab.asks({ variables: QUICK });
    await bringUp(desired, lab.nodes);
  });

  afterEach(() => lab.close());

  it.each(SCENES)('$guard: $disaster', async (scene) => {
    const { guard, refusal } = scene;
    const guarded = await carryOut(await scene.prepare(desired, lab), desired, lab.nodes);
    expect(guarded.failure?.error.code).toBe(refusal);
    expect(await scene.isLost()).toBe(false);

    await carryOut(await scene.prepare(desired, lab), desired, lab.nodes, { without: [guard] });
    expect(await scene.isLost()).toBe(true);
  });

  it('other-replicas: for a while, only the master has the data', async () => {
    await writeToAll({}, 'SET', 'kept', 'yes');
    await redisCli('redis-03', 'CONFIG', 'SET', 'masteruser', 'nobody');
    await redisCli('redis-03', 'CLIENT', 'KILL', 'TYPE', 'master');
    await expect.poll(() => infoField('redis-03', 'master_link_status'), { timeout: 5000 }).toBe('down');
    const restart = planOf(desired, [{ kind: 'restart-unit', node: 'redis-02', unit: UNIT }]);
    const before = await infoField('redis-02', 'run_id');

    const enough = new AbortController();
    const onEvent = ({ kind }: { kind: string }) => kind === 'step-progress' && enough.abort();
    const guarded = await carryOut(restart, desired, lab.nodes, { onEvent, stop: enough.signal });
    expect(guarded.failure?.error.code).toBe('STOPPED');
    expect(await infoField('redis-02', 'run_id')).toBe(before);

    await carryOut(restart, desired, lab.nodes, { without: ['other-replicas'] });
    expect(await infoField('redis-02', 'run_id')).not.toBe(before);
    expect(await infoField('redis-03', 'master_link_status')).toBe('down');
  });

  it.each<[string, readonly Guard[], Code | undefined, string]>([
    ['with it nobody moves', [], 'HANDOVER_REFUSED', 'redis-01'],
    ['without it that replica gives up its copy', ['output-buffers'], undefined, 'redis-02'],
  ])('output-buffers, with a replica that does not read: %s', async (_, without, refusal, master) => {
    const patient = { ...desired, limits: { ...desired.limits, standstillMs: 6000 } };
    for (const host of ['redis-01', 'redis-02']) await redisCli(host, 'CONFIG', 'SET', 'repl-backlog-size', '1mb');
    const processId = await infoField('redis-03', 'process_id');
    await onHost('redis-03', `kill -STOP ${processId}`);
    // More than the kernel’s own buffers hold.
    const megabytes = "for key = 1, 40 do redis.call('SET', 'large:' .. key, string.rep('x', 1000000)) end";
    await writeToAll({ replicas: 1 }, 'EVAL', megabytes, '0');
    const to = { name: 'redis-02', ...endpointOf(desired, 'redis-02') };
    const plan = planOf(desired, [{ kind: 'hand-over', node: 'redis-01', to }]);
    // The look at the nodes takes its time with one that does not answer.
    const begun = new AbortController();
    const onEvent = ({ kind }: { kind: string }) => kind === 'step-started' && begun.abort();
    const done = carryOut(plan, patient, lab.nodes, { without, onEvent });
    await expect.poll(() => begun.signal.aborted, { timeout: 20_000 }).toBe(true);
    await expect.poll(() => infoField(master, 'role'), { timeout: 5000 }).toBe('master');
    if (refusal) expect((await done).failure?.error).toMatchObject({ code: refusal });
    await onHost('redis-03', `kill -CONT ${processId}`);
    expect((await done).failure?.error.code).toBe(refusal);
    await expect.poll(() => infoField('redis-03', 'master_link_status'), { timeout: 10_000 }).toBe('up');
    const full = await Promise.all(['redis-01', 'redis-02'].map((host) => infoField(host, 'sync_full')));
    // Two initially. Which one redis-03 tries first for the third is chance.
    const more = full.reduce((sum, times) => sum + Number(times), -2);
    expect(more > 0).toBe(refusal === undefined);
  });

  it.each<[string, readonly Guard[], string]>([
    ['Redis itself hands the role over, with every write', [], 'yes'],
    ['the new master lacks what the old one had acknowledged', ['in-sync'], ''],
  ])('in-sync, with a replica that is behind: %s', async (_, without, value) => {
    // A replica with paused writes takes nothing from its master either.
    await redisCli('redis-02', 'CLIENT', 'PAUSE', '20000', 'WRITE');
    await redisCli('redis-01', 'SET', 'late', 'yes');
    const to = { name: 'redis-02', ...endpointOf(desired, 'redis-02') };
    const plan = planOf(desired, [{ kind: 'hand-over', node: 'redis-01', to }]);
    const { failure, events } = await carryOut(plan, desired, lab.nodes, { without });
    expect(failure).toBeNull();
    expect(await infoField('redis-02', 'role')).toBe('master');
    expect(await redisCli('redis-02', 'GET', 'late')).toBe(value);
    expect(JSON.stringify(events).includes('Redis hands the role over itself')).toBe(without.length === 0);
  });

  it.each<[string, readonly Guard[], Code | undefined, string, string]>([
    ['with it the role stays', [], 'HANDOVER_REFUSED', 'redis-01', 'yes'],
    ['without it what the old master acknowledged is gone', ['demotion'], undefined, 'redis-02', ''],
  ])('demotion, by a worker that stands still in the middle: %s', async (_, without, refusal, master, value) => {
    const to = { name: 'redis-02', ...endpointOf(desired, 'redis-02') };
    const plan = planOf(desired, [{ kind: 'hand-over', node: 'redis-01', to }]);
    // Held until the pause is over, then acknowledged.
    const write = () => redisCli('redis-01', 'SET', 'late', 'yes');
    const { failure } = await carryOut(plan, desired, standingStill(lab.nodes, write), { without });
    expect(failure?.error.code).toBe(refusal);
    expect(await infoField(master, 'role')).toBe('master');
    await expect.poll(() => redisCli('redis-01', 'GET', 'late'), { timeout: 5000 }).toBe(value);
  });
});

/** Redis itself may need a second to follow its new master. */
async function isGone(host: string, key: string, withinMs = 2500): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await redisCli(host, 'GET', key);
    if (value === '' || Date.now() >= deadline) return value === '';
    await delay(100);
  }
}

/** The nodes, but the deciding command arrives only after `meanwhile`. */
function standingStill(nodes: Nodes, meanwhile: () => Promise<string>): Nodes {
  const late = (link: RedisLink): RedisLink => ({
    command: (...words) => link.command(...words),
    close: () => link.close(),
    async transaction(commands) {
      expect(await meanwhile()).toBe('OK');
      return link.transaction(commands);
    },
  });
  return {
    close: () => nodes.close(),
    async connect(node) {
      const session = await nodes.connect(node);
      return { ...session, redis: async (password) => late(await session.redis(password)) };
    },
  };
}
