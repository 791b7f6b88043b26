import { describe, expect, it } from 'vitest';
import { desiredOf, problemsOf, REPLICATED } from '../repository.ts';

const TEMPLATE = 'ansible/roles/redis/templates/redis.conf.j2';
const FILES = {
  'redisops.yml': `clusters:\n  redis:\n    template: ${TEMPLATE}\n`,
  [TEMPLATE]: 'bind 0.0.0.0\nport 6379\ndir /data/redis\nrequirepass pw\nmasterauth pw\nmaxmemory {{ mem }}\n',
  'ansible/roles/redis/defaults/main.yml': 'mem: 100mb\n',
  'ansible/roles/redis/tasks/main.yml': '- template: { src: redis.conf.j2, dest: /etc/redis/redis.conf }\n',
  'ansible/site.yml': '- hosts: redis\n  vars: { mem: 4gb, other: 1 }\n  roles: [redis]\n',
};

function problems(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return problemsOf(desiredOf(REPLICATED, { ...FILES, ...files }));
}

describe('what plays set is never ignored', () => {
  it.each<[name: string, files: Readonly<Record<string, string>>, problem: string]>([
    [
      'a template task that cannot be worked out',
      {
        'ansible/roles/redis/tasks/main.yml':
          '- template: { src: "{{ ansible_os_family }}.j2", dest: /etc/redis/redis.conf }\n',
      },
      'ansible/site.yml:2:11: “mem” is set here, but redisops found no task in ansible/site.yml that writes',
    ],
    [
      'a registered variable',
      {
        'ansible/roles/redis/tasks/main.yml': `- command: free\n  register: mem\n${FILES['ansible/roles/redis/tasks/main.yml']}`,
      },
      '“mem” cannot be worked out: the task at ansible/roles/redis/tasks/main.yml:1 registers it',
    ],
    [
      'a fact under a condition on the node',
      {
        'ansible/roles/redis/tasks/main.yml': `- set_fact: { mem: 1gb }\n  when: ansible_memtotal_mb > 4000\n${FILES['ansible/roles/redis/tasks/main.yml']}`,
      },
      '“mem” cannot be worked out: the task at ansible/roles/redis/tasks/main.yml:1 sets it',
    ],
    [
      'a fact that a very long loop sets',
      {
        'ansible/roles/redis/tasks/main.yml': `- set_fact: { mem: "{{ item }}mb" }\n  loop: [${Array.from({ length: 300 }, (_, at) => at + 1).join(', ')}]\n${FILES['ansible/roles/redis/tasks/main.yml']}`,
      },
      '“mem” cannot be worked out: the task at ansible/roles/redis/tasks/main.yml:1 sets it',
    ],
    [
      'variables by a fact’s name',
      {
        'ansible/roles/redis/tasks/main.yml': `- include_vars: "{{ ansible_os_family }}.yml"\n${FILES['ansible/roles/redis/tasks/main.yml']}`,
        'ansible/roles/redis/vars/Debian.yml': 'mem: 1gb\n',
      },
      '“mem” cannot be worked out: the task at ansible/roles/redis/tasks/main.yml:1 may set it',
    ],
    [
      'two playbooks that differ',
      { 'ansible/other.yml': '- hosts: redis\n  vars: { mem: 2gb }\n  roles: [redis]\n' },
      'name the one that counts in redisops.yml',
    ],
    [
      'a fact that jinja2_native makes',
      {
        'ansible/ansible.cfg': '[defaults]\njinja2_native = True\n',
        'ansible/roles/redis/tasks/main.yml': `- set_fact: { mem: "{{ '1e3' }}" }\n${FILES['ansible/roles/redis/tasks/main.yml']}`,
      },
      '“mem” cannot be worked out: the task at ansible/roles/redis/tasks/main.yml:1 sets it under jinja2_native',
    ],
    [
      'a change of the file afterwards',
      {
        'ansible/roles/redis/tasks/main.yml': `${FILES['ansible/roles/redis/tasks/main.yml']}- shell: echo x >> /etc/redis/redis.conf\n`,
      },
      'shell changes the file that the task at',
    ],
  ])('%s', async (_, files, problem) => {
    expect((await problems(files)).join('\n')).toContain(problem);
  });
});

it.each([
  ['imports itself many times', '- import_playbook: site.yml\n'.repeat(200), 'ansible/site.yml:1:1: imports itself'],
  [
    'has too many plays',
    '- hosts: redis\n  roles: [redis]\n'.repeat(101),
    'ansible/site.yml:1:1: has more than 100 plays',
  ],
])('refuses a playbook that %s', async (_, playbook, problem) => {
  expect(await problems({ 'ansible/site.yml': playbook })).toContain(problem);
});

it('refuses tasks that copy too many variables too often', { timeout: 60_000 }, async () => {
  const many = Array.from({ length: 4000 }, (_, index) => `v${index}: x\n`).join('');
  const facts = '- set_fact: { mem: 1gb }\n'.repeat(2000);
  const found = await problems({
    'ansible/inventory/group_vars/all.yml': many,
    'ansible/roles/redis/tasks/main.yml': facts,
  });
  expect(found.join('\n')).toContain('takes too many steps');
});

it('refuses a role that includes itself, without a playbook too', async () => {
  const files = { 'ansible/site.yml': '', 'ansible/roles/redis/tasks/main.yml': '- import_role: { name: redis }\n' };
  expect((await problems(files)).join('\n')).toContain('includes tasks more than 25 files deep');
});
