import { describe, expect, it } from 'vitest';
import { desiredOf, INVENTORY, problemsOf } from '../repository.ts';

const TEMPLATE =
  'bind 0.0.0.0\nport 6379\ndir /data/redis\n# {{ inventory_hostname_short }} {{ who | default("-") }}\n';
const HOSTS = '[redis]\nredis-01 ansible_host=10.0.0.1\nredis-02 ansible_host=10.0.0.2\n';

/** The last line of redis-01’s file, with these files as the inventory. */
async function lastLine(inventory: string, files: Record<string, string>): Promise<string> {
  const desired = await desiredOf('note: 1\n', {
    [INVENTORY]: '',
    'redisops.yml': `clusters: { redis: { template: redis.conf.j2, inventory: ${inventory} } }\n`,
    'redis.conf.j2': TEMPLATE,
    ...files,
  });
  return desired.nodes[0]?.redisConf.content.reveal().trimEnd().split('\n').at(-1) ?? '';
}

describe('the sources of an inventory', () => {
  it.each([
    [
      'a folder, whose files add up',
      'inv/prod',
      { 'inv/prod/01-hosts': HOSTS, 'inv/prod/02.yml': 'redis: {vars: {who: two}}' },
      'two',
    ],
    [
      'a folder with group_vars',
      'inv/prod',
      { 'inv/prod/hosts': HOSTS, 'inv/prod/group_vars/redis.yml': 'who: vars' },
      'vars',
    ],
    ['a folder within', 'inv', { 'inv/hosts': HOSTS, 'inv/more/vars.yaml': 'all: {vars: {who: deep}}' }, 'deep'],
    [
      'what Ansible skips in a folder',
      'inv',
      { 'inv/hosts': HOSTS, 'inv/x.ini': '[redis:vars]\nwho=ini\n', 'inv/y.yml~': 'a: b' },
      '-',
    ],
    [
      'several sources, later ones win',
      '[a/hosts, b/hosts]',
      { 'a/hosts': `${HOSTS}[redis:vars]\nwho=a\n`, 'b/hosts': '[redis:vars]\nwho=b\n' },
      'b',
    ],
    [
      'group_vars beside each source',
      '[a/hosts, b/hosts]',
      { 'a/hosts': HOSTS, 'b/hosts': HOSTS, 'b/group_vars/redis.yml': 'who: b' },
      'b',
    ],
    [
      'YAML without an extension',
      'inv/hosts',
      { 'inv/hosts': 'redis:\n  hosts:\n    redis-01: {ansible_host: 10.0.0.1, who: yaml}\n' },
      'yaml',
    ],
    ['INI without an extension', 'inv/hosts', { 'inv/hosts': HOSTS.replace('0.1', '0.1 who=ini') }, 'ini'],
    [
      'JSON',
      'inv/hosts.json',
      { 'inv/hosts.json': '{"redis":{"hosts":{"redis-01":{"ansible_host":"10.0.0.1","who":1e3}}}}' },
      '1000.0',
    ],
  ])('may be %s', async (_, inventory, files, who) => {
    expect(await lastLine(inventory, files)).toBe(`# redis-01 ${who}`);
  });

  it.each([
    ['inv/aws.yml', 'plugin: amazon.aws.aws_ec2\n', 'inv/aws.yml:1:1: configures an inventory plugin'],
    ['inv/hosts', '#!/usr/bin/env python3\nprint()\n', 'inv/hosts:1:1: is a script: commit what'],
    ['inv/hosts.toml', '[redis]\n', 'inv/hosts.toml:1:1: is TOML: commit what'],
  ])('refuses %s, which redisops cannot run', async (path, text, problem) => {
    const [first] = await problemsOf(lastLine(path, { [path]: text }));
    expect(first).toContain(problem);
  });

  it.each([
    ['redis_master ansible_host=10.0.0.1', '# redis_master -'],
    ['10.0.0.1', '# 10.0.0.1 -'],
    ['redis-[:0] ansible_host=10.0.0.1', '# redis-0 -'],
    ['[2001:db8::1]:2222 who=six', '# 2001:db8::1 six'],
    ['redis-01.example.net ansible_ssh_host=10.0.0.1', '# redis-01 -'],
  ])('reads the host %j', async (line, last) => {
    expect(await lastLine('inv/hosts', { 'inv/hosts': `[redis]\n${line}\n` })).toBe(last);
  });
});
