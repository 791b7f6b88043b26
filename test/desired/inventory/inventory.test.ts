import { describe, expect, it } from 'vitest';
import { inventoryOfIni } from '../../../src/desired/inventory/ini.ts';
import { inventoryOfYaml } from '../../../src/desired/inventory/yaml.ts';
import type { Inventory } from '../../../src/desired/inventory/inventory.ts';
import { Problems } from '../../../src/desired/source/problems.ts';
import { readYamlMapping } from '../../../src/desired/yaml/mapping.ts';
import type { Entry } from '../../../src/desired/yaml/value.ts';

const problems = new Problems();

async function yaml(text: string, into = problems): Promise<Inventory> {
  const mapping = await readYamlMapping('hosts.yml', text, { problems: into });
  return there(mapping && inventoryOfYaml(mapping, into));
}

function ini(text: string, into = problems): Inventory {
  return there(inventoryOfIni('hosts.ini', text, into));
}

function there(inventory: Inventory | null): Inventory {
  if (!inventory) throw new Error('no inventory');
  return inventory;
}

function variables(entries: ReadonlyMap<string, Entry>): unknown {
  return Object.fromEntries(
    [...entries].map(([name, { value }]) => [name, value.kind === 'scalar' ? value.source : value.kind]),
  );
}

/** Variables of a host in group redis: its groups’ first, then its own. */
function hosts(inventory: Inventory): unknown {
  return inventory
    .hostsOf('redis')
    ?.map(({ name, groupVariables, hostVariables }) => [name, variables(groupVariables), variables(hostVariables)]);
}

const YAML = `
all:
  vars: { ansible_user: everybody, ansible_port: 1, redis_port: 1 }
  hosts:
    redis-01: { ansible_host: 10.0.0.1 }
  children:
    datacentre:
      vars: { ansible_port: 2, redis_port: 2 }
      children:
        redis:
          hosts: { redis-01: , redis-02: { ansible_host: 10.0.0.2 } }
          children: { big: }
    big:
      hosts: { 'redis-[03:04]': { ansible_user: own } }
      vars: { redis_port: 4 }
    linux:
      vars: { ansible_user: linux, redis_port: 1 }
      hosts: { redis-02: , web-01: }
`;

const INI = `
# the same
redis-01 ansible_host=10.0.0.1

[all:vars]
ansible_user=everybody
ansible_port = 1
redis_port=1

[datacentre:children]
redis

[datacentre:vars]
ansible_port=2
redis_port=2

[redis] # of the shop
redis-01
redis-02 ansible_host=10.0.0.2 # the second

[redis:children]
big

[big]
redis-[03:04] ansible_user="own"

[big:vars]
redis_port=4

[linux]
redis-02
web-01

[linux:vars]
ansible_user=linux
redis_port=1
`;

const EXPECTED = [
  ['redis-01', { ansible_user: 'everybody', ansible_port: '2', redis_port: '2' }, { ansible_host: '10.0.0.1' }],
  ['redis-02', { ansible_user: 'linux', ansible_port: '2', redis_port: '1' }, { ansible_host: '10.0.0.2' }],
  ['redis-03', { ansible_user: 'everybody', ansible_port: '2', redis_port: '4' }, { ansible_user: 'own' }],
  ['redis-04', { ansible_user: 'everybody', ansible_port: '2', redis_port: '4' }, { ansible_user: 'own' }],
];

