import { describe, expect, it } from 'vitest';
import { asStranger, changesSecret, couldReveal, foreignVault } from '../../../src/run/repositories/guarded-source.ts';
import { confOf, desiredOf, INVENTORY, REPLICATED, repository, sourceOf } from '../../desired/repository.ts';

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

describe('a secret', () => {
  const INI = 'hosts.ini';

  it.each<[what: string, path: string, base: string, wanted: string, changes: boolean]>([
    ['as it was', YAML, 'redis_password: a\nb: 1\n', '# new\nb: 2\nredis_password: "a"\n', false],
    ['written differently', YAML, 'redis_password: a\n', 'redis_password: b\n', true],
    ['new', YAML, 'a: 1\n', 'a: 1\napp_token: x\n', true],
    ['removed', YAML, 'a: 1\nredis_masterauth: x\n', 'a: 1\n', true],
    ['within a list', YAML, 'users: [{name: a, password: x}]\n', 'users: [{name: a, password: y}]\n', true],
    [
      'swapped with another',
      YAML,
      'users: [{password: x}, {password: y}]\n',
      'users: [{password: y}, {password: x}]\n',
      true,
    ],
    ['below a secret’s name', YAML, 'redis_passwords: {a: {b: x}}\n', 'redis_passwords: {a: {b: y}}\n', true],
    ['as a directive', YAML, '', 'redis_config: {MasterAuth: x}\n', true],
    ['in a line of users', YAML, '', 'redis_config: {user: ["a on >x"]}\n', true],
    ['in an INI inventory', INI, '[redis]\nr1\n', '[redis]\nr1 "redis_pass""word=x"\n', true],
    ['of an INI inventory’s group', INI, '[redis]\nr1\n', '[redis]\nr1\n[redis:vars]\nredis_password = x\n', true],
    ['in a file without extension', 'host_vars/r1', '', 'redis_password: x\n', true],
    ['none', YAML, 'a: 1\n', 'a: 2\nredis_password_policy: x\n', false],
  ])('%s', async (_, path, base, wanted, changes) => {
    expect(await changesSecret([path], sourceOf({ [path]: base }), sourceOf({ [path]: wanted }))).toBe(changes);
  });

  it('that another variable chooses is planned as the base’s, and the plan is the same for any', async () => {
    const of = (tier: string, password: string) =>
      desiredOf(
        `${REPLICATED}tier: ${tier}\npw: {prod: a-b-c, test: ${password}}\nredis_password: "{{ pw[tier] }}"\nredis_port: 7000\n`,
      );
    const base = await of('prod', 'x');
    const confs = await Promise.all(
      ['a-b-c', 'other'].map(async (known) => {
        const planned = asStranger(base, await of('test', known));
        return typeof planned === 'string' ? planned : [planned.password?.reveal(), confOf(planned, 'redis-02')];
      }),
    );
    expect(confs[0]).toEqual(['a-b-c', confOf(base, 'redis-02')]);
    expect(confs[1]).toEqual(confs[0]);
  });

  it('more or less of which is not planned', async () => {
    const base = await desiredOf(`${REPLICATED}redis_password: a\n`);
    const less = await desiredOf(REPLICATED);
    expect(asStranger(base, less)).toBe('a password or another secret');
  });
});

describe('a change of a template', () => {
  const vaulted = 'x: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n';
  const template = 'redis_maxmemory: "{{ a }}"\n';

  it.each<[what: string, base: string, wanted: string, could: string | null]>([
    ['beside a vaulted value', vaulted, vaulted + template, 'template'],
    ['beside a password', 'redis_password: a\n', `redis_password: a\n${template}`, 'template'],
    ['with no secret', 'a: 1gb\n', `a: 1gb\n${template}`, null],
    ['moved to another name', `${vaulted}a: "{{ b }}"\n`, `${vaulted}c: "{{ b }}"\n`, 'template'],
    ['as it was', vaulted + template, `b: 2\n${vaulted}${template}`, null],
    ['that takes the secret away', `${vaulted}a: "{{ b }}"\n`, 'a: "{{ c }}"\n', 'template'],
  ])('%s', async (_, base, wanted, could) => {
    expect(await couldReveal([YAML], repository(base), repository(wanted), ['redis'])).toBe(could);
  });

  it('is one beside a secret of the inventory, and where the inventory cannot be read', async () => {
    const inventory = 'all: { children: { redis: { hosts: { r1: { db_password: x } } } } }\n';
    const could = (text: string) =>
      couldReveal([YAML], repository('a: 1\n', { [INVENTORY]: text }), repository(template, { [INVENTORY]: text }), [
        'redis',
      ]);
    expect(await could(inventory)).toBe('template');
    expect(await could('all: [')).toBe('template');
    expect(await could(inventory.replace('db_password', 'db_name'))).toBeNull();
  });
});
