/** Small repositories in which a play, a role or ansible.cfg decides what the template prints. */

export type Files = Readonly<Record<string, string>>;

const TEMPLATE = `bind 0.0.0.0
port 6379
dir /data/redis
dbfilename dump.rdb
save ""
requirepass pw
masterauth pw
`;

const BASE: Files = {
  'redisops.yml': `clusters:
  redis:
    inventory: ansible/inventory/hosts.ini
    template: ansible/roles/redis/templates/redis.conf.j2
`,
  'ansible/inventory/hosts.ini': `[redis]
redis-01 ansible_host=10.20.0.11
redis-02 ansible_host=10.20.0.12
[web]
web-1 ansible_host=10.20.0.21
`,
  'ansible/group_vars/redis.yml': 'note: group\n',
  'ansible/roles/redis/defaults/main.yml': 'mem: 100mb\nhz: 10\n',
  'ansible/roles/redis/tasks/main.yml': `- template:
    src: redis.conf.j2
    dest: "{{ redis_conf_dest }}"
`,
  'ansible/roles/redis/templates/redis.conf.j2': `${TEMPLATE}maxmemory {{ mem }}\nhz {{ hz }}\n# {{ note }}\n`,
  'ansible/site.yml': '- hosts: redis\n  gather_facts: false\n  roles: [redis]\n',
};

function play(rest: string): Files {
  return { 'ansible/site.yml': `- hosts: redis\n  gather_facts: false\n${rest}` };
}

const TASK = `- template:
    src: redis.conf.j2
    dest: "{{ redis_conf_dest }}"
`;

function tasks(before: string, after = ''): Files {
  return { 'ansible/roles/redis/tasks/main.yml': before + TASK + after };
}

function template(rest: string): Files {
  return { 'ansible/roles/redis/templates/redis.conf.j2': TEMPLATE + rest };
}

