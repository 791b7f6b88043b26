export type Files = Readonly<Record<string, string>>;

const YAML = 'ansible/inventory/hosts.yml';
const INI = 'ansible/inventory/hosts.ini';

/** Inventories with their variables, by what they test. No value has a template: ansible-inventory renders none. */
export const INVENTORIES: Readonly<Record<string, Files>> = {
  'simple YAML': {
    [YAML]: `all:
  children:
    redis:
      hosts:
        redis-01: { ansible_host: 10.0.0.1 }
        redis-02: { ansible_host: 10.0.0.2, ansible_port: 2222 }
`,
    'ansible/group_vars/redis.yml': 'redis_port: 6379\nredis_config: { save: "", hz: 20 }\n',
  },
  'types of YAML': {
    [YAML]:
      'redis:\n  hosts:\n    r1: { a: 0750, b: 1:30, c: 1.5, d: yes, e: "yes", f: ~, g: 1e3, h: 1.0e+3, i: 0x1f, j: 0o17, k: .5, l: 1_000, m: off, n: n, o: "007", p: -3, q: +4, r: 1., s: 0b11 }\n',
    'ansible/group_vars/redis.yml':
      'list: [1, two, 3.0, [yes, no]]\nmap: { deep: { er: null } }\nblock: |\n  a\n  b\nfolded: >\n  a\n  b\n',
  },
  'types of INI': {
    [INI]: `[redis]
r1 a=1 b=1.5 c=True d=true e="two words" f='[1, 2]' g=[1,2] h={'x':1} i=None j="5" k=yes l=0755 m=x#y n=a\\ b o="a\\"b" p= # comment
r2:2200 q='it is' r=0x10
[redis:vars]
s=1
t = two words
u="5"
v='quoted'
w=[1, 'x']
x={'a': [True, None]}
y=5 # a comment
z=text # no comment
`,
  },
  ranges: {
    [INI]: `[redis]
redis-[01:03].example.net rack=1
cache-[a:c]
x[1:9:4]-[1:2]
[web]
web-[8:10]
`,
  },
  'ranges in YAML': {
    [YAML]: 'redis:\n  hosts:\n    "redis-[01:03]": { rack: 2 }\n    "c[a:b][0:1]":\n',
  },
  'children and depth': {
    [YAML]: `all:
  vars: { level: all, only_all: 1 }
  children:
    outer:
      vars: { level: outer, only_outer: 1 }
      children:
        redis:
          vars: { level: redis }
          hosts: { r1: , r2: { level: host } }
          children:
            inner:
              vars: { level: inner }
              hosts: { r3: }
    linux:
      vars: { level: linux, only_linux: 1 }
      hosts: { r1: , r2: , r3: }
`,
  },
  'order by name on one level': {
    [INI]: `[redis]
r1
r2
[zebra]
r1
[alpha]
r1
r2
[redis:vars]
from=redis
[zebra:vars]
from=zebra
[alpha:vars]
from=alpha
also=alpha
`,
  },
  priorities: {
    [YAML]: `redis:
  hosts: { r1: , r2: }
  vars: { from: redis }
alpha:
  hosts: { r1: , r2: }
  vars: { from: alpha, ansible_group_priority: 10 }
zebra:
  hosts: { r1: }
  vars: { from: zebra, also: zebra }
`,
    'ansible/group_vars/alpha.yml': 'in_file: alpha\n',
    'ansible/group_vars/zebra.yml': 'in_file: zebra\n',
  },
  'priorities in INI': {
    [INI]: `[redis]
r1
[redis:vars]
ansible_group_priority=5
from=redis
[zebra]
r1
[zebra:vars]
from=zebra
`,
  },
  'files beside the inventory and the playbook': {
    [YAML]:
      'redis:\n  hosts: { r1: { from: inventory, deep: inventory }, r2: }\n  vars: { from: inventory-vars, group_level: vars }\n',
    'ansible/inventory/group_vars/all.yml':
      'from: beside-all\nw: beside-all\nx: beside-all\ny: beside-all\nz: beside-all\n',
    'ansible/group_vars/all.yml': 'w: play-all\nx: play-all\ny: play-all\n',
    'ansible/inventory/group_vars/redis.yml': 'x: beside-redis\ny: beside-redis\ngroup_level: beside\n',
    'ansible/group_vars/redis.yml': 'y: play-redis\n',
    'ansible/inventory/host_vars/r1.yml': 'deep: beside-host\nhost: beside\n',
    'ansible/host_vars/r1.yml': 'host: play\n',
  },
  'folders of variables': {
    [INI]: '[redis]\nr1\nr2\n[cache:children]\nredis\n',
    'ansible/group_vars/redis/b.yml': 'from: b\nonly_b: 1\n',
    'ansible/group_vars/redis/a.yml': 'from: a\nonly_a: 1\n',
    'ansible/group_vars/redis/z.json': '{"from_json": [1, 2.5, null]}\n',
    'ansible/group_vars/redis/plain': 'without_extension: true\n',
    'ansible/group_vars/redis/.hidden.yml': 'hidden: 1\n',
    'ansible/group_vars/redis/backup.yml~': 'backup: 1\n',
    'ansible/group_vars/redis/notes.txt': 'notes: 1\n',
    'ansible/group_vars/all/main.yaml': 'from: all\nof_all: 1\n',
    'ansible/group_vars/cache.yaml': 'from: cache\nof_cache: 1\n',
    'ansible/host_vars/r1/own.yml': 'own: r1\n',
    'ansible/host_vars/r2': 'own: r2\n',
  },
  'a folder before a file, a bare file before the others': {
    [INI]: '[redis]\nr1\n[web]\nr1\n',
    'ansible/group_vars/redis/main.yml': 'form: folder\n',
    'ansible/group_vars/redis.yml': 'form: file\nextra: file\n',
    'ansible/group_vars/web': 'web_form: bare\n',
    'ansible/group_vars/web.yml': 'web_form: yml\nweb_extra: yml\n',
    'ansible/group_vars/all.yaml': 'all_form: yaml\n',
    'ansible/group_vars/all.json': '{"all_form": "json"}\n',
  },
  'folders within folders': {
    [INI]: '[redis]\nr1\nr2\n[cache]\nr1\n',
    'ansible/group_vars/redis/b.yml': 'from: b\nonly_b: 1\n',
    'ansible/group_vars/redis/b/inner.yml': 'from: b/inner\ninner: b\n',
    'ansible/group_vars/redis/a/deep/er/x.yml': 'deeper: 1\nfrom: a/deep/er\n',
    'ansible/group_vars/redis/a/z.yml': 'deeper: 2\nz: 1\n',
    'ansible/group_vars/redis/a/deep.yml': 'deep_file: 1\n',
    'ansible/group_vars/redis/c.d/x.yml': 'not_with_a_dot: 1\n',
    'ansible/group_vars/redis/d.yml/x.yml': 'not_with_an_extension: 1\n',
    'ansible/group_vars/redis/.git/x.yml': 'not_hidden: 1\n',
    'ansible/group_vars/redis/old~/x.yml': 'not_a_backup: 1\n',
    'ansible/group_vars/redis/e/readme.md': 'not: this\n',
    'ansible/group_vars/redis/e/json.json': '{"json": true}\n',
    'ansible/group_vars/all/only/folders/here.yml': 'only_folders: 1\n',
    'ansible/inventory/group_vars/cache/x/y.yaml': 'of_cache: beside\nof_both: beside\n',
    'ansible/group_vars/cache/x/y': 'of_both: play\n',
    'ansible/host_vars/r1/main/own.yml': 'own: r1\n',
    'ansible/host_vars/r2/plain': 'own: r2\n',
    'ansible/host_vars/r2/Z.yml': 'case: upper\n',
    'ansible/host_vars/r2/a.yml': 'case: lower\n',
  },
  'a folder that is named like a file': {
    [INI]: '[redis]\nr1\n[web]\nr1\n',
    'ansible/group_vars/redis.yml/x.yml': 'form: folder\n',
    'ansible/group_vars/redis.json': '{"form": "json", "extra": 1}\n',
    'ansible/group_vars/web/notes.txt': 'nothing: 1\n',
    'ansible/group_vars/web.yml': 'web: behind an empty folder\n',
  },
  'ungrouped hosts': {
    [YAML]:
      'all:\n  hosts: { loose: { x: 1 }, r1: { x: 2 } }\n  children:\n    redis: { hosts: { r1: } }\n    ungrouped: { hosts: { lone: } }\n',
  },
  'a host in many groups': {
    [INI]: `r1 first=top
[redis]
r1 ansible_host=10.0.0.1 second=redis
[web]
r1 second=web third=web
[db]
r2
[everything:children]
redis
web
db
[everything:vars]
of=everything
[empty]
`,
  },
  'anchors and merges': {
    [YAML]: `all:
  vars: { defaults: &defaults { a: 1, b: 2 }, merged: { <<: *defaults, b: 3 } }
  children:
    redis:
      hosts:
        r1: { list: &list [1, 2], again: *list }
`,
  },
};
