import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootHost, haltHost, onHost, resetHosts } from '../../lab/hosts.ts';
import { cutNetwork, restoreNetwork } from '../../lab/network.ts';
import { sshNodes } from '../../src/adapters/ssh/ssh.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import type { Nodes } from '../../src/ports/nodes.ts';
import type { NodeFacts, ReachableNode, RedisFacts, RedisUp } from '../../src/domain/facts.ts';
import { Secret } from '../../src/domain/secret.ts';
import { isHidden, observeReached } from '../../src/observed/observe-reached.ts';
import { observe } from '../../src/observed/observe.ts';
import {
  bringUp,
  labSshSettings,
  nodeNamed,
  openLabCluster,
  PASSWORD,
  redisCli,
  type LabCluster,
} from './lab-cluster.ts';
import { sh } from '../../src/domain/shell.ts';
import { realClock } from '../../src/time/real-clock.ts';

let cluster: LabCluster;
let desired: DesiredCluster;

beforeAll(async () => {
  cluster = await openLabCluster();
  desired = await cluster.asks();
});

afterAll(() => cluster.close());

function reached(facts: NodeFacts): ReachableNode {
  if (!facts.reachable) throw new Error(`${facts.name}: ${facts.code} ${facts.reason}`);
  return facts;
}

function reachedSecond([, second]: readonly NodeFacts[]): ReachableNode {
  if (!second) throw new Error('fewer than two nodes');
  return reached(second);
}

function up(facts: NodeFacts): RedisUp {
  const { redis } = reached(facts);
  if (redis.state !== 'up') throw new Error(`${facts.name}: ${redis.state} ${redis.reason}`);
  return redis;
}

async function observeNode(wanted: DesiredCluster, name: string, nodes: Nodes): Promise<NodeFacts> {
  const [facts] = await observe({ ...wanted, nodes: wanted.nodes.filter((node) => node.name === name) }, nodes);
  if (!facts) throw new Error(`${name} is not wanted`);
  return facts;
}

async function look(name: string): Promise<ReachableNode> {
  return reached(await observeNode(desired, name, cluster.nodes));
}

async function lookAtRedis(name: string): Promise<RedisFacts> {
  return (await look(name)).redis;
}

/** Fails if the command fails: a test must not begin on an unexpected host. */
async function on(host: string, command: string): Promise<string> {
  const { code, stdout, stderr } = await onHost(host, command);
  if (code !== 0) throw new Error(`${host}: ${command}: status ${code}: ${stderr}`);
  return stdout.trim();
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  await expect.poll(condition, { timeout: 15_000, interval: 50 }).toBe(true);
}

