import { describe, expect, it } from 'vitest';
import { foreignVault } from '../../src/run/guarded-source.ts';
import { sourceOf } from '../desired/repository.ts';

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
    ['in an INI inventory', 'hosts.ini', '', '[redis]\nr1 x={{y}}\n', 'a template in hosts.ini'],
  ])('%s', async (_, path, base, wanted, foreign) => {
    expect(await foreignVault([path], sourceOf({ [path]: base }), sourceOf({ [path]: wanted }))).toBe(foreign);
  });
});
