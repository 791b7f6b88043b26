import { describe, expect, it } from 'vitest';
import { sampleKeys, displayName } from '../../src/observed/sample-keys.ts';
import { desiredCluster, desiredNode, redis } from '../builders.ts';
import type { RedisLink, RedisReply } from '../../src/ports/nodes.ts';

const DATABASES: Readonly<Record<string, readonly string[]>> = {
  0: ['user:anna', 'user:ben'],
  3: ['cart:1', 'cart:2', 'cart:3', 'cart:4'],
};

function fakeLink(asked: string[]): RedisLink {
  let database = '0';
  return {
    command: (name, ...words): Promise<RedisReply> => {
      asked.push(name);
      if (name === 'SELECT') database = String(words[0]);
      return Promise.resolve(name === 'SCAN' ? ['0', [...(DATABASES[database] ?? [])]] : 'OK');
    },
    transaction: () => Promise.reject(new Error('not here')),
    close: () => {},
  };
}

async function sampled(name: string, change: Parameters<typeof redis>[1] = {}, policy: object = {}) {
  const asked: string[] = [];
  const node = desiredNode(name);
  const desired = desiredCluster();
  const facts = redis(node, {
    keys: 6,
    keyspace: new Map([
      [0, 2],
      [3, 4],
    ]),
    ...change,
  });
  const names = await sampleKeys(fakeLink(asked), node, facts, {
    ...desired,
    policy: { ...desired.policy, ...policy },
  });
  return { names, asked };
}

describe('sampleKeys', () => {
  it('has some of every database, by their kind alone', async () => {
    expect((await sampled('redis-02')).names).toEqual(['user:••••', 'user:••••', 'cart:••••', 'cart:••••']);
  });

  it('has their names if redisops.yml shows them', async () => {
    expect((await sampled('redis-02', {}, { showKeyNames: true })).names).toEqual([
      'user:anna',
      'user:ben',
      'cart:1',
      'cart:2',
    ]);
  });

  it.each<readonly [string, string, Parameters<typeof redis>[1]]>([
    ['the nominated master', 'redis-01', {}],
    ['an empty one', 'redis-02', { keys: 0 }],
    ['a replica', 'redis-02', { role: 'replica' }],
    [
      'a master that is followed',
      'redis-02',
      { replicas: [{ address: 'a', port: 1, state: 'online', offset: 1, lagSeconds: 0 }] },
    ],
  ])('asks nothing of %s', async (_, name, change) => {
    expect(await sampled(name, change)).toEqual({ names: [], asked: [] });
  });
});

describe('displayName', () => {
  it.each([
    ['anna@example.org', '••••'],
    ['session:8f3a', 'session:••••'],
    ['a b:c', '••••'],
    ['x'.repeat(30) + ':1', '••••'],
    ['user:', '••••'],
  ])('of %s', (key, text) => expect(displayName(key, false)).toBe(text));

  it('shows no control characters, and not without end', () => {
    expect(displayName('a\u001B[2Jb\n', true)).toBe('a?[2Jb?');
    expect(displayName('k'.repeat(100), true)).toBe(`${'k'.repeat(48)}…`);
  });
});