describe('bare hosts', () => {
  beforeAll(() => resetHosts());

  it('are seen as what they are', async () => {
    const { host, redis } = await look('redis-02');
    expect(redis.state).toBe('down');
    expect(host.package).toEqual({ installed: true, version: expect.stringMatching(/^5:7\.0\./) });
    expect(host.unit).toMatchObject({
      loadState: 'loaded',
      activeState: 'inactive',
      unitFileState: 'disabled',
      mainPid: 0,
      protectSystem: 'strict',
      jobPending: false,
    });
    expect(host.files.get('/data/redis')).toEqual({ exists: false });
    expect(host.files.get('/etc/redis/redis.conf')).toMatchObject({
      exists: true,
      type: 'file',
      owner: 'redis',
      mode: '640',
    });
    expect(host).toMatchObject({
      strayProcesses: [],
      dataDirectoryWritable: 'unknown',
      log: [],
    });
    expect(host.freeBytes).toBeGreaterThan(1024 ** 2);
    expect(host.memoryAvailableBytes).toBeGreaterThan(1024 ** 2);
  });

  it('hide no data file in a folder that Redis cannot enter', async () => {
    await on(
      'redis-03',
      'printf REDIS0009 >/var/lib/redis/dump.rdb; chown root:root /var/lib/redis; chmod 700 /var/lib/redis',
    );
    try {
      const found = { path: '/var/lib/redis/dump.rdb', bytes: 9, keys: null, ageSeconds: expect.any(Number) };
      expect((await look('redis-03')).host.dataFiles).toEqual([found]);
    } finally {
      await on('redis-03', 'chown redis:redis /var/lib/redis; chmod 750 /var/lib/redis; rm /var/lib/redis/dump.rdb');
    }
  });

  it('hash their files as sha256sum does', async () => {
    const file = (await look('redis-01')).host.files.get('/etc/redis/redis.conf');
    const sum = await on('redis-01', 'sha256sum </etc/redis/redis.conf | cut -d " " -f 1');
    expect(file).toMatchObject({ sha256: sum });
    expect(file?.exists && file.content?.reveal()).toContain('\nport 6379\n');
  });

  it('are read with no more rights than Redis has: a link of its own shows nothing of root’s', async () => {
    await on('redis-03', 'echo "1:M 01 Jan 2026 00:00:00.000 # canary" >/tmp/of-root; chmod 600 /tmp/of-root');
    await on('redis-03', 'runuser -u redis -- ln -sf /tmp/of-root /etc/redis/redis.conf');
    await on('redis-03', 'runuser -u redis -- ln -sf /tmp/of-root /var/log/redis/redis-server.log');
    const { host } = await look('redis-03');
    expect(host.files.get('/etc/redis/redis.conf')).toMatchObject({ exists: true, owner: 'root', mode: '600' });
    expect(inspect(host, { depth: 9 })).not.toContain('canary');
    await on('redis-03', 'chmod 644 /tmp/of-root');
    expect((await look('redis-03')).host.log).toEqual([expect.stringContaining('canary')]);
    await resetHosts();
  });

  it('have a redis.conf that Redis may not read: its hash is known, and it can be replaced', async () => {
    await on('redis-03', 'chown root:root /etc/redis/redis.conf; chmod 600 /etc/redis/redis.conf');
    const file = (await look('redis-03')).host.files.get('/etc/redis/redis.conf');
    const sum = await on('redis-03', 'sha256sum </etc/redis/redis.conf | cut -d " " -f 1');
    expect(file).toMatchObject({ owner: 'root', mode: '600', sha256: sum });
    expect(file).not.toHaveProperty('content');
    await bringUp(desired, cluster.nodes);
    const after = (await look('redis-03')).host.files.get('/etc/redis/redis.conf');
    expect(after).toMatchObject({ owner: 'redis', mode: '640' });
    await resetHosts();
  });

  it('are left as they were', async () => {
    const shape =
      "find /etc /var/lib /root /home /run/redis* /data /srv /opt -xdev -printf '%p %s %m %u %C@\\n' 2>/dev/null | sort | sha256sum";
    const before = await on('redis-02', shape);
    await observe(desired, cluster.nodes);
    expect(await on('redis-02', shape)).toBe(before);
  });
});

