import { expect, it } from 'vitest';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import { whole } from '../../src/operation/whole-findings.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { desiredCluster, desiredNode, healthy, link, stoppedFacts, unit } from '../builders.ts';

const cluster = desiredCluster();
const NOW = new Date('2026-11-30T17:00:00Z');

function findings(observed: ReturnType<typeof healthy>) {
  const found = diagnose(cluster, observed, (goal) => makePlan(goal, cluster, observed));
  return whole(found, observed, [], NOW);
}

it('names every node that has the same finding, and when it began', () => {
  const failed = unit({ activeState: 'failed', result: 'exit-code', inactiveSince: '2026-11-30T16:00:00Z' });
  const [one, ...others] = healthy(cluster);
  const down = others.map(({ name }) => ({
    ...stoppedFacts(desiredNode(name), null, { unit: failed }),
    name,
  }));
  const stopped = findings([...(one ? [one] : []), ...down]).filter(({ id }) => id === 'SERVICE_NOT_ACTIVE');
  expect(stopped.map(({ node, nodes, since }) => [node, nodes, since])).toEqual([
    ['redis-02', ['redis-02', 'redis-03'], '2026-11-30T16:00:00Z'],
    ['redis-03', ['redis-02', 'redis-03'], '2026-11-30T16:00:00Z'],
  ]);
});

it.each([
  [90, '2026-11-30T16:58:30.000Z'],
  [-1, null],
])('knows since when a link is down, if it ever was up: %d s', (downSeconds, since) => {
  const broken = link({ up: false, state: 'connect', downSeconds });
  const seen = healthy(cluster, { 'redis-02': { redis: { master: broken } } });
  expect(findings(seen).find(({ id }) => id === 'REPLICA_LINK_DOWN')).toMatchObject({ since, nodes: ['redis-02'] });
});
