import { describe, expect, it } from 'vitest';
import { CACHE_VARIABLES, twoClusters } from '../../lab/two-clusters.ts';
import { addressesOf, clustersWith, refuseSharedHosts } from '../../src/desired/questions.ts';
import { asRedisopsError, ConfigInvalid } from '../../src/domain/error.ts';
import { propose } from '../../src/operation.ts';
import type { ConfigSource } from '../../src/ports/git.ts';
import { policiesOf } from '../../src/run/life/policies-of.ts';
import { refuseHostsElsewhere } from '../../src/run/repositories/hosts-elsewhere.ts';
import { portsOf, sourceOf } from '../ports.ts';

const TWO = twoClusters({ password: 'canary' });

const inventory = (hosts: Readonly<Record<string, string>>): string =>
  `redis:\n  hosts:\n${Object.entries(hosts)
    .map(([name, variables]) => `    ${name}: {${variables}}\n`)
    .join('')}`;

/** The clusters shop and cache, where the hosts of cache are these. */
const cacheOn = (hosts: string, more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  ...TWO,
  'cache/hosts.yml': hosts,
  ...more,
});

async function refusal(files: Readonly<Record<string, string>>, cluster = 'shop') {
  const thrown = await refuseSharedHosts(sourceOf(files), cluster, {}).then(() => null, asRedisopsError);
  return thrown instanceof ConfigInvalid ? thrown.problems.map(({ message }) => message) : thrown;
}

const SHARED = /^“redis-0\d” \([\d.:a-f]+\) is a host of (?:shop|cache) and of (?:shop|cache)/;

describe('a host in two clusters of a repository is refused', () => {
  it.each<[string, Record<string, string>]>([
    ['by its address', cacheOn(inventory({ 'redis-03': 'ansible_host: 10.0.0.123' }))],
    ['under another name', cacheOn(inventory({ 'other-01': 'ansible_host: 10.0.0.124' }))],
    ['at another port of Redis', cacheOn(inventory({ x: 'ansible_host: 10.0.0.123, redis_port: 6380' }))],
    ['at another port of SSH', cacheOn(inventory({ x: 'ansible_host: 10.0.0.123, ansible_port: 2222' }))],
    ['under the address as its name', cacheOn(inventory({ '10.0.0.123': '' }))],
    ['as IPv6 that is IPv4', cacheOn(inventory({ x: 'ansible_host: "::ffff:10.0.0.123"' }))],
    ['as IPv6 in hexadecimal', cacheOn(inventory({ x: 'ansible_host: "::FFFF:0A00:007B"' }))],
    ['by a template', cacheOn(inventory({ x: 'ansible_host: "10.0.0.{{ 100 + 23 }}"' }))],
    [
      'by a variable of the host',
      cacheOn(inventory({ x: '' }), { 'cache/host_vars/x.yml': 'ansible_host: 10.0.0.123\n' }),
    ],
    [
      'by a variable beside the inventory',
      cacheOn(inventory({ x: '' }), { 'cache/group_vars/all.yml': 'ansible_host: 10.0.0.123\n' }),
    ],
  ])('%s', async (_, files) => {
    expect(await refusal(files)).toEqual([expect.stringMatching(SHARED)]);
    expect(await refusal(files, 'cache')).toHaveLength(1);
  });

  it.each(['sentinels', '{{ "senti" }}nels'])('as a host of its Sentinels (%s)', async (group) => {
    const watching = `${inventory({ 'own-01': 'ansible_host: 10.0.0.7' })}sentinels:\n  hosts:\n    x: {ansible_host: 10.0.0.123}\n`;
    const variables = `${TWO[CACHE_VARIABLES] ?? ''}redis_sentinel_group: ${JSON.stringify(group)}\n`;
    const files = cacheOn(watching, { [CACHE_VARIABLES]: variables });
    expect(await refusal(files)).toEqual([expect.stringContaining('(10.0.0.123) is a host of shop and of cache')]);
    expect(await refusal(files, 'cache')).toHaveLength(1);
  });

  it('as IPv6 in another spelling', async () => {
    const shop = { 'shop/hosts.yml': inventory({ 'redis-01': 'ansible_host: "2001:db8::1"' }) };
    const files = cacheOn(inventory({ x: 'ansible_host: "2001:0DB8:0:0::0001"' }), shop);
    expect(await refusal(files)).toHaveLength(1);
  });

  it.each([
    ['cache', { kind: 'converge' }],
    ['shop', { kind: 'resync', node: 'redis-02' }],
  ] as const)('by every plan of %s, before anything else', async (cluster, goal) => {
    const source = sourceOf(cacheOn(inventory({ x: 'ansible_host: 10.0.0.123' })));
    const { plan } = await propose(goal, source, cluster, portsOf());
    expect(plan.blockers[0]).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/belongs to one/),
    });
  });

  it('but hosts of their own are not, nor is a cluster with mistakes', async () => {
    expect(await refusal(TWO)).toBeNull();
    expect(await refusal(cacheOn('redis: ['))).toBeNull();
    expect(await refusal(cacheOn('all: {}\n'))).toBeNull();
  });
});

