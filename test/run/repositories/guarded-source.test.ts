import { describe, expect, it } from 'vitest';
import { foreignVault } from '../../../src/run/repositories/guarded-source.ts';
import { sourceOf } from '../../desired/repository.ts';

const YAML = 'ansible/group_vars/redis.yml';
const TEMPLATE = 'roles/redis/templates/redis.conf.j2';

describe('a stranger’s template', () => {
  it.each<[what: string, path: string, base: string, wanted: string, foreign: string | null]>([
    ['new in a value', YAML, 'a: 1\n', 'a: "{{ b }}"\n', `a template in ${YAML}`],
    ['changed within a list', YAML, 'a: ["{{ b }}"]\n', 'a: ["{{ c }}"]\n', `a template in ${YAML}`],
    ['as it was, another value changed', YAML, 'a: "{{ b }}"\nc: 1\n', 'c: 2\na: "{{ b }}"\n', null],
    ['taken away', YAML, 'a: "{{ b }}"\n', 'a: 1\n', null],
    ['of a file, changed', TEMPLATE, 'hz 10\n', 'hz 20\n', `a template in ${TEMPLATE}`],
    ['of a file, as it was', TEMPLATE, 'hz 10\n', 'hz 10\n', null],
    ['with its braces as escapes', YAML, 'a: 1\n', 'a: "\\x7b\\x7b b }}"\n', `a template in ${YAML}`],
    ['with its braces on two lines', YAML, 'a: 1\n', 'a: "{\\\n  { b }}"\n', `a template in ${YAML}`],
    ['in an INI inventory, as escapes', 'hosts.ini', '', "r1 x='\\x7b\\x7b y }}'\n", 'a template in hosts.ini'],
    ['in an INI inventory, between quotes', 'hosts.ini', '', 'r1 x={"{ y }"}\n', 'a template in hosts.ini'],
    ['none, in an INI inventory', 'hosts.ini', '', '[redis]\nr1 x=y\n', null],
    ['in an INI inventory', 'hosts.ini', '', '[redis]\nr1 x={{y}}\n', 'a template in hosts.ini'],
  ])('%s', async (_, path, base, wanted, foreign) => {
    expect(await foreignVault([path], sourceOf({ [path]: base }), sourceOf({ [path]: wanted }))).toBe(foreign);
  });
});

describe('a stranger’s vaulted value', () => {
  const vaulted = 'redis_maxmemory: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n';

  it.each(['host_vars/redis-01.yml', 'host_vars/redis-01', 'host_vars/redis-01.example.net', 'group_vars/all/x.json'])(
    'in %s is seen',
    async (path) => {
      expect(await foreignVault([path], sourceOf({}), sourceOf({ [path]: vaulted }))).toBe(`${path} redis_maxmemory`);
      expect(await foreignVault([path], sourceOf({ [path]: vaulted }), sourceOf({ [path]: vaulted }))).toBeNull();
    },
  );

  it('is none in what is no YAML', async () => {
    for (const text of ['[redis]\nr1 a=1\n', '{% if %}', '\t- [', '', '"'])
      expect(
        await foreignVault(['hosts.ini'], sourceOf({ 'hosts.ini': text }), sourceOf({ 'hosts.ini': text })),
      ).toBeNull();
  });
});
