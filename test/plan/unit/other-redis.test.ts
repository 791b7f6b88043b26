import { describe, expect, it } from 'vitest';
import type { OtherRedis } from '../../../src/domain/facts.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { desiredCluster, masterFacts, unit } from '../../builders.ts';

const desired = desiredCluster({ change: { replication: false } });
const nodes = desired.nodes.slice(0, 1);
const alone = { ...desired, nodes };
const other: OtherRedis = {
  pid: 4711,
  owner: 'redis_6379.service',
  inContainer: false,
  port: 6379,
  directory: '/var/lib/redis/6379',
};

describe('a Redis under another unit', () => {
  it('is named with what it holds, and no hint leads to an empty one', () => {
    const [node] = nodes;
    if (!node) throw new Error('no node');
    const listener = { address: '0.0.0.0', process: { name: 'redis-server', pid: 4711 } };
    const facts = masterFacts(node, {
      redis: { processId: 4711, configFile: '/etc/redis/6379.conf' },
      host: { unit: unit({ activeState: 'inactive', mainPid: 0 }), otherRedis: [other] },
    });
    const preflight = { ...facts.host.preflight, listeners: [listener] };
    const { blockers } = makePlan({ kind: 'converge' }, alone, [{ ...facts, host: { ...facts.host, preflight } }]);
    expect(blockers.map(({ code }) => code)).toEqual(['REDIS_RUNS_ELSEWHERE']);
    expect(blockers[0]?.message).toBe(
      'On redis-01 Redis runs under redis_6379.service (process 4711) with /etc/redis/6379.conf and data in /var/lib/redis/6379, not under redis-server.service. It is a master with 1000 keys.',
    );
    expect(blockers[0]?.hint).toMatch(/^Leave it running: redis-server\.service would start without its data\./);
  });
});
