import { describe, expect, it } from 'vitest';
import { managedPaths } from '../../../src/desired/managed-paths.ts';
import { renderFile } from '../../../src/desired/render-file.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { parseWithSentinel } from '../real-redis.ts';
import { desiredOf, problemsOf, REPLICATED, repository } from '../repository.ts';

const SENTINEL = 'ansible/roles/sentinel/templates/sentinel.conf.j2';
const CLUSTERS = `clusters:\n  redis:\n    sentinel_template: ${SENTINEL}\n`;
const GIVEN = `${REPLICATED}redis_password: "hunter2"\n`;

const SAFE = `# {{ ansible_managed }}
port 26379
bind 127.0.0.1 {{ ansible_host }}
dir /var/lib/redis
sentinel monitor mymaster {{ redis_master_ip }} 6379 {{ groups['redis'] | length // 2 + 1 }}
sentinel auth-pass mymaster {{ redis_password }}
sentinel down-after-milliseconds mymaster {{ down_after }}
`;
const DEFAULTS = { 'ansible/roles/sentinel/defaults/main.yml': 'down_after: 5000\nredis_unknown_here: 1\n' };

function withSentinel(template: string, variables = GIVEN, files: Readonly<Record<string, string>> = {}) {
  return desiredOf(variables, { 'redisops.yml': CLUSTERS, [SENTINEL]: template, ...DEFAULTS, ...files });
}

describe('the repository’s own sentinel.conf', () => {
  it('is rendered with the variables of its own role, and masked', async () => {
    const desired = await withSentinel(SAFE);
    const content = renderFile(desired, 'redis-02', 'sentinel.conf');
    expect(content.reveal()).toBe(`# Ansible managed
port 26379
bind 127.0.0.1 10.0.0.124
dir /var/lib/redis
sentinel monitor mymaster 10.0.0.123 6379 2
sentinel auth-pass mymaster hunter2
sentinel down-after-milliseconds mymaster 5000
`);
    expect(content.masked()).toContain('sentinel auth-pass mymaster ••••••\n');
    expect(content.masked()).not.toContain('hunter2');
    expect(desired.nodes.map(({ templateGaps }) => templateGaps)).toEqual([[], [], []]);
    expect(await parseWithSentinel(content.reveal())).toBeNull();
  });

  it('works with a redis.conf template of the same role', async () => {
    const role = 'ansible/roles/redis/templates';
    const clusters = `clusters:\n  redis:\n    template: ${role}/redis.conf.j2\n    sentinel_template: ${role}/sentinel.conf.j2\n`;
    const desired = await desiredOf(GIVEN, {
      'redisops.yml': clusters,
      [`${role}/redis.conf.j2`]: 'dir /data/redis\nsave ""\nrequirepass {{ redis_password }}\nhz {{ hz }}\n',
      [`${role}/sentinel.conf.j2`]: SAFE.replace('{{ down_after }}', '{{ hz }}'),
      'ansible/roles/redis/defaults/main.yml': 'hz: 15\n',
    });
    expect(renderFile(desired, 'redis-01', 'sentinel.conf').reveal()).toContain('milliseconds mymaster 15\n');
    expect(renderFile(desired, 'redis-01', 'redis.conf').reveal()).toContain('hz 15\n');
    expect(desired.nodes[0]?.templateGaps?.map(({ message }) => message).join()).toContain('no masterauth');
  });

  it('is absent without a template', async () => {
    const desired = await desiredOf(GIVEN);
    expect(() => renderFile(desired, 'redis-02', 'sentinel.conf')).toThrow(
      expect.objectContaining({ code: 'NOT_AVAILABLE_YET', hint: expect.stringContaining('sentinel_template') }),
    );
  });

  it('is read for changes of it and of its role', async () => {
    const source = repository(GIVEN, { 'redisops.yml': CLUSTERS, [SENTINEL]: SAFE, ...DEFAULTS });
    const paths = [SENTINEL, ...Object.keys(DEFAULTS), 'ansible/roles/sentinel/vars/main.yml'];
    expect(await managedPaths(source, 'redis', [...paths, 'ansible/roles/sentinel/tasks/main.yml'])).toEqual(paths);
  });

  it('does not change the redis.conf written by redisops', async () => {
    const [alone, beside] = [await desiredOf(GIVEN), await withSentinel(SAFE)];
    for (const { name } of alone.nodes)
      expect(renderFile(beside, name, 'redis.conf').reveal()).toBe(renderFile(alone, name, 'redis.conf').reveal());
  });
});

