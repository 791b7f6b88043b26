import { describe, expect, it } from 'vitest';
import { touchesCluster } from '../../src/desired/managed-paths.ts';
import { readDesired } from '../../src/desired/read-desired.ts';
import { clustersOf, policyOfCluster, readDriftWatch, readPolicy } from '../../src/desired/rules/read-rules.ts';
import { ConfigInvalid } from '../../src/domain/error.ts';
import { Secret } from '../../src/domain/secret.ts';
import { INVENTORY, REPLICATED, VARIABLES, confOf, desiredOf, problemsOf, repository, sourceOf } from './repository.ts';
import { vaulted, vaultedVariable } from './vaulted.ts';

describe('readDesired', () => {
  it('reads the field report’s repository', async () => {
    const desired = await desiredOf(`${REPLICATED}redis_dir: /data/redis\nredis_password: "hunter2"\n`);
    expect(desired).toMatchObject({
      cluster: 'redis',
      revision: 'working tree',
      replication: true,
      sentinel: false,
      nominatedMaster: 'redis-01',
      policy: { requesters: [], approvers: [], allowOwnApproval: false, approvalMinutes: 30 },
    });
    expect(desired.password?.reveal()).toBe('hunter2');
    expect(desired.masterauth?.reveal()).toBe('hunter2');
    const redis = { owner: 'redis', group: 'redis' };
    expect(desired.nodes.map(({ name, address }) => `${name} ${address}`)).toEqual([
      'redis-01 10.0.0.123',
      'redis-02 10.0.0.124',
      'redis-03 10.0.0.125',
    ]);
    expect(desired.nodes[1]).toMatchObject({
      sshPort: 22,
      redisPort: 6379,
      unit: 'redis-server.service',
      packageName: 'redis-server',
      dataDirectory: '/data/redis',
      directories: [
        { path: '/data/redis', ...redis, mode: '750' },
        { path: '/data/redis/appendonlydir', ...redis, mode: '750' },
      ],
      redisConf: { path: '/etc/redis/redis.conf', ...redis, mode: '640' },
      dropIn: { path: '/etc/systemd/system/redis-server.service.d/override.conf', owner: 'root', mode: '644' },
    });
    expect(desired.nodes[1]).not.toHaveProperty('sshUser');
  });

  it('reads the same from hosts.ini', async () => {
    const ini = `[redis]
redis-01 ansible_host=10.0.0.123
redis-02 ansible_host=10.0.0.124
redis-03 ansible_host=10.0.0.125 ansible_port=2222 ansible_user=admin
`;
    const desired = await desiredOf(REPLICATED, { [INVENTORY]: '', 'ansible/inventory/hosts.ini': ini });
    expect(confOf(desired, 'redis-02')).toBe(confOf(await desiredOf(REPLICATED), 'redis-02'));
    expect(desired.nodes[2]).toMatchObject({ sshPort: 2222, sshUser: 'admin' });
  });

  it('lets a host’s own variables win, then group_vars, then the inventory', async () => {
    const inventory = `redis:
  hosts:
    redis-01: { ansible_host: 10.0.0.1, redis_port: 6401 }
    redis-02: { ansible_host: 10.0.0.2, redis_port: 6402 }
    redis-03: { ansible_host: 10.0.0.3 }
  vars: { redis_port: 6300, redis_dir: /srv/inventory, ansible_user: ops }
`;
    const desired = await desiredOf('redis_port: 6400\n', {
      [INVENTORY]: inventory,
      'ansible/host_vars/redis-02.yml': 'redis_port: 6502\nansible_user: own\n',
    });
    expect(desired.nodes.map(({ redisPort, dataDirectory, sshUser }) => [redisPort, dataDirectory, sshUser])).toEqual([
      [6401, '/srv/inventory', 'ops'],
      [6502, '/srv/inventory', 'own'],
      [6400, '/srv/inventory', 'ops'],
    ]);
  });

  it('ignores the team’s own variables, vaulted or not', async () => {
    const other = 'shop_name: "{{ x }}"\nansible_become: yes\nredis_sentinel_quorum: 2\nlist: [1, {a: b}]\n';
    const vault = vaultedVariable('other_secret', 'x', 'p');
    await expect(desiredOf(REPLICATED + other + vault)).resolves.toMatchObject({ replication: true });
  });

  it.each([
    ['yes', true],
    ['True', true],
    ['on', true],
    ['"yes"', true],
    ["'on'", true],
    ['1', true],
    ['!!str true', true],
    ['no', false],
    ['Off', false],
    ['"false"', false],
    ['', false],
  ])('takes redis_enable_replication: %s as %s', async (text, replication) => {
    const desired = await desiredOf(`redis_enable_replication: ${text}\nredis_master_host: redis-02\n`);
    expect(desired).toMatchObject({ replication, nominatedMaster: 'redis-02' });
  });

  it('accepts quoted numbers, and sizes', async () => {
    const desired = await desiredOf('redis_port: "6380"\nredis_maxmemory: "1gb"\nredis_repl_backlog_size: 33554432\n');
    expect(desired.nodes[0]?.redisPort).toBe(6380);
    expect(confOf(desired, 'redis-01')).toMatch(/^maxmemory 1gb$/m);
    expect(confOf(desired, 'redis-01')).toMatch(/^repl-backlog-size 33554432$/m);
  });

  it('accepts Sentinel, for later', async () => {
    await expect(desiredOf(`${REPLICATED}redis_enable_sentinel: true\n`)).resolves.toMatchObject({ sentinel: true });
  });

  it('finds the master by its address alone, and needs none without replication', async () => {
    const byAddress = 'redis_enable_replication: true\nredis_master_ip: 10.0.0.125\n';
    await expect(desiredOf(byAddress)).resolves.toMatchObject({ nominatedMaster: 'redis-03' });
    const alone = await desiredOf('redis_port: 6379\n');
    expect(alone).toMatchObject({ replication: false, nominatedMaster: 'redis-01' });
    expect(alone.nodes.map(({ name }) => confOf(alone, name)).join('')).not.toContain('replicaof');
  });

  it('knows one IPv6 address in any spelling', async () => {
    const inventory =
      'redis:\n  hosts:\n    a: { ansible_host: "2001:DB8:0:0::1" }\n    b: { ansible_host: "2001:db8::2" }\n';
    const variables = 'redis_enable_replication: true\nredis_master_host: a\nredis_master_ip: "2001:db8:0::0001"\n';
    const desired = await desiredOf(variables, { [INVENTORY]: inventory });
    expect(confOf(desired, 'b')).toMatch(/^replicaof 2001:db8::1 6379$/m);
  });

  it('gives the same bytes for the same files', async () => {
    const [one, other] = [await desiredOf(REPLICATED), await desiredOf(REPLICATED)];
    expect(one.nodes.map(({ name }) => confOf(one, name))).toEqual(other.nodes.map(({ name }) => confOf(other, name)));
  });
});