/** By name: what differs from the plainest repository. */
const CHANGES: Readonly<Record<string, Files>> = {
  'play vars over group_vars': play('  vars: { mem: 4gb, note: play }\n  roles: [redis]\n'),
  'play vars under role vars': {
    ...play('  vars: { mem: 4gb }\n  roles: [redis]\n'),
    'ansible/roles/redis/vars/main.yml': 'mem: 2gb\n',
  },
  'vars of a role’s entry under its vars, parameters over facts': {
    ...play('  roles:\n    - { role: redis, vars: { mem: 1gb, note: entry }, hz: 50 }\n'),
    'ansible/roles/redis/vars/main.yml': 'mem: 2gb\n',
    ...tasks('- set_fact: { hz: 20, note: fact }\n'),
  },
  'vars_files: the first that is there, named by a variable': {
    ...play(
      '  vars: { size: big }\n  vars_files:\n    - ["none.yml", "{{ size }}.yml"]\n    - files/last.yml\n  roles: [redis]\n',
    ),
    'ansible/vars/big.yml': 'mem: 4gb\nnote: big\n',
    'ansible/files/last.yml': 'note: last\n',
  },
  'facts in task order, with conditions': tasks(
    `- set_fact: { mem: 1gb }
- set_fact: { mem: 2gb }
  when: inventory_hostname == groups['redis'][0]
- set_fact: { hz: "{{ (hz | int) * 2 }}" }
- block:
    - set_fact: { note: "{{ mem }}" }
  when: hz == '20'
`,
    '- set_fact: { mem: 9gb }\n',
  ),
  'facts of other hosts': {
    ...tasks('- set_fact: { mine: "{{ inventory_hostname | upper }}" }\n  when: inventory_hostname != \'redis-01\'\n'),
    ...template("# {{ hostvars['redis-02'].mine }} {{ hostvars['redis-01'].mine | default('none') }}\n"),
  },
  'others see no roles and no play': {
    ...play('  vars: { note: play }\n  roles: [redis]\n'),
    ...template("# {{ hostvars['redis-02'].note }} {{ hostvars['redis-02'].mem is defined }} {{ note }}\n"),
  },
  'include_vars over role vars, by a condition and a name': {
    ...tasks(`- include_vars: "{{ size | default('big') }}.yml"
- include_vars: small.yml
  when: inventory_hostname == 'redis-02'
- include_vars: { file: more.yml, name: more }
- set_fact: { note: "{{ more.hz }}" }
`),
    'ansible/roles/redis/vars/main.yml': 'mem: 1gb\n',
    'ansible/roles/redis/vars/big.yml': 'mem: 4gb\n',
    'ansible/roles/redis/vars/small.yml': 'mem: 2gb\n',
    'ansible/roles/redis/vars/more.yml': 'hz: 77\n',
  },
  'include_vars with_first_found': {
    ...tasks('- include_vars: "{{ item }}"\n  with_first_found: [none.yml, "{{ inventory_hostname }}.yml", big.yml]\n'),
    'ansible/roles/redis/vars/big.yml': 'mem: 4gb\n',
    'ansible/roles/redis/vars/redis-02.yml': 'mem: 2gb\n',
  },
  'task vars under facts, over role vars': {
    'ansible/roles/redis/tasks/main.yml': `- set_fact: { hz: 20 }\n${TASK}  vars: { mem: 4gb, hz: 30 }\n`,
    'ansible/roles/redis/vars/main.yml': 'mem: 1gb\n',
  },
  'import_role with vars and tasks_from': {
    ...play('  tasks:\n    - import_role: { name: redis, tasks_from: conf }\n      vars: { mem: 4gb }\n'),
    'ansible/roles/redis/tasks/conf.yml': TASK,
    'ansible/roles/redis/vars/main.yml': 'mem: 1gb\n',
  },
  'include_role with vars over facts': {
    ...play('  tasks:\n    - set_fact: { mem: 2gb }\n    - include_role: { name: redis }\n      vars: { mem: 4gb }\n'),
  },
  'include_tasks by a variable, import_tasks, free form': {
    'ansible/roles/redis/tasks/main.yml': `- include_tasks: { file: "{{ 'a' if inventory_hostname == 'redis-01' else 'b' }}.yml" }
- import_tasks: conf.yml
  vars: { hz: 40 }
`,
    'ansible/roles/redis/tasks/a.yml': '- set_fact: mem=1gb\n',
    'ansible/roles/redis/tasks/b.yml': '- set_fact: mem=2gb note="b {{ mem }}"\n',
    'ansible/roles/redis/tasks/conf.yml':
      '- ansible.builtin.template: src=redis.conf.j2 dest={{ redis_conf_dest }} lstrip_blocks=yes\n',
  },
  'dependencies with parameters, and a wrapper’s vars': {
    ...play('  roles: [base, redis]\n'),
    'ansible/roles/redis/meta/main.yml': 'dependencies:\n  - { role: common, hz: 60 }\n',
    'ansible/roles/common/defaults/main.yml': 'hz: 1\nfrom_common: default\n',
    'ansible/roles/common/vars/main.yml': 'mem: 3gb\n',
    'ansible/roles/base/vars/main.yml': 'note: base\n',
    ...template('maxmemory {{ mem }}\nhz {{ hz }}\n# {{ note }} {{ from_common }}\n'),
  },
  'a role that wraps another': {
    ...play('  roles: [company_redis]\n'),
    'ansible/roles/company_redis/tasks/main.yml': '- import_role: { name: redis }\n',
    'ansible/roles/company_redis/defaults/main.yml': 'mem: 5gb\n',
    'ansible/roles/company_redis/vars/main.yml': 'note: company\n',
  },
  'two plays for two groups': {
    'ansible/inventory/hosts.ini': `[primary]\nredis-01 ansible_host=10.20.0.11\n[secondary]\nredis-02 ansible_host=10.20.0.12\n[redis:children]\nprimary\nsecondary\n`,
    'ansible/site.yml': `- hosts: primary
  gather_facts: false
  roles: [redis]
- hosts: redis:!primary
  gather_facts: false
  vars: { follows: "{{ hostvars[groups['primary'][0]].ansible_host }} 6379" }
  roles: [redis]
`,
    ...template('{% if follows is defined %}\nreplicaof {{ follows }}\n{% endif %}\n'),
  },
  'an imported playbook, its group_vars, and one that has nothing to do with it': {
    'ansible/ansible.cfg': '[defaults]\nroles_path = roles\n',
    'ansible/site.yml': '- import_playbook: playbooks/redis.yml\n',
    'ansible/playbooks/redis.yml': '- hosts: redis\n  gather_facts: false\n  vars: { mem: 4gb }\n  roles: [redis]\n',
    'ansible/web.yml': '- hosts: web\n  gather_facts: false\n  vars: { mem: 9gb }\n  roles: [redis]\n',
    'ansible/group_vars/all.yml': 'hz: 15\nnote: beside the other playbook\n',
    'ansible/playbooks/group_vars/all.yml': 'note: beside\n',
  },
  'a template by a variable, in a loop over files': {
    'ansible/roles/redis/tasks/main.yml': `- template:
    src: "{{ item.src }}"
    dest: "{{ item.dest }}"
  loop:
    - { src: sentinel.conf.j2, dest: /dev/null }
    - { src: "redis-{{ major }}.conf.j2", dest: "{{ redis_conf_dest }}" }
  vars: { major: 7 }
  when: "'sentinel' not in item.src"
`,
    'ansible/roles/redis/templates/redis-7.conf.j2': `${TEMPLATE}# seven {{ template_path }} {{ role_name }}\n`,
    'ansible/roles/redis/templates/sentinel.conf.j2': 'port 26379\n',
  },
  'options of the template task': {
    'ansible/roles/redis/tasks/main.yml': `- template:
    src: redis.conf.j2
    dest: "{{ redis_conf_dest }}"
    lstrip_blocks: yes
    trim_blocks: no
    newline_sequence: '\\r\\n'
    block_start_string: '<%'
    block_end_string: '%>'
    variable_start_string: '[['
    variable_end_string: ']]'
    mode: "0640"
`,
    ...template('  <% for h in groups.redis %>\n# [[ h ]] {{ x }}\n  <% endfor %>\n'),
  },
  'a mapping merged by ansible.cfg': {
    'ansible/ansible.cfg': '[defaults]\nhash_behaviour = merge\n',
    'ansible/group_vars/all.yml': 'conf: { timeout: 300, deep: { a: 1, b: [1] } }\n',
    'ansible/group_vars/redis.yml': 'conf: { timeout: 0, deep: { b: [2], c: 3 } }\n',
    ...play('  vars: { conf: { hz: 20 } }\n  roles: [redis]\n'),
    ...template('# {{ conf }}\n'),
  },
  'ansible_managed, do and break by ansible.cfg': {
    'ansible/ansible.cfg':
      '[defaults]\nansible_managed = Managed: {file}\n  by the platform team\njinja2_extensions = jinja2.ext.do,jinja2.ext.loopcontrols\nroles_path = roles:shared\n',
    ...play('  roles: [shared_base, redis]\n'),
    'ansible/shared/shared_base/vars/main.yml': 'hz: 33\n',
    ...template(
      '{{ ansible_managed | comment }}\n{% set l = [] %}{% for h in range(9) %}{% if h == 1 %}{% continue %}{% endif %}{% if h > 3 %}{% break %}{% endif %}{% do l.append(h) %}{% endfor %}# {{ l }} {{ hz }}\n',
    ),
  },
  'hosts outside the cluster, lookups of variables, subelements': {
    'ansible/group_vars/web.yml':
      'zone: b\nport: "{{ base + 1 }}"\nbase: 80\nusers: [{ n: a, p: [1, 2] }, { n: b, p: [3] }]\n',
    ...template(`{% for h in groups.web %}
# {{ hostvars[h].ansible_host }} {{ hostvars[h].zone }} {{ hostvars[h].port }} {{ hostvars[h].nope | default('none') }}
{% endfor %}
# {{ groups.web | map('extract', hostvars, 'ansible_host') | list }} {{ hostvars.get('nobody', {}).x | default('g') }}
# {{ hostvars['web-1'].get('nope', 7) }} {{ lookup('vars', 'note') }} {{ query('vars', 'note', 'mem') }} {{ lookup('vars', 'nope', default='d') }}
{% for u in hostvars['web-1'].users | subelements('p') %}
# {{ u.0.n }} {{ u.1 }}
{% endfor %}
`),
  },
  'magic variables': template(
    '# {{ ansible_play_hosts | join(",") }} {{ play_hosts | length }} {{ inventory_dir | basename }} {{ inventory_file | basename }} {{ role_name }} {{ playbook_dir | basename }} {{ ansible_version.full is version("2.9", ">=") }} {{ environment }} {{ role_path | basename }} {{ ansible_play_name }}\n',
  ),
};

export const REPOSITORIES: ReadonlyMap<string, Files> = new Map(
  Object.entries(CHANGES).map(([name, changes]) => [name, { ...BASE, ...changes }]),
);

/** A playbook’s place, for `ansible-playbook`. */
export const PLAYBOOK = 'ansible/site.yml';