describe('gaps of a sentinel.conf', () => {
  it.each<[what: string, template: string, gap: string]>([
    ['no monitor', SAFE.replaceAll(/^sentinel.*\n/gm, ''), 'it monitors no master'],
    [
      'another master',
      SAFE.replace('{{ redis_master_ip }}', '10.0.0.9'),
      'it does not monitor the nominated master, 10.0.0.123:6379',
    ],
    ['another port', SAFE.replace('6379 {{', '6380 {{'), 'it does not monitor the nominated master'],
    ['a quorum too high', SAFE.replace('// 2', '* 2'), 'its quorum of 7 is never reached by 3 nodes'],
    ['a quorum too low', SAFE.replace('// 2 + 1', '// 3'), 'its quorum of 1 is less than the majority of 3 nodes'],
    ['no auth-pass', SAFE.replace(/sentinel auth-pass.*\n/, ''), 'it has no auth-pass, but Redis has a password'],
    ['another auth-pass', SAFE.replace('{{ redis_password }}', 'x'), 'its auth-pass is not the master’s requirepass'],
    ['loopback only', SAFE.replace(' {{ ansible_host }}', ''), 'its bind has loopback addresses only'],
    ['scripts', `${SAFE}sentinel deny-scripts-reconfig no\n`, 'deny-scripts-reconfig no lets whoever reaches'],
  ])('%s', async (_, template, gap) => {
    const desired = await withSentinel(template);
    const messages = desired.nodes.flatMap(({ templateGaps = [] }) => templateGaps.map(({ message }) => message));
    expect(messages).toHaveLength(3);
    expect(messages[0]).toContain(`sentinel.conf: ${gap}`);
    expect(messages.join('\n')).not.toContain('hunter2');
    const { risks, blockers } = makePlan({ kind: 'converge' }, desired, []);
    expect(risks.map(({ message }) => message).join('\n')).toContain(`all nodes: sentinel.conf: ${gap}`);
    expect(blockers.map(({ code }) => code)).not.toContain('TEMPLATE_UNSAFE');
  });
});

describe('a sentinel.conf with which no failover could happen', () => {
  const ON = `${GIVEN}redis_enable_sentinel: true\n`;

  it.each<[what: string, template: string, said: string]>([
    [
      'that of the field: protected mode, no bind, no password',
      SAFE.replace('bind 127.0.0.1 {{ ansible_host }}', 'protected-mode yes'),
      'line 3, `protected-mode yes`, without a requirepass: Sentinels refuse each other (DENIED)',
    ],
    [
      'protected mode with a bind',
      `${SAFE}protected-mode yes\n`,
      'line 8, `protected-mode yes`, without a requirepass',
    ],
    ['loopback monitored', SAFE.replace('{{ redis_master_ip }}', '127.0.0.1'), 'it monitors 127.0.0.1'],
    ['another master', SAFE.replace('{{ redis_master_ip }}', '10.0.0.9'), 'it does not monitor the nominated master'],
    ['a quorum too high', SAFE.replace('// 2', '* 2'), 'its quorum of 7 is never reached'],
    ['another auth-pass', SAFE.replace('{{ redis_password }}', 'x'), 'its auth-pass is not the master’s requirepass'],
    ['loopback only', SAFE.replace(' {{ ansible_host }}', ''), 'its bind has loopback addresses only'],
  ])('is blocked before it is written: %s', async (_, template, said) => {
    const { blockers } = makePlan({ kind: 'converge' }, await withSentinel(template, ON), []);
    const unsafe = blockers.filter(({ code }) => code === 'SENTINEL_UNSAFE');
    expect(unsafe.map(({ node }) => node)).toEqual(['redis-01', 'redis-02', 'redis-03']);
    expect(unsafe[0]?.message).toContain(`redis-01: sentinel.conf: ${said}`);
    expect(JSON.stringify(unsafe)).not.toContain('hunter2');
  });

  it.each([
    [SAFE, []],
    [`${SAFE}protected-mode yes\nrequirepass x\n`, []],
    [SAFE.replace('// 2 + 1', '// 3'), []],
  ])('is not, where one could: %#', async (template, expected) => {
    const { blockers } = makePlan({ kind: 'converge' }, await withSentinel(template, ON), []);
    expect(blockers.filter(({ code }) => code === 'SENTINEL_UNSAFE')).toEqual(expected);
  });

  it('is a password that Sentinel would write without its quotes', async () => {
    const variables = `${REPLICATED}redis_password: "two words"\nredis_enable_sentinel: true\n`;
    const { blockers } = makePlan({ kind: 'converge' }, await desiredOf(variables), []);
    expect(blockers.find(({ code }) => code === 'SENTINEL_UNSAFE')?.message).toContain('does not start again');
    expect(JSON.stringify(blockers)).not.toContain('two words');
  });
});

