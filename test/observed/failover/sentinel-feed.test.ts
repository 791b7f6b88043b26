import { expect, it } from 'vitest';
import { RedisopsError } from '../../../src/domain/error.ts';
import { sentinelFeed } from '../../../src/observed/failover/sentinel-feed.ts';
import type { Nodes } from '../../../src/ports/nodes.ts';
import { realClock } from '../../../src/time/real-clock.ts';
import { desiredCluster } from '../../builders.ts';
import { sentinelHost } from '../../sentinels.ts';

it('asks and hears every Sentinel: on the nodes, and on hosts without Redis', async () => {
  const host = sentinelHost('monitor-01', '10.0.1.1');
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