describe('mistakes', () => {
  it.each<[variables: string, problem: string]>([
    ['redis_prot: 6379', '4:1: “redis_prot” is not a variable of redisops. Did you mean redis_port'],
    ['redis_frobnicate_x: 1', '4:1: “redis_frobnicate_x” is not a variable of redisops.'],
    ['redis_port: 0', '4:13: redis_port must be a port from 1 to 65535, not “0”'],
    ['redis_port: 65536', '4:13: redis_port must be a port from 1 to 65535'],
    ['redis_port: 6379; rm -rf /', '4:13: redis_port must be a port'],
    ['redis_port: [6379]', '4:13: redis_port must be a single value'],
    ['redis_port: "{{ port }}"', '4:13: redis_port: “port” is undefined'],
    ['redis_port: {{ port }}', '4:13: redis_port must be a single value'],
    ['redis_enable_sentinel: perhaps', '4:24: redis_enable_sentinel must be true or false, not “perhaps”'],
    ['redis_dir: data', '4:12: redis_dir must be an absolute path'],
    ['redis_dir: /data/../etc', '4:12: redis_dir must not have . or ..'],
    ['redis_dir: /data/redis;reboot', '4:12: redis_dir must be an absolute path of letters'],
    ['redis_dir: /data//redis', '4:12: redis_dir must be an absolute path of letters'],
    ['redis_dir: "/data/re dis"', '4:12: redis_dir must be an absolute path of letters'],
    ['redis_dir: "/data/%h"', '4:12: redis_dir must be an absolute path of letters'],
    ['redis_dir: "/data/x\\nExecStart=/bin/sh"', '4:12: redis_dir has a line break'],
    ['redis_dir: /', '4:12: redis_dir must be an absolute path'],
    ['redis_dir: /data', '4:12: redis_dir must be a folder of Redis’s own'],
    ['redis_dir: /etc/redis', '4:12: redis_dir is a folder of the system: “/etc/redis”'],
    ['redis_dir: /var/lib', '4:12: redis_dir is a folder of the system'],
    ['redis_dir: /var/lib/dpkg', '4:12: redis_dir is a folder of the system'],
    ['redis_dir: /usr/local', '4:12: redis_dir is a folder of the system'],
    ['redis_dir: /home/redis', '4:12: redis_dir is a folder that the unit’s sandbox hides'],
    ['redis_dir: /tmp/redis', '4:12: redis_dir is a folder that the unit’s sandbox hides'],
    ['redis_bind: redis-01', '4:13: redis_bind must be addresses, not “redis-01”'],
    ['redis_bind: 127.0.0.1', '4:13: redis_bind lacks the address of redis-01, 10.0.0.123'],
    ['redis_bind: "0.0.0.0\\nrequirepass x"', '4:13: redis_bind has a line break'],
    ['redis_password: 123456', '4:17: redis_password must stand in quotes: YAML reads it as a number'],
    ['redis_password: yes', '4:17: redis_password must stand in quotes: YAML reads it as a boolean'],
    ['redis_password: ""', '4:17: redis_password is empty'],
    ['redis_password: "a\\nb"', '4:17: redis_password has a line break'],
    ['redis_password: "a\\0b"', '4:17: redis_password has a line break or a control'],
    ['redis_password: "\\uD800"', '4:17: redis_password has a line break or a control'],
    ['redis_password: |\n  trailing', '4:17: redis_password has a line break'],
    ['redis_password: "{{ vault_password }}"', '4:17: redis_password: names something that is undefined'],
    ['redis_password: "{{ vault_password | upp }}"', '4:17: redis_password: cannot be rendered (not shown'],
    ['redis_masterauth: [a]', '4:19: redis_masterauth must be a single value'],
    ['redis_maxmemory: lots', '4:18: redis_maxmemory must be a size such as 256mb or 2gb, not “lots”'],
    ['redis_maxmemory: 1.5gb', '4:18: redis_maxmemory must be a size'],
    ['redis_maxmemory: -1', '4:18: redis_maxmemory must be a size'],
    ['redis_maxmemory_policy: lru', '4:25: redis_maxmemory_policy must be one of noeviction, allkeys-lru'],
    ['redis_repl_backlog_size: 0', '4:26: redis_repl_backlog_size must be at least 16384'],
    ['redis_config: [a]', '4:15: redis_config must be a mapping'],
    ['redis_port: 1\nredis_port: 2', '5:1: “redis_port” stands here twice'],
  ])('%s', async (line, problem) => {
    const problems = await problemsOf(desiredOf(`${REPLICATED}${line}\n`));
    expect(problems[0]).toContain(`${VARIABLES}:${problem}`);
  });

  it.each<[variables: string, problem: string]>([
    ['redis_enable_replication: true', '1:27: replication is on, but redis_master_host is missing'],
    ['redis_enable_replication: true\nredis_master_host:', '1:27: replication is on, but redis_master_host is missing'],
    ['redis_master_host: redis-04', '1:20: the master “redis-04” is not in the inventory. Did you mean redis-01'],
    ['redis_master_ip: redis-01', '1:18: redis_master_ip must be an IP address, not “redis-01”'],
    ['redis_master_ip: 10.0.0.9', '1:18: redis_master_ip is 10.0.0.9, but no host'],
    ['redis_master_ip: 0.0.0.0', '1:18: redis_master_ip is not the address of a host'],
    ['redis_master_ip: "fe80::1%eth0"', '1:18: redis_master_ip must be an address without a zone'],
    [
      'redis_master_host: redis-01\nredis_master_ip: 10.0.0.124',
      '2:18: redis_master_ip is 10.0.0.124, but the ansible_host of redis-01 is 10.0.0.123',
    ],
    ['- redis_port: 1', '1:1: must be a mapping (name: value), not a list'],
  ])('%s', async (variables, problem) => {
    expect((await problemsOf(desiredOf(`${variables}\n`)))[0]).toContain(`${VARIABLES}:${problem}`);
  });

  it.each<[hosts: string, problem: string]>([
    ['redis-01: { ansible_host: redis-01 }', '3:31: ansible_host must be an IP address, not “redis-01”'],
    ['redis-01:', '3:5: “redis-01” has no ansible_host with its address'],
    ['redis-01: { ansible_host: "{{ ip }}" }', '3:31: ansible_host: “ip” is undefined'],
    ['redis-01: { ansible_host: 10.0.0.1, ansible_port: 0 }', '3:55: ansible_port must be a port'],
    ['redis-01: { ansible_host: 10.0.0.1, ansible_user: "ops; id" }', '3:55: ansible_user must be a user name'],
    ['redis-01: { ansible_host: 10.0.0.1, ansible_user: -oProxyCommand=x }', '3:55: ansible_user must be a user name'],
    ['"redis-01; reboot": { ansible_host: 10.0.0.1 }', '3:5: “redis-01; reboot” is not a host name'],
    ['"../redis-01": { ansible_host: 10.0.0.1 }', '3:5: “../redis-01” is not a host name'],
    ['-redis: { ansible_host: 10.0.0.1 }', '3:5: “-redis” is not a host name'],
    ['redis-01: { ansible_host: 10.0.0.1, redis_password: x }', '3:41: redis_password is the cluster’s'],
    ['redis-01: { ansible_host: 10.0.0.1, redis_prot: 1 }', '3:41: “redis_prot” is not a variable'],
    ['a: { ansible_host: 10.0.0.1 }\n    b: { ansible_host: 10.0.0.1 }', '4:5: “b” has the address of “a”'],
    ['a: { ansible_host: "::1:1" }\n    b: { ansible_host: "0:0::1:1" }', '4:5: “b” has the address of “a”'],
    ['a: { ansible_host: 10.0.0.1 }\n    A: { ansible_host: 10.0.0.2 }', '4:5: “A” and “a” differ in case only'],
    ['a: { ansible_host: 127.0.0.1 }\n    b: { ansible_host: 10.0.0.2 }', '3:5: “a” has the loopback address'],
    ['"r\u202E\u0007x": { ansible_host: 10.0.0.1 }', '3:5: “r��x” is not a host name'],
  ])('%s', async (hosts, problem) => {
    const inventory = `redis:\n  hosts:\n    ${hosts}\n`;
    const problems = await problemsOf(desiredOf('redis_port: 6379\n', { [INVENTORY]: inventory }));
    expect(problems[0]).toContain(`${INVENTORY}:${problem}`);
  });

  it('are reported together, in order, each once', async () => {
    const inventory = 'redis:\n  hosts:\n    a: { ansible_host: a }\n    b: { ansible_host: 10.0.0.2 }\n';
    const problems = await problemsOf(
      desiredOf('redis_port: x\nredis_dirr: /x\nredis_config:\n  maxmemry: 1\n', {
        [INVENTORY]: inventory,
        'ansible/host_vars/b.yml': 'redis_bind: b\n',
      }),
    );
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'ansible/group_vars/redis.yml:1:13:',
      'ansible/group_vars/redis.yml:2:1:',
      'ansible/group_vars/redis.yml:4:3:',
      'ansible/host_vars/b.yml:1:13:',
      'ansible/inventory/hosts.yml:3:24:',
    ]);
  });

  it('of a missing group name those that are there', async () => {
    const problems = await problemsOf(desiredOf('a: 1\n', { [INVENTORY]: 'caches:\n  hosts: { a: }\n' }));
    expect(problems[0]).toContain('has no group “redis”. It has “caches”. redisops.yml can name another one');
  });

  it('in groups that disagree on a cluster variable', async () => {
    const inventory = `redis:
  children:
    one: { hosts: { a: { ansible_host: 10.0.0.1 } }, vars: { redis_password: x } }
    two: { hosts: { b: { ansible_host: 10.0.0.2 } }, vars: { redis_password: y } }
`;
    const problems = await problemsOf(desiredOf('redis_port: 1\n', { [INVENTORY]: inventory }));
    expect(problems).toEqual([
      `${INVENTORY}:4:62: redis_password is the cluster’s, but not all of its hosts have it from the same place`,
    ]);
  });

  it('in unreadable files are listed with the others', async () => {
    const source = repository('redis_port: x\n');
    const tooLarge = new ConfigInvalid([{ file: INVENTORY, line: 1, column: 1, message: 'is larger than allowed' }]);
    const reading = readDesired(
      { ...source, read: (path) => (path === INVENTORY ? Promise.reject(tooLarge) : source.read(path)) },
      {},
    );
    expect(await problemsOf(reading)).toEqual([
      `${VARIABLES}:1:13: redis_port must be a port from 1 to 65535, not “x”`,
      `${INVENTORY}:1:1: is larger than allowed`,
    ]);
  });

  it('end somewhere', async () => {
    const variables = Array.from({ length: 5000 }, (_, index) => `redis_${index}: 1`).join('\n');
    expect(await problemsOf(desiredOf(variables))).toHaveLength(50);
  });

  it.each([INVENTORY, VARIABLES])('say which file is missing: %s', async (path) => {
    await expect(desiredOf(REPLICATED, { [path]: '' })).rejects.toMatchObject({
      code: 'CONFIG_MISSING',
      message: expect.stringContaining(path),
    });
  });
});

