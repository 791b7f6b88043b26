import { expect, it } from 'vitest';
import type { SentinelHost } from '../../../src/domain/desired.ts';
import { RedisopsError } from '../../../src/domain/error.ts';
import { sentinelFile } from '../../../src/domain/sentinel/sentinel-file.ts';
import { sentinelFeed } from '../../../src/observed/failover/sentinel-feed.ts';
import type { Nodes } from '../../../src/ports/nodes.ts';
import { realClock } from '../../../src/time/real-clock.ts';
import { desiredCluster } from '../../builders.ts';

it('asks and hears every Sentinel: on the nodes, and on hosts without Redis', async () => {
  const host: SentinelHost = {
    name: 'monitor-01',
    address: '10.0.1.1',
    sshPort: 22,
    redisPort: 26_379,
    sentinel: {
      packageName: 'redis-sentinel',
      unit: 'redis-sentinel.service',
      port: 26_379,
      masterName: 'redis',
      file: {
        path: '/etc/redis/sentinel.conf',
        owner: 'redis',
        group: 'redis',
        mode: '640',
        content: sentinelFile([]),
      },
    },
  };
  const desired = { ...desiredCluster(), sentinelHosts: [host] };
  const asked = new Set<string>();
  const heard = new Set<string>();
  const away = (): never => {
    throw new RedisopsError('SSH_UNREACHABLE', 'It is away.', { hint: 'Start it.' });
  };
  const nodes: Nodes = {
    connect: async ({ name, redisPort }) => (asked.add(`${name}:${redisPort}`), away()),
    listen: async ({ name, redisPort }) => (heard.add(`${name}:${redisPort}`), away()),
    close: async () => {},
  };
  const feed = sentinelFeed(desired, nodes, realClock, () => {});
  await feed.poll();
  feed.close();
  const sentinels = [...desired.nodes, host].map(({ name }) => `${name}:26379`);
  expect([...heard]).toEqual(sentinels);
  expect([...asked]).toEqual([...sentinels, ...desired.nodes.map(({ name }) => `${name}:6379`)]);
});