describe('an inventory', async () => {
  it.each([
    ['YAML', await yaml(YAML)],
    ['INI', ini(INI)],
    ['INI with Windows line ends and a mark', ini(`\uFEFF${INI.replaceAll('\n', '\r\n')}`)],
  ])('has what Ansible would give each host: %s', (_, inventory) => {
    expect(hosts(inventory)).toEqual(EXPECTED);
    expect(problems.found).toEqual([]);
  });

  it('has the groups around a group without anybody’s variables', async () => {
    for (const inventory of [await yaml(YAML), ini(INI)])
      for (const group of inventory.groups.keys()) {
        const groups = inventory.hostsOf(group)?.flatMap((host) => host.groups);
        expect([...(inventory.groupsAround(group) ?? [])].toSorted()).toEqual(
          [...new Set(['all', ...(groups ?? [])])].toSorted(),
        );
      }
    expect((await yaml(YAML)).groupsAround('nowhere')).toBeNull();
  });

  it('stops at the requested number of hosts', () => {
    const lines = Array.from({ length: 1000 }, (_, at) => `v${at}=1`).join('\n');
    const inventory = ini(`[redis]\na[1:1000]\nb[1:1000]\n[redis:vars]\n${lines}\n`);
    expect(inventory.hostsOf('redis', 101)).toHaveLength(101);
    expect([...(inventory.groupsAround('redis') ?? [])]).toContain('redis');
  });

  it('follows a cycle only once', () => {
    const inventory = ini('[redis]\nr1\n[redis:children]\na\n[a:children]\nredis\n[a:vars]\nx=1\n');
    expect(hosts(inventory)).toEqual([['r1', { x: '1' }, {}]]);
  });

  it('says that there is no such group', async () => {
    expect((await yaml('all: { hosts: { r1: } }')).hostsOf('redis')).toBeNull();
  });

  it.each([
    ['has more than 1000 groups', Array.from({ length: 1001 }, (_, index) => `[g${index}]`).join('\n')],
    ['has more than 20000 hosts', Array.from({ length: 21 }, (_, index) => `[g${index}]\nh[1:1000]`).join('\n')],
    [
      'has more than 1000 variables',
      `[redis:vars]\n${Array.from({ length: 1001 }, (_, index) => `v${index}=1`).join('\n')}`,
    ],
  ])('is refused when it %s', (message, text) => {
    const found = new Problems();
    expect(inventoryOfIni('hosts.ini', text, found)).toBeNull();
    expect(found.found[0]?.message).toContain(message);
  });
});

describe('a hostile hosts.ini', () => {
  it.each([
    ['ranges', `[redis]\n${'r[1:1000]\n'.repeat(90_000)}`],
    ['many ranges', `[redis]\n${Array.from({ length: 30_000 }, (_, index) => `r${index}-[1:1000]`).join('\n')}`],
    ['quotes', `[redis]\n${`"'`.repeat(500_000)}`],
    ['brackets', '['.repeat(1_000_000)],
    ['lines without sense', `[redis:vars]\n${'x\n'.repeat(500_000)}`],
  ])('of a megabyte does not hold the bot up: %s', (_, text) => {
    const started = performance.now();
    const found = new Problems();
    inventoryOfIni('hosts.ini', text, found);
    expect(found.found.length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(4000);
  });
});

describe('mistakes in hosts.yml', () => {
  it.each([
    ['redis: [r1]', '1:8: group “redis” must be a mapping (name: value)'],
    ['redis:\n  hosts:\n    - r1', '3:5: “hosts” must be a mapping (name: value)'],
    ['redis:\n  hosts:\n    r1: 10.0.0.1', '3:9: host “r1” must be a mapping (name: value)'],
    ['redis:\n  hosts:\n    r[3:1]:', '3:5: “r[3:1]” is not a range of hosts such as redis-[01:03]'],
    ['redis:\n  vars: x', '2:9: “vars” must be a mapping (name: value)'],
  ])('%j', async (text, problem) => {
    const found = new Problems();
    await yaml(text, found);
    expect(found.found.map(({ line, column, message }) => `${line}:${column}: ${message}`)).toEqual([problem]);
  });
});

describe('mistakes in hosts.ini', () => {
  it.each([
    ['[redis', '1:1: “[redis” is not a section such as [redis], [redis:vars] or [redis:children]'],
    ['[redis:hosts:x]', '1:1: “[redis:hosts:x]” is not a section such as [redis], [redis:vars] or [redis:children]'],
    ['[redis:stuff]', '1:1: “[redis:stuff]” is not a section such as [redis], [redis:vars] or [redis:children]'],
    ['[redis]\nr1 ansible_host', '2:4: is not name=value'],
    ['[redis:vars]\n  just words', '2:3: is not name=value'],
    ['[redis]\nr1\nr1', '3:1: “r1” stands here twice'],
    ['[redis]\nr1 a="b', '2:1: has a quote that is not closed'],
    ['[redis]\nr[3:1]', '2:1: “r[3:1]” is not a range of hosts such as redis-[01:03]'],
  ])('%j', (text, problem) => {
    const found = new Problems();
    ini(text, found);
    expect(found.found.map(({ line, column, message }) => `${line}:${column}: ${message}`)).toEqual([problem]);
  });
});
