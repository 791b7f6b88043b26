import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { holdNodes } from '../../src/apply/host/hold-nodes.ts';
import { observeSettled } from '../../src/observed/observe-settled.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { realClock } from '../../src/time/real-clock.ts';
import { verify } from '../../src/verify/verify.ts';
import { startChild } from './child.ts';
import {
  CONVERGE,
  PASSWORD,
  bringUp,
  carryOut,
  infoField,
  kindsOf,
  nodeNamed,
  openLabCluster,
  planFor,
  redisCli,
  run,
  underWriter,
  type LabCluster,
} from './lab-cluster.ts';
import { endpointOf, planOf } from './plans.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const UNIT = 'redis-server';

describe('apply', () => {
  let lab: LabCluster;

  beforeEach(async () => {
    await resetHosts();
    lab = await openLabCluster();
  });

  afterEach(() => lab.close());

  it('makes bare hosts a healthy cluster, once; a second plan is empty', async () => {
    const desired = await lab.asks();
    const { failure, recap, journal, plan } = await run(CONVERGE, desired, lab.nodes);
    expect(failure).toBeNull();
    expect(recap.map(({ failed, skipped }) => failed + skipped)).toEqual([0, 0, 0]);
    expect(await verify(desired, lab.nodes)).toMatchObject({ verdict: 'healthy', master: 'redis-01', acknowledged: 2 });
    expect(kindsOf(await planFor(CONVERGE, desired, lab.nodes))).toEqual([]);

    const steps = kindsOf(plan).length;
    expect(journal.filter(({ state }) => state === 'began')).toHaveLength(steps);
    expect(journal.filter(({ state }) => state === 'ended')).toHaveLength(steps);

    const { stdout } = await onHost('redis-02', 'stat -c "%U:%G %a" /etc/redis/redis.conf /data/redis; ls -A /etc');
    expect(stdout).toContain('redis:redis 640\nredis:redis 750\n');
    expect(stdout).not.toContain('.redisops-new');
    const previous = await onHost('redis-02', 'head -n 1 /etc/redis/redis.conf.redisops-previous');
    expect(previous.stdout).toContain('Redis configuration file example');
  });

  it('changes nothing when the same plan is applied again, as after kill -9', async () => {
    const desired = await lab.asks();
    const { plan } = await bringUp(desired, lab.nodes);
    const ids = await runIds();
    const { failure, recap } = await carryOut(plan, desired, lab.nodes);
    expect(failure).toBeNull();
    expect(recap.map(({ changed, skipped }) => changed + skipped)).toEqual([0, 0, 0]);
    expect(await runIds()).toEqual(ids);
  });

  it('reports a reload as a change only where systemd resolves the unit differently', async () => {
    const desired = await lab.asks();
    await bringUp(desired, lab.nodes);
    const ids = await runIds();
    const reload = planOf(desired, [{ kind: 'daemon-reload', node: 'redis-02' }]);
    const changed = async () => {
      const { failure, recap } = await carryOut(reload, desired, lab.nodes);
      expect(failure).toBeNull();
      return recap.map((each) => each.changed);
    };
    expect(await changed()).toEqual([0, 0, 0]);
    const dropIn = `/etc/systemd/system/${UNIT}.service.d/zz-note.conf`;
    await onHost('redis-02', `printf '[Service]\nEnvironment=NOTE=1\n' >${dropIn}`);
    expect(await changed()).toEqual([0, 1, 0]);
    expect(await changed()).toEqual([0, 0, 0]);
    await onHost('redis-02', `printf '[Service]\nEnvironment=NOTE=2\n' >${dropIn}`);
    expect(await changed()).toEqual([0, 1, 0]);
    expect(await runIds()).toEqual(ids);
  });

  it.each([0, 60, 150, 300, 500, 800, 1200])(
    'is finished by a second worker when the first is killed %i ms after its beginning',
    async (milliseconds) => {
      const desired = await lab.asks();
      const child = await startChild('apply-child.ts', [lab.path]);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      await child.kill();
      const hold = await holdNodes(desired, lab.nodes, 'the second');
      // A start that the first one began may still be under way.
      const plan = makePlan(CONVERGE, desired, await observeSettled(desired, lab.nodes, realClock));
      const { failure } = await carryOut(plan, desired, lab.nodes);
      await hold.release();
      expect(failure).toBeNull();
      expect((await verify(desired, lab.nodes)).verdict).toBe('healthy');
      expect(kindsOf(await planFor(CONVERGE, desired, lab.nodes))).toEqual([]);
    },
  );

  it('sets maxmemory under a writer: nothing restarts, nothing is lost', async () => {
    await bringUp(await lab.asks(), lab.nodes);
    const ids = await runIds();
    const desired = await lab.asks({ variables: ['redis_maxmemory: 256mb', 'redis_maxmemory_policy: allkeys-lru'] });
    const figures = await underWriter(async () => {
      const { failure, plan } = await run(CONVERGE, desired, lab.nodes);
      expect(failure).toBeNull();
      expect(kindsOf(plan).filter((kind) => kind.endsWith('config-set'))).toHaveLength(3);
    });
    expect(figures).toMatchObject({ lost: 0, refused: 0 });
    expect(figures.acknowledged).toBeGreaterThan(20);
    expect(await runIds()).toEqual(ids);
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n268435456');
    expect(kindsOf(await planFor(CONVERGE, desired, lab.nodes))).toEqual([]);
  });

  it('puts the read-only data directory right, and says at once that waiting for the link is in vain', async () => {
    const desired = await lab.asks({ variables: ['redis_config:', '  repl-diskless-sync-delay: 0'] });
    await bringUp(desired, lab.nodes);
    await redisCli('redis-01', 'SET', 'kept', 'yes');
    const runId = await infoField('redis-01', 'run_id');
    const broken = await onHost(
      'redis-02',
      `rm /etc/systemd/system/${UNIT}.service.d/override.conf && systemctl daemon-reload && systemctl restart ${UNIT}`,
    );
    expect(broken.code).toBe(0);

    const master = endpointOf(desired, 'redis-01');
    const waiting = planOf(desired, [{ kind: 'await-link', node: 'redis-02', master }]);
    const wait = await carryOut(waiting, desired, lab.nodes);
    expect(wait.failure?.error).toMatchObject({ code: 'DATA_DIRECTORY_READ_ONLY' });
    expect((await verify(desired, lab.nodes)).reasons).toContainEqual(
      expect.objectContaining({ code: 'REPLICA_LINK_DOWN', node: 'redis-02' }),
    );

    const { failure, recap } = await run(CONVERGE, desired, lab.nodes);
    expect(failure).toBeNull();
    expect(recap.filter(({ changed }) => changed > 0).map(({ name }) => name)).toEqual(['redis-02']);
    expect(await redisCli('redis-02', 'GET', 'kept')).toBe('yes');
    expect(await infoField('redis-01', 'run_id')).toBe(runId);
    expect((await verify(desired, lab.nodes)).verdict).toBe('healthy');
  });

  it('stops at the first failure: what has not begun is left untouched', async () => {
    const desired = await lab.asks();
    const plan = await planFor(CONVERGE, desired, lab.nodes);
    // The service’s user may write there: its links must not lead root anywhere.
    await onHost(
      'redis-02',
      'ln -s /etc/passwd /tmp/x && mv /etc/redis/redis.conf /tmp/old && ln -s /etc/shadow /etc/redis/redis.conf',
    );
    const { failure, recap, events, journal } = await carryOut(plan, desired, lab.nodes);
    expect(failure).toMatchObject({ node: 'redis-02', error: { code: 'COMMAND_FAILED' } });
    expect(failure?.error.message).toContain('symbolic link');
    expect(recap.map(({ failed }) => failed)).toEqual([0, 1, 0]);
    expect(recap.every(({ skipped }) => skipped > 0)).toBe(true);
    const begun = events.filter(({ kind }) => kind === 'step-started').length;
    expect(begun).toBe(recap.reduce((sum, { ok, failed }) => sum + ok + failed, 0));
    expect(journal.filter(({ state }) => state === 'failed')).toHaveLength(1);
    for (const host of HOSTS)
      expect((await onHost(host, `systemctl is-active ${UNIT}`)).stdout.trim()).toBe('inactive');
    expect((await onHost('redis-02', 'head -c 5 /etc/shadow')).stdout).toBe('root:');
  });

  it('refuses a file changed since the plan, and leaves it alone', async () => {
    await bringUp(await lab.asks(), lab.nodes);
    const ids = await runIds();
    const desired = await lab.asks({ variables: ['redis_maxmemory: 256mb'] });
    const plan = await planFor(CONVERGE, desired, lab.nodes);
    await onHost('redis-02', 'echo "# by hand" >>/etc/redis/redis.conf');
    const { failure } = await carryOut(plan, desired, lab.nodes);
    expect(failure).toMatchObject({ node: 'redis-02', error: { code: 'STALE_PLAN' } });
    expect((await onHost('redis-02', 'tail -n 1 /etc/redis/redis.conf')).stdout).toBe('# by hand\n');
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n0');
    expect(await runIds()).toEqual(ids);
  });

  it('lets Redis look at redis.conf first; its refusal names the line and no secret', async () => {
    const desired = await lab.asks();
    await bringUp(desired, lab.nodes);
    const node = nodeNamed(desired, 'redis-03');
    const wrong = { ...node.redisConf, content: node.redisConf.content.map((text) => `${text}requirepass "a" "b"\n`) };
    const { path, owner, group, mode } = node.redisConf;
    const before = (await onHost('redis-03', `sha256sum ${path}`)).stdout;
    const cluster = {
      ...desired,
      nodes: desired.nodes.map((each) => (each === node ? { ...node, redisConf: wrong } : each)),
    };
    const action = { kind: 'write-file', node: 'redis-03', file: 'redis.conf', path, owner, group, mode } as const;
    const replaces = before.split(' ')[0] ?? '';
    const plan = planOf(cluster, [{ ...action, replicaof: endpointOf(cluster, 'redis-01'), replaces, diff: [] }]);
    const { failure } = await carryOut(plan, cluster, lab.nodes);
    expect(failure?.error.code).toBe('CONFIG_INVALID');
    expect(failure?.error.message).toMatch(/line \d+: `requirepass ••••••`/);
    expect((await onHost('redis-03', `sha256sum ${path}`)).stdout).toBe(before);
  });

  it('checks again before it restarts, starts or re-points: a wrong plan loses no data', async () => {
    const desired = await lab.asks();
    await bringUp(desired, lab.nodes);
    const ids = await runIds();

    const restart = planOf(desired, [{ kind: 'restart-unit', node: 'redis-01', unit: UNIT }]);
    const repoint = planOf(desired, [{ kind: 'replicate', node: 'redis-01', master: endpointOf(desired, 'redis-02') }]);
    const figures = await underWriter(async () => {
      await expect.poll(() => redisCli('redis-01', 'DBSIZE')).not.toBe('0');
      expect((await carryOut(restart, desired, lab.nodes)).failure?.error.code).toBe('MASTER_RESTART_HOLDS_DATA');
      expect((await carryOut(repoint, desired, lab.nodes)).failure?.error.code).toBe('REPLICA_HOLDS_DATA');
    });
    expect(figures).toMatchObject({ lost: 0, refused: 0 });
    expect(figures.longestGapMs).toBeLessThan(1000);
    expect(await runIds()).toEqual(ids);
    expect(await infoField('redis-01', 'role')).toBe('master');

    await onHost(
      'redis-01',
      `systemctl kill --signal=KILL ${UNIT}; systemctl stop ${UNIT}; systemctl reset-failed ${UNIT}`,
    );
    const start = planOf(desired, [{ kind: 'start-unit', node: 'redis-01', unit: UNIT }]);
    expect((await carryOut(start, desired, lab.nodes)).failure?.error.code).toBe('MASTER_DOWN');
    const restartReplica = planOf(desired, [{ kind: 'restart-unit', node: 'redis-02', unit: UNIT }]);
    expect((await carryOut(restartReplica, desired, lab.nodes)).failure?.error.code).toBe('REPLICA_HOLDS_DATA');
    expect(Number(await redisCli('redis-02', 'DBSIZE'))).toBeGreaterThan(0);
  });

  it('restarts an empty master and a replica whose master has its data', async () => {
    const desired = await lab.asks();
    await bringUp(desired, lab.nodes);
    const [master = '', replica = ''] = await runIds();
    const restartMaster = planOf(desired, [{ kind: 'restart-unit', node: 'redis-01', unit: UNIT }]);
    expect((await carryOut(restartMaster, desired, lab.nodes)).failure).toBeNull();
    expect(await infoField('redis-01', 'run_id')).not.toBe(master);

    await redisCli('redis-01', 'SET', 'kept', 'yes');
    const endpoint = endpointOf(desired, 'redis-01');
    const restartReplica = planOf(
      desired,
      [{ kind: 'await-link', node: 'redis-02', master: endpoint }],
      [
        { kind: 'restart-unit', node: 'redis-02', unit: UNIT },
        { kind: 'await-link', node: 'redis-02', master: endpoint },
      ],
    );
    expect((await carryOut(restartReplica, desired, lab.nodes)).failure).toBeNull();
    expect(await infoField('redis-02', 'run_id')).not.toBe(replica);
    expect(await redisCli('redis-02', 'GET', 'kept')).toBe('yes');
  });

  it('makes a running standalone node a replica, and holds its writes back meanwhile', async () => {
    await bringUp(await lab.asks({ replication: false }), lab.nodes);
    await redisCli('redis-01', 'SET', 'kept', 'yes');
    const ids = await runIds();
    const desired = await lab.asks();
    const { failure, plan } = await run(CONVERGE, desired, lab.nodes);
    expect(plan.blockers).toEqual([]);
    expect(failure).toBeNull();
    expect(await runIds()).toEqual(ids);
    expect(await redisCli('redis-03', 'GET', 'kept')).toBe('yes');
    expect((await verify(desired, lab.nodes)).verdict).toBe('healthy');
    expect(kindsOf(await planFor(CONVERGE, desired, lab.nodes))).toEqual([]);
  });

  it('ends an empty stray Redis, and none that got data since the plan', async () => {
    const desired = await lab.asks();
    await onHost('redis-02', 'runuser -u redis -- redis-server --port 6379 --daemonize yes --dir /tmp --save ""');
    await onHost(
      'redis-03',
      'echo "sentinel monitor m 127.0.0.1 6379 1" >/tmp/s.conf; redis-sentinel /tmp/s.conf --daemonize yes',
    );
    const plan = await planFor(CONVERGE, desired, lab.nodes);
    expect(plan.blockers).toEqual([]);
    expect(kindsOf(plan)).toContain('redis-02 stop-stray-process');
    expect(kindsOf(plan)).toContain('redis-03 stop-stray-process');

    await onHost('redis-02', 'redis-cli SET mine yes');
    const refused = await carryOut(plan, desired, lab.nodes);
    expect(refused.failure).toMatchObject({ node: 'redis-02', error: { code: 'STRAY_HOLDS_DATA' } });
    expect((await onHost('redis-02', 'redis-cli SET mine still')).stdout).toBe('OK\n');

    await onHost('redis-02', 'redis-cli DEL mine');
    expect((await run(CONVERGE, desired, lab.nodes)).failure).toBeNull();
    expect((await verify(desired, lab.nodes)).verdict).toBe('healthy');
  });

  it('sets a first password without a restart and without showing it', async () => {
    const desired = await lab.asks();
    await bringUp(desired, lab.nodes);
    const ids = await runIds();
    for (const host of HOSTS) await redisCli(host, 'CONFIG', 'SET', 'requirepass', '', 'masterauth', '');
    const { failure, plan, events, journal } = await run(CONVERGE, desired, lab.nodes);
    expect(failure).toBeNull();
    expect(kindsOf(plan).filter((kind) => kind.endsWith('config-set'))).toHaveLength(3);
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'requirepass')).toBe(`requirepass\n${PASSWORD}`);
    expect((await onHost('redis-01', 'redis-cli PING')).stdout).toContain('NOAUTH');
    await redisCli('redis-03', 'CLIENT', 'KILL', 'TYPE', 'master');
    await expect.poll(() => infoField('redis-03', 'master_link_status'), { timeout: 5000 }).toBe('up');
    expect((await verify(desired, lab.nodes)).verdict).toBe('healthy');
    expect(await runIds()).toEqual(ids);
    const [bare] = PASSWORD.split(' ');
    expect(JSON.stringify([events, journal, plan])).not.toContain(bare);
  });

  it('begins nothing more after a stop', async () => {
    const desired = await lab.asks();
    const stop = new AbortController();
    const { failure, recap } = await run(CONVERGE, desired, lab.nodes, {
      stop: stop.signal,
      onEvent: ({ kind }) => kind === 'step-finished' && stop.abort(),
    });
    expect(failure?.error.code).toBe('STOPPED');
    expect(recap.reduce((sum, { ok }) => sum + ok, 0)).toBeLessThanOrEqual(3);
    expect(recap.every(({ failed }) => failed === 0)).toBe(true);
  });

  it('installs a package without starting its daemon, and quotes apt if it fails', async () => {
    await onHost('redis-03', MAKE_PACKAGE);
    try {
      const desired = await lab.asks();
      const dummy = { ...desired, nodes: desired.nodes.map((node) => ({ ...node, unit: 'redisops-dummy.service' })) };
      const install = (packageName: string) =>
        carryOut(planOf(dummy, [{ kind: 'install-package', node: 'redis-03', packageName }]), dummy, lab.nodes);

      const missing = await install('redisops-no-such-package');
      expect(missing.failure?.error.code).toBe('PACKAGE_MISSING');
      expect(missing.failure?.error.message).toContain('Unable to locate package redisops-no-such-package');

      const first = await install('redisops-dummy');
      expect(first.failure).toBeNull();
      expect(first.recap.find(({ name }) => name === 'redis-03')?.changed).toBe(1);
      const state = await onHost(
        'redis-03',
        'systemctl is-active redisops-dummy; systemctl show -P LoadState redisops-dummy',
      );
      expect(state.stdout).toBe('inactive\nloaded\n');
      expect((await install('redisops-dummy')).recap.find(({ name }) => name === 'redis-03')?.changed).toBe(0);
    } finally {
      await onHost('redis-03', 'dpkg --purge redisops-dummy; rm -rf /srv/repo /etc/apt/sources.list.d/dummy.list');
    }
  });
});

