import { describe, expect, it } from 'vitest';
import { managedPaths } from '../../../src/desired/managed-paths.ts';
import { renderFile } from '../../../src/desired/render-file.ts';
import { INVENTORY, REPLICATED, desiredOf, problemsOf, repository } from '../repository.ts';
import { vaulted } from '../vaulted.ts';
import { Secret } from '../../../src/domain/secret.ts';

const TWO_AND_THREE = `redis:
  hosts:
    redis-01: { ansible_host: 10.0.0.123 }
    redis-02: { ansible_host: 10.0.0.124 }
sentinels:
  hosts:
    redis-01:
    monitor-01: { ansible_host: 10.0.0.126, ansible_port: 2222 }
    monitor-02: { ansible_host: 10.0.0.127 }
  vars: { ansible_user: watch }
`;
const ON = `${REPLICATED}redis_enable_sentinel: true\nredis_sentinel_group: sentinels\n`;

function read(variables = ON, files: Readonly<Record<string, string>> = {}) {
  return desiredOf(variables, { [INVENTORY]: TWO_AND_THREE, ...files });
}

describe('hosts of redis_sentinel_group without Redis', () => {
  it('are beside the nodes, with the way to each and its sentinel.conf', async () => {
    const desired = await read();
    expect(desired.nodes.map(({ name, sentinel }) => [name, sentinel !== undefined])).toEqual([
      ['redis-01', true],
      ['redis-02', false],
    ]);
    expect(desired.sentinelHosts).toMatchObject([
      { name: 'monitor-01', address: '10.0.0.126', sshPort: 2222, sshUser: 'watch', redisPort: 26_379 },
      { name: 'monitor-02', address: '10.0.0.127', sshPort: 22, sshUser: 'watch' },
    ]);
    const text = renderFile(desired, 'monitor-01', 'sentinel.conf').reveal();
    expect(text).toContain('bind 10.0.0.126 127.0.0.1');
    expect(text).toContain('sentinel monitor redis 10.0.0.123 6379 2');
    expect(() => renderFile(desired, 'monitor-01', 'redis.conf')).toThrow(/runs Sentinel only/);
  });

  it('take the cluster’s settings, whatever their own variables say', async () => {
    const own = { 'ansible/host_vars/monitor-01.yml': 'redis_port: 7000\nredis_sentinel_quorum: 9\n' };
    const { sentinelHosts } = await read(ON, own);
    expect(sentinelHosts?.[0]?.sentinel.file.content.monitors).toMatchObject([{ port: 6379, quorum: 2 }]);
  });

  it('render the repository’s own template, with the cluster’s hosts in reach', async () => {
    const files = {
      'redisops.yml': 'clusters:\n  redis:\n    sentinel_template: sentinel.conf.j2\n',
      'sentinel.conf.j2':
        "port {{ watch_port }}\nbind {{ ansible_host }}\nsentinel monitor shop {{ hostvars['redis-01'].ansible_host }} 6379 2\n",
      'ansible/group_vars/sentinels.yml': 'watch_port: 5000\n',
      'ansible/host_vars/redis-01.yml': 'watch_port: 5001\n',
    };
    const { sentinelHosts = [], nodes } = await read(ON, files);
    expect(sentinelHosts.map(({ redisPort }) => redisPort)).toEqual([5000, 5000]);
    expect(sentinelHosts[0]?.sentinel).toMatchObject({ masterName: 'shop', port: 5000 });
    expect(nodes[0]?.sentinel?.port).toBe(5001);
  });

  it('are none where Git says nothing of Sentinel, and known where it turns Sentinel off', async () => {
    expect((await read(ON.replace('redis_enable_sentinel: true\n', ''))).sentinelHosts).toBeUndefined();
    const off = await read(ON.replace('true\nredis_sentinel', 'false\nredis_sentinel'));
    expect(off).toMatchObject({ sentinel: false, sentinelOff: true });
    expect(off.sentinelHosts?.map(({ name, templateGaps }) => [name, templateGaps])).toEqual([
      ['monitor-01', undefined],
      ['monitor-02', undefined],
    ]);
  });

  it.each([
    ['monitor-01: { ansible_host: 10.0.0.123 }', 'has the address of “redis-01”'],
    ['monitor-01: { }', 'has no ansible_host'],
    ['monitor-01: { ansible_host: 127.0.0.1 }', 'loopback'],
    ['monitor-01: { ansible_host: 10.0.0.126, ansible_ssh_pass: x }', 'ansible_ssh_pass is not supported'],
  ])('refuses %s', async (host, message) => {
    const inventory = TWO_AND_THREE.replace(/monitor-01: \{.*\}/, host);
    expect((await problemsOf(read(ON, { [INVENTORY]: inventory }))).join('\n')).toContain(message);
  });

  it('refuses a group without hosts, at its variable', async () => {
    const problems = await problemsOf(read(ON.replace('group: sentinels', 'group: sentinel')));
    expect(problems).toEqual([expect.stringMatching(/redis\.yml:5:23: the inventory has no hosts in the group/)]);
  });

  it('take a vaulted password by name, which nothing shows', async () => {
    const variables = `${ON}redis_sentinel_password: "{{ vault_sentinel }}"\n`;
    const files = { 'ansible/group_vars/all.yml': vaulted('vault_sentinel: hush-hush\n', 'p') };
    const desired = await desiredOf(
      variables,
      { [INVENTORY]: TWO_AND_THREE, ...files },
      { vaultPassword: new Secret('p') },
    );
    const content = desired.sentinelHosts?.[0]?.sentinel.file.content;
    expect(content?.password).toBe('hush-hush');
    expect(content?.masked()).not.toContain('hush-hush');
  });
});

describe('managedPaths', () => {
  it('has the variables of the Sentinels’ group', async () => {
    const source = repository(ON, { [INVENTORY]: TWO_AND_THREE });
    const paths = ['ansible/group_vars/sentinels.yml', 'ansible/group_vars/web.yml'];
    expect(await managedPaths(source, 'redis', paths)).toEqual(paths.slice(0, 1));
  });
});
