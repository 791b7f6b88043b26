import { describe, expect, it } from 'vitest';
import type { HostFacts, OtherRedis, RedisFacts } from '../../../src/domain/facts.ts';
import { redisElsewhere } from '../../../src/domain/health/redis-elsewhere.ts';
import { desiredNode, host, present, redis, unit } from '../../builders.ts';

const node = desiredNode('redis-01');
const DOWN: RedisFacts = { state: 'down', reason: 'nothing listens' };
const stopped = unit({ activeState: 'inactive', subState: 'dead', mainPid: 0 });
const other: OtherRedis = {
  pid: 4711,
  owner: 'redis_6379.service',
  inContainer: false,
  port: 6379,
  directory: '/var/lib/redis/6379',
};
const answering = redis(node, { processId: 4711, configFile: '/etc/redis/6379.conf' });

function seen(change: Partial<HostFacts>): HostFacts {
  return host(node, null, { unit: stopped, ...change });
}

function withoutDropIn(change: Partial<HostFacts>): HostFacts {
  const facts = seen(change);
  return { ...facts, files: new Map([...facts.files].filter(([path]) => path !== node.dropIn.path)) };
}

describe('a Redis that runs elsewhere', () => {
  it('is named by its unit, file and folder', () => {
    expect(redisElsewhere(node, seen({ otherRedis: [other] }), answering)).toEqual({
      owner: 'redis_6379.service (process 4711)',
      configFile: '/etc/redis/6379.conf',
      directory: '/var/lib/redis/6379',
    });
  });

  it.each<[string, HostFacts, RedisFacts, string | null]>([
    ['none', seen({}), DOWN, null],
    ['the unit’s own', host(node, null), redis(node), null],
    [
      'another port, another folder, beside a unit that has run',
      seen({ otherRedis: [{ ...other, port: 6380 }] }),
      DOWN,
      null,
    ],
    [
      'another port, before the unit has ever run',
      withoutDropIn({ otherRedis: [{ ...other, port: 6380 }] }),
      DOWN,
      'redis_6379.service (process 4711)',
    ],
    [
      'the same folder on another port',
      seen({ otherRedis: [{ ...other, port: 6380, directory: '/data/redis' }] }),
      DOWN,
      'redis_6379.service (process 4711)',
    ],
    [
      'the same folder behind a link',
      seen({
        otherRedis: [{ ...other, port: 6380, directory: '/mnt/redis' }],
        files: new Map([
          ...host(node, null).files,
          ['/data/redis', present({ type: 'directory', mode: '750', realPath: '/mnt/redis' })],
        ]),
      }),
      DOWN,
      'redis_6379.service (process 4711)',
    ],
    [
      'one that started by hand, which has a blocker of its own',
      seen({ strayProcesses: [{ pid: 4711, startTicks: '1', command: 'redis-server *:6379' }] }),
      answering,
      null,
    ],
    [
      'one in a container that shares the host’s network',
      seen({ otherRedis: [{ ...other, owner: 'docker-ab12.scope', inContainer: true, directory: '/data' }] }),
      redis(node, { processId: 1 }),
      'docker-ab12.scope (process 4711)',
    ],
    [
      'one behind a forwarded port',
      seen({
        preflight: {
          ...host(node, null).preflight,
          listeners: [
            { address: '0.0.0.0', process: { name: 'docker-proxy', pid: 99, controlGroup: 'docker.service' } },
          ],
        },
      }),
      redis(node, { processId: 1 }),
      'docker.service (docker-proxy, process 99)',
    ],
    ['one that nobody sees', seen({}), redis(node, { processId: 1 }), 'a process that is not seen on the host'],
  ])('%s', (_, facts, answer, owner) => {
    expect(redisElsewhere(node, facts, answer)?.owner ?? null).toBe(owner);
  });
});
