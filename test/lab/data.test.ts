import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import {
  CONVERGE,
  bringUp,
  carryOut,
  infoField,
  nodeNamed,
  openLabCluster,
  planFor,
  redisCli,
  run,
  type LabCluster,
  writeToAll,
} from './lab-cluster.ts';
import { endpointOf, planOf } from './plans.ts';
import { NO_GUARD_DISABLED } from '../../src/apply/node/guards.ts';
import { everyNode, identitiesOf } from '../../src/domain/known-nodes.ts';
import { restartFrom } from '../../src/apply/restart/restart-script.ts';
import type { Step } from '../../src/apply/node/step.ts';
import { realClock } from '../../src/time/real-clock.ts';

const UNIT = 'redis-server';
const AOF = ['redis_config:', '  appendonly: "yes"', '  repl-diskless-sync-delay: 0'];
const QUICK = ['redis_config:', '  repl-diskless-sync-delay: 0'];

/** Redis does not stop while it writes its first append-only file, and its unit would wait forever. */
async function stop(host: string): Promise<void> {
  await expect.poll(() => infoField(host, 'aof_rewrite_in_progress'), { timeout: 10_000 }).toBe('0');
  await onHost(host, `systemctl stop ${UNIT}`);
}

/** What outages and people can do to data, with the guard against each. */
describe('data that is nowhere else', () => {
  let lab: LabCluster;

  beforeEach(async () => {
    await resetHosts();
    lab = await openLabCluster();
  });

  afterEach(() => lab.close());

  it('a stopped replica with an append-only file is not started under a master that came back empty', async () => {
    const desired = await lab.asks({ variables: AOF });
    await bringUp(desired, lab.nodes);
    for (let key = 0; key < 20; key += 1) await writeToAll({}, 'SET', `key:${key}`, 'value');
    await Promise.all(['redis-01', 'redis-02', 'redis-03'].map(stop));
    await onHost('redis-01', `rm -r /data/redis/appendonlydir && systemctl start ${UNIT}`);
    expect(await redisCli('redis-01', 'DBSIZE')).toBe('0');

    const plan = await planFor(CONVERGE, desired, lab.nodes);
    expect(plan.blockers.map(({ code, node }) => `${code} ${node}`)).toEqual([
      'REPLICA_HOLDS_DATA redis-02',
      'REPLICA_HOLDS_DATA redis-03',
    ]);
    const start = planOf(desired, [{ kind: 'start-unit', node: 'redis-02', unit: UNIT }]);
    expect((await carryOut(start, desired, lab.nodes)).failure?.error.code).toBe('REPLICA_HOLDS_DATA');

    const emptied = await onHost('redis-02', `grep -c 'key:' /data/redis/appendonlydir/*.incr.aof`);
    expect(Number(emptied.stdout)).toBeGreaterThanOrEqual(20);
  });

  it('a whole stopped cluster that keeps its data on disk is started with all of it', async () => {
    const desired = await lab.asks({ variables: AOF });
    await bringUp(desired, lab.nodes);
    await writeToAll({}, 'SET', 'kept', 'yes');
    for (const host of ['redis-02', 'redis-03', 'redis-01']) await stop(host);
    const { failure, plan } = await run(CONVERGE, desired, lab.nodes);
    expect(plan.blockers).toEqual([]);
    expect(failure).toBeNull();
    expect(await redisCli('redis-03', 'GET', 'kept')).toBe('yes');
  });

  it('a stopped master is not started with settings that leave its data behind', async () => {
    await bringUp(await lab.asks({ variables: AOF }), lab.nodes);
    await redisCli('redis-01', 'SET', 'kept', 'yes');
    for (const host of ['redis-02', 'redis-03', 'redis-01']) await stop(host);
    const plan = await planFor(CONVERGE, await lab.asks({ variables: QUICK }), lab.nodes);
    expect(plan.blockers).toContainEqual(expect.objectContaining({ code: 'DATA_NOT_LOADED', node: 'redis-01' }));
  });

  it('a replica with the data is not restarted before another one has it', async () => {
    const desired = await lab.asks({ variables: QUICK });
    await bringUp(desired, lab.nodes);
    await writeToAll({}, 'SET', 'kept', 'yes');
    await redisCli('redis-03', 'CONFIG', 'SET', 'masteruser', 'nobody');
    await redisCli('redis-03', 'CLIENT', 'KILL', 'TYPE', 'master');
    await expect.poll(() => infoField('redis-03', 'master_link_status'), { timeout: 5000 }).toBe('down');

    const restart = planOf(desired, [{ kind: 'restart-unit', node: 'redis-02', unit: UNIT }]);
    const before = await infoField('redis-02', 'run_id');
    const waited: string[] = [];
    const restarting = carryOut(restart, desired, lab.nodes, {
      onEvent: (event) => event.kind === 'step-progress' && waited.push(event.progress.message),
    });
    await expect.poll(() => waited, { timeout: 5000 }).toContain('waiting for redis-03, which is not in sync yet');
    expect(await infoField('redis-02', 'run_id')).toBe(before);
    await redisCli('redis-03', 'CONFIG', 'SET', 'masteruser', '');
    const { failure } = await restarting;
    expect(failure).toBeNull();
    expect(await infoField('redis-03', 'master_link_status')).toBe('up');
    expect(await infoField('redis-02', 'run_id')).not.toBe(before);
  });

  it('a replica that cannot synchronize is not let through to a master that holds less', async () => {
    const desired = await lab.asks({ variables: QUICK });
    await bringUp(desired, lab.nodes);
    for (let key = 0; key < 5; key += 1) await writeToAll({}, 'SET', `key:${key}`, 'value');
    for (const host of ['redis-02', 'redis-03'])
      await onHost(host, 'chown root:root /data/redis; chmod 755 /data/redis');
    await onHost('redis-01', `systemctl kill --signal=KILL ${UNIT}`);
    await expect.poll(() => redisCli('redis-01', 'SET', 'new', 'value'), { timeout: 10_000 }).toBe('OK');

    const folder = { path: '/data/redis', owner: 'redis', group: 'redis', mode: '750' };
    const cure = planOf(desired, [{ kind: 'make-directory', node: 'redis-02', ...folder }]);
    expect((await carryOut(cure, desired, lab.nodes)).failure?.error.code).toBe('REPLICA_HOLDS_DATA');
    expect(await redisCli('redis-02', 'DBSIZE')).toBe('5');
    const { blockers } = await planFor(CONVERGE, desired, lab.nodes);
    expect(blockers.map(({ code }) => code)).toContain('MASTER_DOWN');
  });

  it('a file does not say another role than its node has', async () => {
    const desired = await lab.asks({ variables: QUICK });
    await bringUp(desired, lab.nodes);
    await redisCli('redis-03', 'REPLICAOF', 'NO', 'ONE');
    const { path, owner, group, mode } = nodeNamed(desired, 'redis-03').redisConf;
    const replaces = (await onHost('redis-03', `sha256sum ${path}`)).stdout.split(' ')[0] ?? '';
    const file = { kind: 'write-file', node: 'redis-03', file: 'redis.conf', path, owner, group, mode } as const;
    const write = planOf(desired, [{ ...file, replicaof: endpointOf(desired, 'redis-01'), replaces, diff: [] }]);
    expect((await carryOut(write, desired, lab.nodes)).failure?.error.code).toBe('STALE_PLAN');
    const restart = planOf(desired, [{ kind: 'restart-unit', node: 'redis-03', unit: UNIT }]);
    expect((await carryOut(restart, desired, lab.nodes)).failure?.error.code).toBe('STALE_PLAN');
    expect(await infoField('redis-03', 'role')).toBe('master');
  });

  it('a package’s own configuration is replaced even if the plan saw none, a person’s is not', async () => {
    const desired = await lab.asks({ variables: QUICK });
    const { path, owner, group, mode } = nodeNamed(desired, 'redis-03').redisConf;
    const file = { kind: 'write-file', node: 'redis-03', file: 'redis.conf', path, owner, group, mode } as const;
    const write = planOf(desired, [{ ...file, replicaof: null, replaces: null, diff: [] }]);
    await onHost('redis-03', 'install -d -o redis -g redis /data/redis');
    await onHost('redis-03', `cp -a ${path} /root/stock; echo "# mine" >>${path}`);
    expect((await carryOut(write, desired, lab.nodes)).failure?.error.code).toBe('STALE_PLAN');
    await onHost('redis-03', `mv /root/stock ${path}`);
    expect((await carryOut(write, desired, lab.nodes)).failure).toBeNull();
  });

  it('a Redis that refuses to stop while writing its first append-only file gets the signal again', async () => {
    const desired = await lab.asks({ variables: QUICK });
    await bringUp(desired, lab.nodes);
    for (let key = 0; key < 4; key += 1) await writeToAll({}, 'SET', `key:${key}`, 'value');
    // A second for each key.
    await redisCli('redis-03', 'CONFIG', 'SET', 'rdb-key-save-delay', '1000000', 'appendonly', 'yes');
    expect(await infoField('redis-03', 'aof_rewrite_in_progress')).toBe('1');
    const before = await infoField('redis-03', 'run_id');
    const node = nodeNamed(desired, 'redis-03');
    const step: Step = {
      node,
      desired,
      session: await lab.nodes.connect(node),
      nodes: lab.nodes,
      identities: identitiesOf(everyNode(desired.nodes, [])),
      clock: realClock,
      stop: null,
      stopUntouched: null,
      disabledGuards: NO_GUARD_DISABLED,
      progress: () => {},
      verify: () => Promise.reject(new Error('nothing to verify')),
    };
    await restartFrom({ data: null, older: false, served: false, keys: 4 }, { unit: UNIT }, step);
    await expect.poll(() => infoField('redis-03', 'run_id')).not.toBe(before);
    const { stdout } = await onHost('redis-03', 'grep -c "Writing initial AOF" /var/log/redis/redis-server.log');
    expect(Number(stdout)).toBeGreaterThan(0);
  });
});
