import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/domain/limits.ts';
import type { DesiredCluster, DesiredNode } from '../../src/domain/desired.ts';
import { RedisopsError } from '../../src/domain/error.ts';
import type { Code } from '../../src/domain/code.ts';
import type { NodeFacts } from '../../src/domain/facts.ts';
import { RedisConf } from '../../src/domain/redis/redis-conf.ts';
import { Secret, SensitiveText } from '../../src/domain/secret.ts';
import { observe } from '../../src/observed/observe.ts';
import { MASTER } from '../domain/replication/info-replies.ts';
import type { CommandResult, NodeSession, Nodes, RedisLink, RedisReply } from '../../src/ports/nodes.ts';

const CANARY = 'canary-5c';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function node(name: string, address: string): DesiredNode {
  const file = { owner: 'redis', group: 'redis', mode: '640' };
  return {
    name,
    address,
    sshPort: 22,
    redisPort: 6379,
    packageName: 'redis-server',
    unit: 'redis-server.service',
    dataDirectory: '/data/redis',
    directories: [{ path: '/data/redis', owner: 'redis', group: 'redis', mode: '750' }],
    redisConf: {
      path: '/etc/redis/redis.conf',
      ...file,
      content: RedisConf.parse(new SensitiveText('logfile /var/log/redis.log\n')),
    },
    dropIn: { path: '/etc/systemd/override.conf', ...file, content: new SensitiveText('') },
  };
}

const DESIRED: DesiredCluster = {
  cluster: 'redis',
  revision: 'working tree',
  replication: true,
  sentinel: false,
  nominatedMaster: 'redis-01',
  password: new Secret(CANARY),
  nodes: [node('redis-01', '10.0.0.123'), node('redis-02', '10.0.0.124')],
  policy: {
    requesters: [],
    approvers: [],
    allowOwnApproval: false,
    approvalMinutes: 30,
  },
  limits: DEFAULT_LIMITS,
};

const SECTIONS = {
  unit: 'LoadState=loaded\nActiveState=active\nSubState=running\nMainPID=9174\n',
  package: 'installed\n5:7.0.15-1~deb12u7\n',
  clock: '1764770001.123456\n',
  apt: '',
  listeners: '',
  commitment: 'rule 0\nCommitLimit 200\nCommitted_AS 100\n',
  files: 'regular file\0redis\0redis\x00640\x0021\0/etc/redis/redis.conf\0',
  processes: '',
  resources: 'free 10 4096\nMemAvailable 1\n',
  log: `1:M 23 Nov 2026 02:51:06.314 # Unable to AUTH to MASTER: ${CANARY}\n`,
  contents: `file  ${Buffer.from(`requirepass ${CANARY}\n`).toString('base64')}\n\n`,
};

interface Stand {
  sections?: Partial<typeof SECTIONS>;
  logfile?: string;
  run?: NodeSession['run'];
  redis?: NodeSession['redis'];
}

/** What the script prints: the marker comes first. */
function printing(sections: Readonly<Record<string, string>>): NodeSession['run'] {
  return (script, options) => {
    const marker = options?.parameters?.[0] ?? '';
    const asked = Object.entries(sections).filter(([name]) => script.text.includes(` ${name}\n`));
    const stdout = asked.map(([name, text]) => `\n${marker} ${name}\n${text}`).join('');
    return Promise.resolve<CommandResult>({ status: 0, stdout: `${stdout}\n${marker} end\n`, stderr: '' });
  };
}

function link({ logfile = '/var/log/redis.log' }: Stand): RedisLink {
  const replies: Record<string, RedisReply> = {
    INFO: MASTER,
    ROLE: ['master', 50, []],
    'CONFIG GET masterauth': ['masterauth', ''],
    PUBSUB: ['__sentinel__:hello', 0],
    AUTH: 'OK',
  };
  return {
    command: (name, ...parameters) =>
      Promise.resolve(replies[name] ?? replies[`${name} ${parameters.join(' ')}`] ?? ['logfile', logfile]),
    transaction: () => Promise.reject(new Error('looking never writes')),
    close: () => {},
  };
}

function session(stand: Stand): NodeSession {
  return {
    node: node('redis-01', '10.0.0.123'),
    run: stand.run ?? printing({ ...SECTIONS, ...stand.sections }),
    redis: stand.redis ?? (() => Promise.resolve(link(stand))),
    stream: () => Promise.reject(new Error('looking copies nothing')),
    hold: () => Promise.reject(new Error('looking never holds')),
    talk: () => Promise.reject(new Error('not here')),
  };
}