describe('a cluster', () => {
  beforeEach(async () => {
    await resetHosts();
    await bringUp(desired, cluster.nodes);
  });

  it('is seen from all of its ends, and keeps its secrets', async () => {
    await redisCli('redis-01', 'MSET', 'a', '1', 'b', '2');
    for (const host of ['redis-02', 'redis-03']) await until(async () => (await redisCli(host, 'DBSIZE')) === '2');
    const facts = await observe(desired, cluster.nodes);
    const [first, second] = facts.map(up);

    expect(facts.map(({ name }) => name)).toEqual(['redis-01', 'redis-02', 'redis-03']);
    expect(facts.map((each) => up(each).role)).toEqual(['master', 'replica', 'replica']);
    expect(facts.map((each) => up(each).keys)).toEqual([2, 2, 2]);
    expect(first).toMatchObject({
      requiresPassword: true,
      watchedBySentinel: false,
      loading: false,
    });
    expect(first?.replicas.map(({ address, state }) => `${address} ${state}`).sort()).toEqual([
      '10.0.0.124 online',
      '10.0.0.125 online',
    ]);
    expect(first?.masterauth?.equals(PASSWORD)).toBe(true);
    expect(second?.master).toMatchObject({ host: '10.0.0.123', port: 6379, state: 'connected', up: true });
    expect(second?.replicationId).toBe(first?.replicationId);
    expect(second?.configuration.get('dir')).toBe('/data/redis');
    expect(second?.configuration.has('requirepass')).toBe(false);

    const { host } = reachedSecond(facts);
    expect(host).toMatchObject({ dataDirectoryWritable: true, strayProcesses: [] });
    expect(host.unit.mainPid).toBe(second?.processId);
    expect(host.unit.readWritePaths).toContain('/data/redis');
    expect(host.log.join('\n')).toContain('MASTER <-> REPLICA sync');
    expect(inspect(facts, { depth: Infinity }) + JSON.stringify(facts)).not.toContain(PASSWORD);
  });

  it('is read in a moment', async () => {
    const times = { cold: Infinity, kept: Infinity };
    for (let round = 0; round < 3; round += 1) {
      const nodes = sshNodes(labSshSettings());
      const timed = async (): Promise<number> => {
        const startedAt = performance.now();
        (await observe(desired, nodes)).forEach(up);
        return performance.now() - startedAt;
      };
      times.cold = Math.min(times.cold, await timed());
      for (let again = 0; again < 5; again += 1) times.kept = Math.min(times.kept, await timed());
      await nodes.close();
    }
    expect(times.cold).toBeLessThan(500);
    // Tens of milliseconds on an idle machine.
    expect(times.kept).toBeLessThan(150);
  });

  it('shows a data directory that the sandbox makes read-only, and what the log says of it', async () => {
    await on(
      'redis-02',
      'rm -r /etc/systemd/system/redis-server.service.d; systemctl daemon-reload; systemctl restart redis-server',
    );
    await until(
      async () =>
        (await on('redis-02', 'grep -c "Read-only file system" /var/log/redis/redis-server.log || true')) !== '0',
    );
    const { host, redis } = await look('redis-02');
    expect(redis).toMatchObject({ state: 'up', role: 'replica', master: { up: false } });
    expect(host.dataDirectoryWritable).toBe(false);
    expect(host.unit.readWritePaths).not.toContain('/data/redis');
    expect(host.log.join('\n')).toMatch(/Opening the temp file .* Read-only file system/);
  });

  it.each([
    ['is another’s', 'chown root:root /data/redis'],
    ['was removed and made again', 'rm -r /data/redis; install -d -o redis -g redis -m 750 /data/redis'],
    ['became read-only for its owner', 'chmod 550 /data/redis'],
  ])('shows a data directory that %s', async (_, command) => {
    await on('redis-02', command);
    expect((await look('redis-02')).host.dataDirectoryWritable).toBe(false);
  });

  it('shows the remains of earlier days', async () => {
    await on(
      'redis-02',
      'cd /data/redis; touch dump.rdb temp-17.3.rdb appendonly.aof appendonlydir/x.manifest unrelated; ln -s /nowhere gone.rdb',
    );
    const { files } = (await look('redis-02')).host;
    const remains = [...files]
      .filter(([path, file]) => file.exists && path.startsWith('/data/redis/'))
      .map(([path]) => path);
    expect(remains.sort()).toEqual([
      '/data/redis/appendonly.aof',
      '/data/redis/appendonlydir',
      '/data/redis/appendonlydir/x.manifest',
      '/data/redis/dump.rdb',
      '/data/redis/temp-17.3.rdb',
    ]);
  });

  it('shows a unit that failed, with the reason and without the password', async () => {
    await on(
      'redis-02',
      `systemctl stop redis-server; echo 'requirepass a b "${PASSWORD}' >>/etc/redis/redis.conf; systemctl start redis-server || true`,
    );
    await until(async () => (await on('redis-02', 'systemctl is-failed redis-server || true')) === 'failed');
    const { host, redis } = await look('redis-02');
    expect(redis.state).toBe('down');
    expect(host.unit).toMatchObject({ activeState: 'failed', result: expect.not.stringMatching('success') });
    expect(host.log.join('\n')).toContain('FATAL CONFIG FILE ERROR');
    expect(host.log.join('\n')).not.toContain(PASSWORD.slice(0, 8));
  });

  it('shows whose a process is', async () => {
    await on('redis-02', 'systemctl stop redis-server');
    const session = await cluster.nodes.connect(nodeNamed(desired, 'redis-02'));
    await session.run(
      sh`cd /tmp; setsid redis-server --port 6379 --protected-mode no --daemonize yes; setsid redis-server --port 7001 --daemonize yes --requirepass canary-argv`,
    );
    await on('redis-02', 'systemd-run --quiet --unit=cache redis-server --port 7002');
    await until(async () => (await on('redis-02', 'pgrep -c -x redis-server')) === '3');

    const { host, redis } = await look('redis-02');
    expect(host.strayProcesses.map(({ command }) => command).sort()).toEqual([
      'redis-server *:6379',
      'redis-server *:7001',
    ]);
    expect(host.strayProcesses.every(({ startTicks }) => /^\d+$/.test(startTicks))).toBe(true);
    expect(redis).toMatchObject({ state: 'up', requiresPassword: false });
    expect(host.strayProcesses.map(({ pid }) => pid)).toContain(redis.state === 'up' && redis.processId);
    expect(host.dataDirectoryWritable).toBe(true);
    expect(host.unit.activeState).toBe('inactive');
  });

  it('is not taken for stopped when it listens elsewhere', async () => {
    await redisCli('redis-02', 'CONFIG', 'SET', 'port', '7000');
    expect(await lookAtRedis('redis-02')).toMatchObject({ state: 'unreadable', code: 'REDIS_UNREACHABLE' });
  });

  it('is read through the node’s own address when loopback is not listened on', async () => {
    await redisCli('redis-02', 'CONFIG', 'SET', 'bind', '10.0.0.124');
    expect(await lookAtRedis('redis-02')).toMatchObject({ state: 'up' });
  });

  it('is unreadable with another password', async () => {
    const wrong = { ...desired, password: new Secret('another') };
    const facts = await observeNode(wrong, 'redis-02', cluster.nodes);
    expect(facts).toMatchObject({ redis: { state: 'unreadable', code: 'REDIS_AUTH_FAILED' } });
    const { password: _, ...without } = desired;
    expect(await observeNode(without, 'redis-02', cluster.nodes)).toMatchObject({
      redis: { code: 'REDIS_AUTH_FAILED' },
    });
  });

  it('is unreadable where CONFIG was renamed', async () => {
    await on('redis-02', 'echo "rename-command CONFIG \\"\\"" >>/etc/redis/redis.conf; systemctl restart redis-server');
    expect(await lookAtRedis('redis-02')).toMatchObject({
      state: 'unreadable',
      code: 'COMMAND_UNAVAILABLE',
      reason: expect.stringContaining('unknown command'),
    });
  });

  it('can be read while it loads', async () => {
    await redisCli('redis-02', 'REPLICAOF', 'NO', 'ONE');
    await redisCli('redis-02', 'EVAL', 'for i = 1, 20000 do redis.call("SET", i, i) end', '0');
    await redisCli('redis-02', 'SAVE');
    await on(
      'redis-02',
      'sed -i "/^replicaof/d" /etc/redis/redis.conf; printf "key-load-delay 500\\nloading-process-events-interval-bytes 1024\\n" >>/etc/redis/redis.conf',
    );
    await on('redis-02', 'systemctl --no-block restart redis-server');
    await expect.poll(() => lookAtRedis('redis-02'), { timeout: 15_000 }).toMatchObject({ state: 'up', loading: true });
  });

  it('is unreadable when Redis hangs, and only there', async () => {
    await on('redis-02', 'pkill -STOP -x redis-server');
    const startedAt = performance.now();
    const facts = await observe(desired, cluster.nodes);
    expect(performance.now() - startedAt).toBeLessThan(12_000);
    expect(facts.map((each) => reached(each).redis.state)).toEqual(['up', 'unreadable', 'up']);
    expect(reachedSecond(facts).redis).toMatchObject({ code: 'REDIS_TIMEOUT' });
  });
});