describe('vaults', () => {
  const vaultPassword = new Secret('vault pass');

  it('reads the password from a vaulted value', async () => {
    const variables = REPLICATED + vaultedVariable('redis_password', 'pä"ss', 'vault pass');
    const desired = await desiredOf(variables, {}, { vaultPassword });
    expect(desired.password?.reveal()).toBe('pä"ss');
    expect(desired.nodes[0]?.redisConf.content.masked()).not.toMatch(/pä|p\\xc3/);
  });

  it('reads a file that is vaulted as a whole', async () => {
    const desired = await desiredOf(vaulted(`${REPLICATED}redis_password: x y\n`, 'vault pass'), {}, { vaultPassword });
    expect(desired.password?.reveal()).toBe('x y');
  });

  it.each([
    [
      'a value',
      REPLICATED + vaultedVariable('redis_password', 'x', 'p'),
      `${VARIABLES}:4:24: redis_password is vaulted`,
    ],
    ['a file', vaulted(REPLICATED, 'p'), `${VARIABLES}:1:1: is vaulted`],
  ])('says which setting is missing: %s', async (_, variables, problem) => {
    const problems = await problemsOf(desiredOf(variables));
    expect(problems).toEqual([`${problem}, and ANSIBLE_VAULT_PASSWORD_FILE is not set`]);
  });

  it('never shows its content', async () => {
    const texts = [
      'redis_port: canary\nredis_dir: canary\nredis_bind: canary\nredis_enable_sentinel: canary\nredis_maxmemory: canary',
      'redis_maxmemory_policy: canary\nredis_config: {hz: canary, save: canary, appendonly: canary}',
      'redis_password: "canary" canary',
      'redis_password: {canary: "canary"}\nredis_master_ip: canary\nansible_port: canary\nansible_user: "canary;"',
      '- canary',
    ];
    for (const text of texts) {
      const reading = desiredOf(vaulted(text, 'vault pass'), {}, { vaultPassword });
      const error: unknown = await reading.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ConfigInvalid);
      expect(JSON.stringify(error) + String(error)).not.toContain('canary');
    }
    const inline = desiredOf(vaultedVariable('redis_port', 'canary', 'vault pass'), {}, { vaultPassword });
    expect(await problemsOf(inline)).toEqual([
      `${VARIABLES}:1:20: redis_port must be a port from 1 to 65535, not the vaulted value`,
    ]);
  });
});