/** Both nodes stand so, or each in its way. */
function nodes(...connects: readonly (() => Promise<NodeSession>)[]): Nodes & { count: number } {
  return {
    count: 0,
    connect(asked) {
      this.count += 1;
      const index = DESIRED.nodes.findIndex(({ name }) => name === asked.name);
      return (connects[index] ?? connects[0] ?? never)();
    },
    close: () => Promise.resolve(),
  };
}

const standing =
  (stand: Stand = {}) =>
  (): Promise<NodeSession> =>
    Promise.resolve(session(stand));
const never = (): Promise<never> => new Promise(() => {});
const failing =
  (code: Code, message = code) =>
  (): Promise<never> =>
    Promise.reject(new RedisopsError(code, message, { hint: '' }));

async function seen(outcome: Promise<readonly NodeFacts[]>): Promise<readonly NodeFacts[]> {
  await vi.advanceTimersByTimeAsync(10_000);
  return outcome;
}

describe('a cluster that is looked at', () => {
  it('is seen in the order of the inventory', async () => {
    const slow = async (): Promise<NodeSession> => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return session({});
    };
    const facts = await seen(observe(DESIRED, nodes(slow, standing())));
    expect(facts.map(({ name, reachable }) => `${name} ${reachable}`)).toEqual(['redis-01 true', 'redis-02 true']);
  });

  it('has its facts put together', async () => {
    const [facts] = await seen(observe(DESIRED, nodes(standing())));
    expect(facts).toMatchObject({
      reachable: true,
      address: '10.0.0.123',
      host: {
        package: { installed: true },
        unit: { mainPid: 9174 },
        freeBytes: 40_960,
        dataDirectoryWritable: 'unknown',
      },
      redis: { state: 'up', role: 'master', requiresPassword: true },
    });
  });

  it('shows managed files with their hash, and absent ones as absent', async () => {
    const [facts] = await seen(observe(DESIRED, nodes(standing())));
    const files = facts?.reachable ? facts.host.files : new Map<string, never>();
    expect([...files.keys()]).toEqual([
      '/data/redis',
      '/etc/redis/redis.conf',
      '/etc/systemd/override.conf',
      '/etc/redis/redis.conf.redisops-original',
      '/etc/redis/redis.conf.redisops-previous',
      '/etc/systemd/override.conf.redisops-original',
      '/etc/systemd/override.conf.redisops-previous',
    ]);
    expect(files.get('/data/redis')).toEqual({ exists: false });
    expect(files.get('/etc/redis/redis.conf')).toMatchObject({
      mode: '640',
      // sha256sum of `requirepass canary-5c` and a line feed.
      sha256: '8c985fc3ad2b53e8b634cf700e0a2a4a42acdad78e56a06142f878ad8a4dae89',
    });
  });

  it('shows no password', async () => {
    const facts = await seen(observe(DESIRED, nodes(standing())));
    expect(JSON.stringify(facts, (_, value: unknown) => (value instanceof Map ? [...value] : value))).not.toContain(
      CANARY,
    );
  });

  it.each([
    ['of a login', '0::/user.slice/user-1000.slice/session-3.scope', true],
    ['of a cron job', '0::/system.slice/cron.service', true],
    ['of sshd', '0::/system.slice/ssh.service', true],
    ['of the unit itself', '0::/system.slice/redis-server.service', false],
    ['of another instance', '0::/system.slice/system-redis.slice/redis-server@cache.service', false],
    ['of another service', '0::/system.slice/cache.service', false],
    ['that is gone by now', '0::/', false],
  ])('shows a stray process: one %s', async (_, group, stray) => {
    const processes = `stat 77 (redis-server) S 1 ${'0 '.repeat(17)}4711 0\ntitle redis-server *:7001 --requirepass ${CANARY}\ncgroup ${group}\n`;
    const [facts] = await seen(observe(DESIRED, nodes(standing({ sections: { processes } }))));
    const found = { pid: 77, startTicks: '4711', command: 'redis-server *:7001' };
    expect(facts).toMatchObject({ host: { strayProcesses: stray ? [found] : [] } });
  });

  it('reads the log written by the running Redis', async () => {
    const logs: string[] = [];
    const run: NodeSession['run'] = (script, options) => {
      logs.push(options?.parameters?.[4] ?? '');
      return printing(SECTIONS)(script, options);
    };
    await seen(observe(DESIRED, nodes(standing({ run, logfile: '/elsewhere.log' }), standing())));
    expect(logs).toEqual(['/var/log/redis.log', '/elsewhere.log']);
  });
});