const STRICT = ['approvers: [U0BEN]'];
const BASE = 'b'.repeat(40);
const HEAD = 'c'.repeat(40);

/** The approvers of each set of rules that an approval of the cluster must satisfy. */
async function approvers(base: Record<string, string>, head: Record<string, string>, cluster: string) {
  const source = async (revision: string | null): Promise<ConfigSource> =>
    sourceOf(revision === BASE ? base : head, revision ?? HEAD);
  const policies = await policiesOf({ cluster, base: BASE, revision: HEAD }, { source });
  return policies.map((policy) => policy.approvers.join() || 'anyone');
}

describe('a pull request that brings its own approver', () => {
  const base = twoClusters({ password: 'canary', rules: { shop: STRICT } });
  const own = (name: string): string =>
    `clusters:\n  ${name}: {inventory: shop/hosts.yml, group_vars: shop/group_vars/redis.yml, host_vars: shop/host_vars, approvers: [U0EVE], allow_own_approval: true}\n`;

  it.each<[string, Record<string, string>, string, string[]]>([
    ['by a new name of the cluster', { ...base, 'redisops.yml': own('shop-b') }, 'shop-b', ['U0BEN', 'U0EVE']],
    ['by its own rules', { ...base, 'redisops.yml': own('shop') }, 'shop', ['U0BEN', 'U0EVE']],
    [
      'by moving one host to another cluster',
      { ...base, 'cache/hosts.yml': inventory({ x: 'ansible_host: 10.0.0.124' }), 'shop/hosts.yml': inventory({}) },
      'cache',
      ['anyone', 'U0BEN', 'anyone'],
    ],
  ])('%s needs the approver at its base, too', async (_, head, cluster, expected) => {
    expect(await approvers(base, head, cluster)).toEqual(expected);
  });

  it('by first breaking the inventory needs the approver of the broken cluster', async () => {
    const broken = { ...base, 'shop/hosts.yml': 'redis: [' };
    expect(await approvers(broken, { ...base, 'redisops.yml': own('shop-b') }, 'shop-b')).toEqual(['U0BEN', 'U0EVE']);
    const hidden = { ...base, 'shop/hosts.yml': inventory({ 'redis-01': 'ansible_host: "{{ nothing }}"' }) };
    expect(await approvers(hidden, { ...base, 'redisops.yml': own('shop-b') }, 'shop-b')).toEqual(['U0BEN', 'U0EVE']);
  });

  it('does not, for hosts that no cluster has', async () => {
    const head = { ...base, 'cache/hosts.yml': inventory({ x: 'ansible_host: 10.0.0.199' }) };
    expect(await approvers(base, head, 'cache')).toEqual(['anyone', 'anyone']);
  });
});

describe('a host of another repository’s cluster', () => {
  const shop = async () => sourceOf(TWO);
  const web = (address: string) => async () =>
    sourceOf(
      cacheOn(inventory({ x: `ansible_host: ${address}` }), {
        'redisops.yml': 'clusters: {web: {inventory: cache/hosts.yml}}',
      }),
    );

  async function refused(address: string, { broken = false } = {}) {
    const source = web(address);
    const other = { name: 'acme/shop', gitHub: null, source: broken ? () => Promise.reject(new Error('away')) : shop };
    const all = [other, { name: 'acme/web', gitHub: null, source }];
    const ports = { source, repositories: { all }, log: portsOf().log };
    return refuseHostsElsewhere(await source(), 'web', ports).then(() => null, asRedisopsError);
  }

  it('is refused, in every spelling', async () => {
    for (const address of ['10.0.0.123', '"::ffff:10.0.0.123"'])
      expect(await refused(address)).toMatchObject({
        code: 'CLUSTER_TAKEN',
        message: 'The host 10.0.0.123 of web is also a host of shop of acme/shop.',
      });
  });

  it('is not looked for in one’s own, nor in one that cannot be read', async () => {
    expect(await refused('10.0.0.199')).toBeNull();
    expect(await refused('10.0.0.123', { broken: true })).toBeNull();
  });
});

describe('the addresses of a cluster', () => {
  it.each<[string, string, boolean]>([
    ['are known', inventory({ x: 'ansible_host: 10.0.0.1' }), true],
    ['are incomplete if one is not an address', inventory({ x: 'ansible_host: redis-01.example' }), false],
    ['are incomplete beyond a hundred', inventory(Object.fromEntries(many(101))), false],
    ['are none without the group', 'other: {hosts: {x: {ansible_host: 10.0.0.1}}}\n', true],
  ])('%s', async (_, hosts, isComplete) => {
    expect((await addressesOf(sourceOf(cacheOn(hosts)), 'cache', {})).isComplete).toBe(isComplete);
    const found = await clustersWith(sourceOf(cacheOn(hosts)), 'shop', ['10.0.0.7'], {});
    expect(found).toEqual(isComplete ? [] : ['cache']);
  });
});

function many(count: number): [string, string][] {
  return Array.from({ length: count }, (_, at) => [`n-${at}`, `ansible_host: 10.1.0.${at}`]);
}