describe('clusters', () => {
  const files = {
    'redisops.yml': `clusters:
  shop:
    group: caches
    group_vars: vars/shop.yml
    host_vars: vars/hosts
    inventory: inventory/all.ini
    channel: C0123
    requesters: [U1]
    approvers: [S1]
    allow_own_approval: yes
    approval_minutes: 5
    limits: {sync_mbit_per_second: 800, interruption: 5m, standstill: 90s}
  other:
`,
    'inventory/all.ini': '[caches]\na ansible_host=10.0.0.1\n',
    'vars/shop.yml': 'redis_port: 6390\n',
    'vars/hosts/a.yml': 'redis_dir: /srv/redis\n',
  };

  it('say how they are watched for drift', async () => {
    const watches = sourceOf({
      'redisops.yml': 'clusters: {a: , b: {drift: {every: 2h, apply: true}}, c: {drift: {every: never}}}',
    });
    expect(await readDriftWatch(watches, 'a')).toMatchObject({ everyMs: 900_000, apply: false });
    expect(await readDriftWatch(watches, 'b')).toMatchObject({ everyMs: 7_200_000, apply: true });
    expect(await readDriftWatch(watches, 'c')).toMatchObject({ everyMs: null, apply: false });
    expect(await readDriftWatch(watches, 'd')).toBeNull();
  });

  it('say when they are frozen', async () => {
    const windows = sourceOf({
      'redisops.yml': `clusters:
  a:
    freeze:
      - {cron: "0 18 * * 5", minutes: 3600, timezone: Europe/Berlin, reason: weekend}
      - {cron: 0 0 24 12 *, minutes: 4320, reason: holidays}
`,
    });
    expect((await policyOfCluster(windows, 'a')).policy.freeze).toEqual([
      { cron: '0 18 * * 5', minutes: 3600, timezone: 'Europe/Berlin', reason: 'weekend' },
      { cron: '0 0 24 12 *', minutes: 4320, timezone: 'UTC', reason: 'holidays' },
    ]);
    expect((await policyOfCluster(sourceOf({ 'redisops.yml': 'clusters: {a: }' }), 'a')).policy.freeze).toBeUndefined();
  });

  it.each([
    ['{cron: "0 25 * * *", minutes: 60, reason: x}', '1:25: freeze cron is not an expression like 0 22 * * 5'],
    [
      '{cron: "0 18 * *", minutes: 60, reason: x}',
      '1:25: freeze cron must have five fields: minute hour day month weekday',
    ],
    ['{cron: "0 1 * * *", minutes: 60}', '1:25: freeze reason must be a single word'],
    ['{cron: "0 1 * * *", minutes: 0, reason: x}', '1:54: freeze minutes must be at least 1'],
    [
      '{cron: "0 1 * * *", minutes: 60, reason: x, timzone: UTC}',
      '1:69: “timzone” is not known here. Did you mean timezone?',
    ],
    [
      '{cron: "0 1 * * *", minutes: 60, timezone: CET/x, reason: x}',
      '1:25: freeze timezone must be a name like Europe/Berlin or UTC',
    ],
  ])('refuse the freeze %s', async (window, expected) => {
    const source = sourceOf({ 'redisops.yml': `clusters: {a: {freeze: [${window}]}}` });
    expect(await problemsOf(policyOfCluster(source, 'a'))).toEqual([`redisops.yml:${expected}`]);
  });

  it.each([
    ['{standstil: 90s}', '1:25: “standstil” is not known here. Did you mean standstill?'],
    ['{standstill: 90}', '1:37: limits standstill must be a single word'],
    ['{start: 0s}', '1:32: limits start must be a time like 90s, 10m or 2h'],
    ['{sync_mbit_per_second: 0}', '1:47: limits sync_mbit_per_second must be at least 1'],
  ])('refuse the limits %s', async (limits, expected) => {
    const source = sourceOf({ 'redisops.yml': `clusters: {a: {limits: ${limits}}}` });
    expect(await problemsOf(policyOfCluster(source, 'a'))).toEqual([`redisops.yml:${expected}`]);
  });

  it('are read from redisops.yml', async () => {
    expect(await clustersOf(sourceOf(files))).toEqual(['shop', 'other']);
    await expect(readDesired(sourceOf(files), { cluster: 'shop' })).resolves.toMatchObject({
      cluster: 'shop',
      nodes: [{ name: 'a', redisPort: 6390, dataDirectory: '/srv/redis' }],
      policy: { channel: 'C0123', requesters: ['U1'], approvers: ['S1'], allowOwnApproval: true, approvalMinutes: 5 },
      limits: {
        syncBytesPerSecond: 100_000_000,
        loadBytesPerSecond: 50_000_000,
        interruptionMs: 300_000,
        standstillMs: 90_000,
        startMs: 120_000,
      },
    });
  });

  it('are one, redis, without the file', async () => {
    expect(await clustersOf(repository(REPLICATED))).toEqual(['redis']);
  });

  it('map GitHub logins to Slack users', async () => {
    const people = new Map([
      ['ada', 'U0ADA'],
      ['renovate[bot]', 'U0BOT'],
    ]);
    const named = sourceOf({
      'redisops.yml': 'clusters: {shop: , redis: }\npeople: {Ada: U0ADA, "renovate[bot]": U0BOT}',
    });
    expect(await readPolicy(named, 'shop')).toMatchObject({ people });
    expect(await readPolicy(named, 'shp')).toBeNull();
    const alone = sourceOf({ 'redisops.yml': 'people: {ada: U0ADA}' });
    expect(await clustersOf(alone)).toEqual(['redis']);
    expect((await readPolicy(alone, 'redis'))?.people?.get('ada')).toBe('U0ADA');
  });

  it('must be named if there are several', async () => {
    await expect(readDesired(sourceOf(files), {})).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('are suggested for a name that is not there', async () => {
    await expect(readDesired(sourceOf(files), { cluster: 'shp' })).rejects.toMatchObject({
      code: 'UNKNOWN_CLUSTER',
      message: 'There is no cluster “shp”. Did you mean shop?',
      hint: 'The repository has: shop, other.',
    });
  });

  it.each([
    ['clusters: {a: {grup: x}}', '1:16: “grup” is not known here. Did you mean group?'],
    ['cluster: {a: }', '1:1: “cluster” is not known here; “clusters”, “people” and “pull_requests” are'],
    ['clusters: {}', '1:11: “clusters” must map names to clusters'],
    ['clusters: [a]', '1:11: “clusters” must map names to clusters'],
    ['clusters: {A b: }', '1:12: “A b” is not a cluster’s name: lower case letters, digits and "-"'],
    ['clusters: {a: x}', '1:15: must be a mapping'],
    ['clusters: {a: {approval_minutes: soon}}', '1:34: approval_minutes must be a number'],
    ['clusters: {a: {approval_minutes: 0}}', '1:34: approval_minutes must be at least 1'],
    ['clusters: {a: {allow_own_approval: "yes"}}', '1:36: allow_own_approval must be true or false'],
    ['clusters: {a: {approvers: U1}}', '1:27: approvers must be a list'],
    ['clusters: {a: {approvers: [U1, bob]}}', '1:32: approvers must be a Slack user (U…) or user group (S…)'],
    ['clusters: {a: {drift: {evry: 1h}}}', '1:24: “evry” is not known here. Did you mean every?'],
    ['clusters: {a: {drift: {every: 0m}}}', '1:31: drift every must be a time like 15m, 6h or 1d, or never'],
    ['clusters: {a: {drift: {apply: 1}}}', '1:31: drift apply must be true or false'],
    ['clusters: {a: {drift: often}}', '1:23: drift must be a mapping'],
    ['clusters: {a: {channel: "#ops"}}', '1:25: channel must be a channel ID (C…)'],
    ['clusters: {a: {group_vars: ../x.yml}}', '1:28: group_vars must not have . or .. in it'],
    ['clusters: {a: {host_vars: ./x}}', '1:27: host_vars must not have . or .. in it'],
    ['people: [ada]', '1:9: “people” must map GitHub logins to Slack users'],
    ['people: {ada: bob}', '1:15: must be a Slack user (U…)'],
    ['people: {ada: S0OPS}', '1:15: must be a Slack user (U…)'],
    ['people: {a b: U1}', '1:10: “a b” is not a GitHub login'],
    ['people: {Ada: U1, ada: U2}', '1:19: “ada” stands here twice'],
    ['clusters: {a: {inventory: /etc/passwd}}', '1:27: inventory must be a path inside the repository'],
  ])('have mistakes named: %s', async (text, problem) => {
    expect((await problemsOf(clustersOf(sourceOf({ 'redisops.yml': text }))))[0]).toBe(`redisops.yml:${problem}`);
  });

  it.each([
    ['vars/shop.yml', true],
    ['vars/hosts/a.yml', true],
    ['inventory/all.ini', true],
    ['redisops.yml', true],
    ['ansible/group_vars/redis.yml', false],
    ['vars/hosts.yml', false],
    ['README.md', false],
  ])('are touched by a change of %s: %s', async (path, touched) => {
    expect(await touchesCluster(sourceOf(files), 'shop', ['docs/x.md', path])).toBe(touched);
  });

  it.each([
    [INVENTORY, true],
    ['ansible/inventory/hosts.ini', true],
    [VARIABLES, true],
    ['ansible/host_vars/redis-01.yml', true],
    ['ansible/group_vars/all.yml', true],
    ['ansible/group_vars/all/vault.yml', true],
    ['ansible/group_vars/redis/secrets/deep/vault.yml', true],
    ['ansible/host_vars/redis-01/own/memory.yml', true],
    ['ansible/inventory/host_vars/redis-01/main.yml', true],
    ['ansible/group_vars/web/deep/vault.yml', false],
    ['ansible/inventory/group_vars/redis/main.yml', true],
    ['ansible/group_vars/web.yml', false],
    ['ansible/roles/redis/defaults/main.yml', false],
  ])('without redisops.yml, %s: %s', async (path, touched) => {
    expect(await touchesCluster(repository(REPLICATED), 'redis', [path])).toBe(touched);
  });
});