/** A package repository on the host’s disk, with a daemon started by its package. */
const MAKE_PACKAGE = `
set -e
mkdir -p /srv/repo/p/DEBIAN /srv/repo/p/lib/systemd/system
cd /srv/repo
printf 'Package: redisops-dummy\\nVersion: 1\\nArchitecture: all\\nMaintainer: t <t@example.org>\\nDescription: t\\n' >p/DEBIAN/control
printf '[Service]\\nExecStart=/bin/sleep infinity\\n' >p/lib/systemd/system/redisops-dummy.service
printf '#!/bin/sh\\nsystemctl daemon-reload\\nsystemctl start redisops-dummy || true\\n' >p/DEBIAN/postinst
chmod 755 p/DEBIAN/postinst
dpkg-deb --build p d.deb >/dev/null
{ cat p/DEBIAN/control; echo "Filename: ./d.deb"; echo "Size: $(stat -c %s d.deb)"; echo "SHA256: $(sha256sum d.deb | cut -d ' ' -f 1)"; } >Packages
echo 'deb [trusted=yes] file:/srv/repo ./' >/etc/apt/sources.list.d/dummy.list
`;

function runIds(): Promise<readonly string[]> {
  return Promise.all(HOSTS.map((host) => infoField(host, 'run_id')));
}
