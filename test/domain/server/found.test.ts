import { describe, expect, it } from 'vitest';
import { chosenServer, rivalsOf, type ServerFound } from '../../../src/domain/server/found.ts';

const off = (name: 'redis' | 'valkey', startsAtBoot = false): ServerFound => ({
  name,
  startsAtBoot,
  runs: false,
  port: null,
});
const runs = (name: 'redis' | 'valkey', port: number | null = 6379): ServerFound => ({
  name,
  startsAtBoot: true,
  runs: true,
  port,
});
const node = { redisPort: 6379 };
const asks = (serverAsked: 'redis' | 'valkey') => ({ ...node, serverAsked });

describe('the server of a node', () => {
  it.each([
    ['what runs on its port', node, [runs('redis', 6380), runs('valkey')], 'valkey'],
    ['what runs on its port, whatever Git says', asks('redis'), [runs('valkey')], 'valkey'],
    ['what Git says beside a server on another port', asks('redis'), [runs('valkey', 6380)], 'redis'],
    ['what runs, though its port is not shown', node, [off('redis', true), runs('valkey', null)], 'valkey'],
    ['what Git says where nothing runs', asks('redis'), [off('valkey', true)], 'redis'],
    ['what Git says on a bare host', asks('valkey'), [], 'valkey'],
    ['the only one that is installed', node, [off('valkey')], 'valkey'],
    ['the one of two that starts at boot', node, [off('redis'), off('valkey', true)], 'valkey'],
    ['Redis of two that are off', node, [off('redis'), off('valkey')], 'redis'],
    ['Redis on a bare host', node, [], 'redis'],
    [
      'the earlier reading where two are off',
      { ...node, server: 'valkey' as const },
      [off('redis'), off('valkey')],
      'valkey',
    ],
  ])('is %s', (_, asked, found, expected) => {
    expect(chosenServer(asked, found)).toBe(expected);
  });
});

describe('two servers for one port', () => {
  it.each([
    ['the other one is off', [runs('redis'), off('valkey')], []],
    ['the other one starts at boot', [runs('redis'), off('valkey', true)], ['valkey']],
    ['the other one starts at boot on another port', [runs('redis'), { ...off('valkey', true), port: 6380 }], []],
    ['the other one starts at boot on the port', [runs('redis'), { ...off('valkey', true), port: 6379 }], ['valkey']],
    ['the other one runs on another port', [runs('redis'), runs('valkey', 6380)], []],
    ['the other one runs on the port, at another address', [runs('redis'), runs('valkey')], ['valkey']],
    ['the other one runs, its port is not shown', [runs('redis'), runs('valkey', null)], ['valkey']],
    ['there is no other', [runs('redis')], []],
  ])('are found if %s', (_, found, expected) => {
    expect(rivalsOf(node, found).map(({ name }) => name)).toEqual(expected);
  });
});