describe('sentinel.conf from the variables', () => {
  const ON = `${GIVEN}redis_enable_sentinel: true\n`;

  it('is one that Sentinel starts with', async () => {
    const desired = await desiredOf(`${ON}redis_sentinel_down_after: 2000\nredis_sentinel_password: pass-1\n`);
    const content = renderFile(desired, 'redis-02', 'sentinel.conf');
    const lines = content.reveal().split('\n');
    for (const line of [
      'bind 10.0.0.124 127.0.0.1',
      'protected-mode no',
      'requirepass pass-1',
      'sentinel monitor redis 10.0.0.123 6379 2',
      'sentinel auth-pass redis hunter2',
      'sentinel down-after-milliseconds redis 2000',
      'sentinel failover-timeout redis 60000',
    ])
      expect(lines).toContain(line);
    expect(content.masked()).not.toMatch(/hunter2|pass-1/);
    expect(desired.nodes[1]?.sentinel).toMatchObject({ port: 26_379, masterName: 'redis' });
    expect(await parseWithSentinel(content.reveal())).toBeNull();
  });

  it.each([
    ['redis_sentinel_quorum: none', 'redis_sentinel_quorum must be a number from 1 to 1000'],
    ['redis_sentinel_port: 0', 'redis_sentinel_port must be a port'],
    ['redis_sentinel_master_name: "a b"', 'redis_sentinel_master_name must be letters'],
    ['redis_sentinel_group: nobody', 'the inventory has no hosts in the group “nobody”'],
    [
      'redis_sentinel_qorum: 2',
      '“redis_sentinel_qorum” is not a variable of redisops. Did you mean redis_sentinel_quorum or',
    ],
  ])('%s', async (line, message) => {
    expect((await problemsOf(desiredOf(`${ON}${line}\n`))).join('\n')).toContain(message);
  });
});