describe('a node that cannot be read', () => {
  beforeAll(() => resetHosts());
  afterEach(async () => {
    await on(
      'redis-02',
      'echo "ops ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/ops; rm -f /etc/ssh/sshd_config.d/00-test.conf; iptables --flush; systemctl reset-failed ssh; systemctl restart ssh',
    );
  });

  it.each([
    ['refuses sudo', 'rm /etc/sudoers.d/ops', 'SUDO_REFUSED'],
    [
      'refuses the key',
      'echo "AllowUsers nobody" >/etc/ssh/sshd_config.d/00-test.conf; systemctl reset-failed ssh; systemctl restart ssh',
      'SSH_AUTH',
    ],
    ['drops every packet', 'iptables -A INPUT -p tcp --dport 22 -j DROP', 'SSH_TIMEOUT'],
    [
      'refuses the connection',
      'iptables -A INPUT -p tcp --dport 22 -j REJECT --reject-with tcp-reset',
      'SSH_UNREACHABLE',
    ],
  ])('says why: it %s', async (_, command, code) => {
    await on('redis-02', command);
    const nodes = sshNodes(labSshSettings());
    const facts = await observe(desired, nodes);
    await nodes.close();
    expect(facts.map((each) => (each.reachable ? each.redis.state : each.code))).toEqual(['down', code, 'down']);
  });

  it('is given up when its kept connection goes silent, and read again when it is back', async () => {
    const nodes = sshNodes(labSshSettings());
    reached(await observeNode(desired, 'redis-02', nodes));
    await on('redis-02', 'iptables -A INPUT -p tcp --dport 22 -j DROP');
    const startedAt = performance.now();
    expect(await observeNode(desired, 'redis-02', nodes)).toMatchObject({ reachable: false, code: 'COMMAND_TIMEOUT' });
    expect(performance.now() - startedAt).toBeLessThan(12_000);
    await on('redis-02', 'iptables --flush');
    reached(await observeNode(desired, 'redis-02', nodes));
    await nodes.close();
  });

  it('is read at once after its kept connection was cut', async () => {
    const nodes = sshNodes(labSshSettings());
    reached(await observeNode(desired, 'redis-02', nodes));
    await on('redis-02', 'pkill -KILL -u ops -x sshd');
    expect(await observeNode(desired, 'redis-02', nodes)).toMatchObject({ reachable: true });
    await nodes.close();
  });

  it('is waited for by a run where the network hides it for a moment', async () => {
    const nodes = sshNodes(labSshSettings());
    await cutNetwork('redis-02');
    const reachedAgain = observeReached(desired, nodes, realClock, 60_000);
    expect((await observe(desired, nodes)).map(isHidden)).toEqual([false, true, false]);
    await restoreNetwork('redis-02');
    expect((await reachedAgain).map(isHidden)).toEqual([false, false, false]);
    await nodes.close();
  });

  it('is unreachable when it is off', async () => {
    await haltHost('redis-02');
    const nodes = sshNodes(labSshSettings());
    expect(await observeNode(desired, 'redis-02', nodes)).toMatchObject({ reachable: false });
    await nodes.close();
    await bootHost('redis-02');
  });

  it('says when sshd forbids the way to Redis', async () => {
    await on(
      'redis-02',
      'echo "AllowTcpForwarding no" >/etc/ssh/sshd_config.d/00-test.conf; systemctl reset-failed ssh; systemctl restart ssh',
    );
    const nodes = sshNodes(labSshSettings());
    expect(await observeNode(desired, 'redis-02', nodes)).toMatchObject({
      redis: { state: 'unreadable', code: 'SSH_FORWARDING_REFUSED' },
    });
    await nodes.close();
  });
});