describe('a Redis that does not answer', () => {
  it('is down when nothing listens and nothing runs', async () => {
    const unit = 'LoadState=loaded\nActiveState=inactive\nMainPID=0\n';
    const stand = standing({ sections: { unit }, redis: failing('REDIS_UNREACHABLE') });
    expect((await seen(observe(DESIRED, nodes(stand))))[0]).toMatchObject({ redis: { state: 'down' } });
  });

  it.each<[string, Code]>([
    ['its unit’s process runs, but listens elsewhere', 'REDIS_UNREACHABLE'],
    ['it hangs', 'REDIS_TIMEOUT'],
    ['it refuses the password', 'REDIS_AUTH_FAILED'],
    ['its connection breaks', 'REDIS_CONNECTION_LOST'],
    ['sshd does not lead there', 'SSH_FORWARDING_REFUSED'],
  ])('is unreadable when %s', async (_, code) => {
    const facts = await seen(observe(DESIRED, nodes(standing({ redis: failing(code) }))));
    expect(facts[0]).toMatchObject({ reachable: true, redis: { state: 'unreadable', code } });
  });
});

it('a silent Redis is not awaited beyond its node’s time limit', async () => {
  const facts = await seen(observe(DESIRED, nodes(standing({ redis: never }))));
  expect(facts[0]).toMatchObject({ reachable: true, redis: { state: 'unreadable', code: 'REDIS_TIMEOUT' } });
});

describe('a node that does not answer', () => {
  it.each<[string, () => Promise<NodeSession>, Code]>([
    ['no connection', failing('SSH_TIMEOUT'), 'SSH_TIMEOUT'],
    ['another host key', failing('SSH_HOST_KEY'), 'SSH_HOST_KEY'],
    ['a fault', () => Promise.reject(new TypeError('x')), 'INTERNAL'],
    ['sudo refuses', standing({ run: failing('SUDO_REFUSED') }), 'SUDO_REFUSED'],
    ['a script that hangs', standing({ run: failing('COMMAND_TIMEOUT') }), 'COMMAND_TIMEOUT'],
    [
      'nothing printed',
      standing({ run: () => Promise.resolve({ status: 127, stdout: '', stderr: '' }) }),
      'COMMAND_FAILED',
    ],
    ['no systemd', standing({ sections: { unit: '' } }), 'COMMAND_FAILED'],
    ['silence at connecting', never, 'SSH_TIMEOUT'],
    ['silence in a script', standing({ run: never }), 'SSH_TIMEOUT'],
  ])('says why, and holds up nobody: %s', async (_, connect, code) => {
    const facts = await seen(observe(DESIRED, nodes(standing(), connect)));
    expect(facts[0]).toMatchObject({ reachable: true });
    expect(facts[1]).toMatchObject({ reachable: false, name: 'redis-02', address: '10.0.0.124', code });
    expect(facts[1]).toHaveProperty('hint', expect.any(String));
  });

  it('shows no password that its login shell prints', async () => {
    const message = `The SSH session on redis-02 ended with status 1 before the command began. It printed: AUTH ${CANARY}`;
    const run = (): Promise<never> => Promise.reject(new RedisopsError('COMMAND_FAILED', message, { hint: 'look' }));
    const facts = await seen(observe(DESIRED, nodes(standing({ run }))));
    expect(facts[0]).toMatchObject({
      code: 'COMMAND_FAILED',
      hint: 'look',
      reason: expect.stringMatching(/AUTH ••••••$/),
    });
  });

  it('is retried once over a new connection if the kept one broke', async () => {
    const broken = standing({ run: failing('SSH_UNREACHABLE') });
    const both = [broken, standing()];
    const once = nodes(() => (both.shift() ?? broken)());
    expect((await seen(observe({ ...DESIRED, nodes: DESIRED.nodes.slice(0, 1) }, once)))[0]).toMatchObject({
      reachable: true,
    });
    expect(once.count).toBe(2);

    const twice = nodes(broken);
    const facts = await seen(observe({ ...DESIRED, nodes: DESIRED.nodes.slice(0, 1) }, twice));
    expect(facts[0]).toMatchObject({ reachable: false, code: 'SSH_UNREACHABLE' });
    expect(twice.count).toBe(2);
  });
});