describe('mistakes of a sentinel.conf', () => {
  it.each<[line: string, message: string]>([
    [
      'sentinel monitr mymaster 10.0.0.1 6379 2',
      'prints sentinel “monitr”, which Sentinel 7 does not know. Did you mean monitor?',
    ],
    ['sentinel monitor other 10.0.0.1 6379', 'prints sentinel monitor with 3 words behind it; it takes 4'],
    ['sentinel monitor other 10.0.0.1 6379 0', 'prints sentinel monitor, which must have a quorum of at least 1'],
    ['sentinel monitor other 10.0.0.1 65536 2', 'prints sentinel monitor, which must have a port of at most 65535'],
    ['sentinel monitor mymaster 10.0.0.1 6379 2', 'prints sentinel monitor twice for one master'],
    ['sentinel monitor other no-such-host.invalid 6379 2', 'prints sentinel monitor with a name for an address'],
    [
      'sentinel down-after-milliseconds mymaster 0',
      'prints sentinel down-after-milliseconds, which must be milliseconds, at least 1',
    ],
    ['sentinel failover-timeout mymaster -1', 'prints sentinel failover-timeout, which must be milliseconds'],
    ['sentinel failover-timeout other 1000', 'prints sentinel failover-timeout of a master that no line monitors'],
    ['sentinel auth-pass mymaster a b', 'prints sentinel auth-pass with 3 words behind it; it takes 2'],
    ['sentinel deny-scripts-reconfig maybe', 'prints sentinel deny-scripts-reconfig, which must be yes or no'],
    ['sentinel myid abc', 'prints sentinel myid, which must be 40 letters'],
    [
      'sentinel known-sentinel mymaster 10.0.0.1',
      'prints sentinel known-sentinel with 2 words behind it; it takes 3 or 4',
    ],
    ['prt 26379', 'prints “prt”, which Redis 7 does not know'],
    ['daemonize maybe', 'prints daemonize, which must be yes or no'],
    ['bind "', 'prints a line with quotes that are not closed'],
  ])('%s', async (line, message) => {
    const problems = await problemsOf(withSentinel(`${SAFE}${line}\n`));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${SENTINEL}:8:1: ${message}`);
    const rendered = renderFile(await withSentinel(SAFE), 'redis-01', 'sentinel.conf').reveal();
    expect(await parseWithSentinel(`${rendered}${line}\n`)).toBe(line);
  });

  it.each([
    'sentinel',
    'sentinel parallel-syncs mymaster 1',
    'SENTINEL FAILOVER-TIMEOUT mymaster 60000',
    'sentinel master-reboot-down-after-period mymaster 0',
    'sentinel auth-user mymaster watcher',
    'sentinel sentinel-user watcher',
    'sentinel sentinel-pass x',
    'sentinel announce-ip 10.0.0.1',
    'sentinel announce-port 26379',
    'sentinel announce-hostnames no',
    'sentinel resolve-hostnames yes',
    'sentinel deny-scripts-reconfig yes',
    'sentinel rename-command mymaster CONFIG x',
    'sentinel known-replica mymaster 10.0.0.124 6379',
    'sentinel known-sentinel mymaster 10.0.0.124 26379 0123456789012345678901234567890123456789',
    'sentinel myid 0123456789012345678901234567890123456789',
    'sentinel config-epoch mymaster 0',
    'sentinel leader-epoch mymaster 0',
    'sentinel current-epoch 0',
    'logfile /var/log/redis/redis-sentinel.log',
    'pidfile /run/sentinel/redis-sentinel.pid',
    'protected-mode no',
    'requirepass x',
    'user default off',
  ])('none: %s', async (line) => {
    const conf = renderFile(await withSentinel(`${SAFE}${line}\n`), 'redis-01', 'sentinel.conf').reveal();
    expect(await parseWithSentinel(conf)).toBeNull();
  });

  it('by its name, where only what stands behind it is a secret', async () => {
    expect(await problemsOf(withSentinel(`${SAFE}sentinel auth-pas mymaster {{ redis_password }}\n`))).toEqual([
      `${SENTINEL}:8:1: prints sentinel “auth-pas”, which Sentinel 7 does not know. Did you mean auth-pass or auth-user?`,
    ]);
  });

  it('an undefined variable, a template that is not there', async () => {
    expect(await problemsOf(withSentinel(`${SAFE}{{ nope }}\n`))).toEqual([`${SENTINEL}:8:1: “nope” is undefined`]);
    expect(await problemsOf(desiredOf(GIVEN, { 'redisops.yml': CLUSTERS }))).toEqual([
      `${SENTINEL}:1:1: is not there, but redisops.yml names it`,
    ]);
  });

  it.each([
    '{{ redis_password }}',
    'sentinel {{ redis_password }}',
    'port {{ redis_password }}',
    'sentinel monitor {{ redis_password }} x y z',
  ])('with a secret in it, not shown: %s', async (line) => {
    const problems = await problemsOf(withSentinel(`${SAFE}${line}\n`));
    expect(problems.join('\n')).toContain(`${SENTINEL}:8:1: prints `);
    expect(problems.join('\n')).not.toContain('hunter2');
  });
});
