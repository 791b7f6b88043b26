import { describe, expect, it } from 'vitest';
import { desiredOf, INVENTORY, problemsOf, REPLICATED, THREE_HOSTS } from '../repository.ts';
import { vaultedVariable } from '../vaulted.ts';

const HOST_VARS = 'ansible/host_vars/redis-02.yml';

/** Mistakes with these lines in the host_vars of redis-02. */
function problemsWith(lines: string): Promise<readonly string[]> {
  return problemsOf(desiredOf(REPLICATED, { [HOST_VARS]: lines }));
}

describe('variables that Ansible connects by', () => {
  it.each([
    ['ansible_ssh_common_args', '-o ProxyJump=bastion', 'there are no jump hosts, proxies or other SSH options yet'],
    ['ansible_ssh_common_args', '-o StrictHostKeyChecking=no -J bastion', 'there are no jump hosts'],
    ['ansible_ssh_extra_args', `-o ProxyCommand="ssh -W %h:%p bastion"`, 'there are no jump hosts'],
    ['ansible_ssh_args', '-F ssh_config', 'there are no jump hosts'],
    ['ansible_ssh_args', '-i other_key', 'there are no jump hosts'],
    ['ansible_ssh_private_key_file', '~/.ssh/redis-02', 'one key is used for all hosts, SSH_PRIVATE_KEY_FILE'],
    ['ansible_private_key_file', 'key', 'one key is used for all hosts'],
    ['ansible_ssh_private_key_passphrase', 'x', 'one key is used for all hosts'],
    ['ansible_become_password', 'x', 'the SSH user needs passwordless sudo'],
    ['ansible_become_pass', "\"{{ lookup('env', 'SUDO') }}\"", 'the SSH user needs passwordless sudo'],
    ['ansible_sudo_pass', 'x', 'the SSH user needs passwordless sudo'],
    ['ansible_password', 'x', 'redisops logs in with a key, SSH_PRIVATE_KEY_FILE'],
    ['ansible_ssh_pass', 'x', 'redisops logs in with a key'],
    ['ansible_connection', 'local', 'redisops connects over SSH only'],
    ['ansible_connection', '"{{ way }}"', 'redisops connects over SSH only'],
    ['ansible_connection', 'community.docker.docker', 'redisops connects over SSH only'],
    ['ansible_become_user', 'deploy', 'redisops becomes root'],
    ['ansible_become_method', 'su', 'redisops uses sudo'],
    ['ansible_become_exe', '/usr/local/bin/doas', 'redisops runs sudo'],
    ['ansible_become_flags', '-H -i', 'redisops runs sudo -n'],
    ['ansible_ssh_executable', '/usr/local/bin/tsh-wrapper', 'redisops has its own SSH client'],
    ['ansible_paramiko_proxy_command', 'nc', 'redisops does not read it'],
    ['ansible_ssh_pkcs11_provider', '/usr/lib/opensc.so', 'redisops does not read it'],
  ])('refuses %s: %s', async (name, value, instead) => {
    const [problem, ...others] = await problemsWith(`\n${name}: ${value}\n`);
    expect(problem).toMatch(`${HOST_VARS}:2:1: ${name} is not supported: ${instead}`);
    expect(others).toEqual([]);
  });

  it.each([
    'ansible_connection: ssh',
    'ansible_connection: "{{ \'smart\' }}"',
    'ansible_connection: ansible.builtin.ssh',
    'ansible_ssh_common_args: -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null',
    'ansible_ssh_common_args: \'-o "StrictHostKeyChecking no"\'',
    'ansible_ssh_args: -C -o ControlMaster=auto -o ControlPersist=60s',
    'ansible_ssh_args: ""',
    'ansible_become: true',
    'ansible_become_user: root',
    'ansible_become_method: sudo',
    'ansible_become_flags: -H -S -n',
    'ansible_become_password:',
    'ansible_ssh_pipelining: true',
    'ansible_ssh_retries: 3',
    'ansible_ssh_timeout: 30',
    'ansible_python_interpreter: /usr/bin/python3',
  ])('accepts %s, which changes nothing', async (line) => {
    await expect(desiredOf(REPLICATED, { [HOST_VARS]: `${line}\n` })).resolves.toMatchObject({ replication: true });
  });

  it('finds them in the inventory, in group_vars and in a vault, each once', async () => {
    const inventory = `${THREE_HOSTS}      vars: { ansible_ssh_common_args: -J bastion }\n`;
    const variables = REPLICATED + vaultedVariable('ansible_become_password', 'x', 'p');
    expect(await problemsOf(desiredOf(variables, { [INVENTORY]: inventory }))).toEqual([
      'ansible/group_vars/redis.yml:4:1: ansible_become_password is not supported: the SSH user needs passwordless sudo',
      'ansible/inventory/hosts.yml:8:15: ansible_ssh_common_args is not supported: there are no jump hosts, proxies or other SSH options yet',
    ]);
  });

  it.each([
    ['ansible_ssh_host: 10.0.0.9', { address: '10.0.0.9' }],
    ['ansible_ssh_port: 2222\nansible_ssh_user: deploy', { sshPort: 2222, sshUser: 'deploy' }],
    ['ansible_port: 22\nansible_ssh_port: 2222', { sshPort: 2222 }],
    ['ansible_host: 10.0.0.8\nansible_ssh_host: 10.0.0.9', { address: '10.0.0.9' }],
    ['ansible_host: 10.0.0.8\nansible_ssh_host:', { address: '10.0.0.8' }],
  ])('reads %j as Ansible’s ssh plugin does', async (lines, node) => {
    const { nodes } = await desiredOf(REPLICATED, { [HOST_VARS]: `${lines}\n` });
    expect(nodes.find(({ name }) => name === 'redis-02')).toMatchObject(node);
  });

  it('finds them in an INI inventory', async () => {
    const hosts = "[redis]\nredis-01 ansible_host=10.0.0.123 ansible_ssh_extra_args='-o ProxyJump=bastion'\n";
    const files = {
      [INVENTORY]: '',
      'ansible/inventory/hosts.ini': `${hosts}[redis:vars]\nansible_connection=local\n`,
    };
    const problems = await problemsOf(desiredOf(REPLICATED, files));
    expect(problems.map((problem) => problem.replace(/^[^ ]+ (\w+).*/, '$1'))).toEqual([
      'ansible_ssh_extra_args',
      'ansible_connection',
    ]);
  });

  it('takes the value that wins', async () => {
    const files = {
      [HOST_VARS]: 'ansible_connection: ssh\n',
      'ansible/host_vars/redis-01.yml': 'ansible_connection: ssh\n',
      'ansible/host_vars/redis-03.yml': 'ansible_connection: ssh\n',
    };
    const desired = await desiredOf(`${REPLICATED}ansible_connection: local\n`, files);
    expect(desired.nodes).toHaveLength(3);
  });

  it('refuses them where the repository has a template of its own, too', async () => {
    const files = {
      'redisops.yml': 'clusters: { redis: { template: redis.conf.j2 } }\n',
      'redis.conf.j2': 'port 6379\nbind 0.0.0.0\n',
      [HOST_VARS]: 'ansible_connection: local\n',
    };
    expect(await problemsOf(desiredOf(REPLICATED, files))).toContain(
      `${HOST_VARS}:1:1: ansible_connection is not supported: redisops connects over SSH only`,
    );
  });
});
