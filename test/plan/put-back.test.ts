import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/domain/action.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import type { NodeFacts } from '../../src/domain/facts.ts';
import { actionsOf, type Plan } from '../../src/domain/plan.ts';
import { clusterBefore, isAsWanted, planPutBack, type LeftBehind } from '../../src/plan/put-back.ts';
import { desiredCluster, healthy, link } from '../builders.ts';
import { planOf, stepsOf } from './look.ts';
import { afterPlan } from './simulate.ts';

const cluster = desiredCluster();
const NAMES = cluster.nodes.map(({ name }) => name);

/** What a run leaves that ends after so many steps. */
function brokenOff(desired: DesiredCluster, steps: number) {
  const plan = planOf(desired, healthy(cluster));
  const done = actionsOf(plan).slice(0, steps);
  const seen = afterPlan({ ...plan, waves: [{ actions: done }] }, desired, healthy(cluster));
  const open = unfinished(plan, steps);
  const halfDone = new Map(
    cluster.nodes
      .filter(({ name }) => open.has(name) && done.some(({ node }) => node === name))
      .map((node) => [node.name, { redisConf: node.redisConf.content, dropIn: node.dropIn.content }]),
  );
  const left: LeftBehind = {
    halfDone,
    done: new Set(NAMES.filter((name) => !open.has(name))),
    previousMaster: 'redis-01',
  };
  return { plan, seen, left };
}

/** As `applyPlan` says it. */
function unfinished({ waves }: Plan, steps: number): ReadonlySet<string> {
  const isRole = (at: number) => waves[at]?.actions.some(({ kind }) => kind === 'hand-over') === true;
  const counted: readonly [Action, boolean][] = waves.flatMap(({ actions }, at) =>
    actions.map((action): [Action, boolean] => [action, isRole(at) || isRole(at - 1)]),
  );
  return new Set(counted.slice(steps).flatMap(([{ node }, ofRole]) => (ofRole ? [] : [node])));
}

function fileOf(seen: readonly NodeFacts[], name: string): string | undefined {
  const facts = seen.find((each) => each.name === name);
  const path = cluster.nodes[0]?.redisConf.path ?? '';
  const file = facts?.reachable ? facts.host.files.get(path) : undefined;
  return file?.exists ? file.content?.reveal() : undefined;
}

function masterOf(seen: readonly NodeFacts[]): readonly string[] {
  return seen
    .filter((facts) => facts.reachable && facts.redis.state === 'up' && facts.redis.role === 'master')
    .map(({ name }) => name);
}

describe('putting back', () => {
  it('a replica that did not come up: its file, its start, its link', () => {
    const desired = desiredCluster({ lines: ['databases 32'] });
    const { plan, seen, left } = brokenOff(desired, 2);
    const stopped = seen.map((facts) =>
      facts.name === 'redis-02' && facts.reachable
        ? {
            ...facts,
            redis: { state: 'down', reason: 'it does not start' } as const,
            host: { ...facts.host, unit: { ...facts.host.unit, activeState: 'failed', mainPid: 0 } },
          }
        : facts,
    );
    const before = clusterBefore(desired, stopped, left);
    const back = planPutBack(plan, before, stopped, left);
    expect(back.blockers).toEqual([]);
    expect(stepsOf(back).flat()).toEqual(
      expect.arrayContaining(['redis-02 write-file', 'redis-02 start-unit', 'redis-02 await-link']),
    );
    expect(actionsOf(back).every(({ node }) => node === 'redis-02')).toBe(true);
  });

  it('a node left behind by the moving role follows its master again, and its file names it', () => {
    const desired = desiredCluster({ lines: ['databases 32'] });
    const all = actionsOf(planOf(desired, healthy(cluster)));
    const back = all.findLastIndex(({ kind }) => kind === 'hand-over');
    const { plan, seen, left } = brokenOff(desired, back + 1);
    const behind = seen.map((facts) =>
      facts.name === 'redis-03' && facts.reachable && facts.redis.state === 'up'
        ? { ...facts, redis: { ...facts.redis, master: link({ host: '10.0.0.124' }) } }
        : facts,
    );
    const before = clusterBefore(desired, behind, left);
    const rest = planPutBack(plan, before, behind, left);
    const steps = stepsOf(rest).flat();
    expect([rest.blockers, left.halfDone.size]).toEqual([[], 0]);
    expect(steps.indexOf('redis-03 replicate')).toBeGreaterThanOrEqual(0);
    expect(steps.indexOf('redis-03 write-file')).toBeGreaterThan(steps.indexOf('redis-03 replicate'));
    const end = afterPlan(rest, before, behind);
    expect(masterOf(end)).toEqual(['redis-01']);
    expect(fileOf(end, 'redis-03')).toContain('replicaof 10.0.0.123');
  });

  it.each(['databases 32', 'maxmemory 256mb'])(
    'after any number of steps of a change of %s: half done nodes are as before, done ones as wanted, the master at home',
    (line) => {
      const desired = desiredCluster({ lines: [line] });
      const all = actionsOf(planOf(desired, healthy(cluster))).length;
      fc.assert(
        fc.property(fc.integer({ min: 0, max: all }), (steps) => {
          const { plan, seen, left } = brokenOff(desired, steps);
          const before = clusterBefore(desired, seen, left);
          const after = afterPlan(planPutBack(plan, before, seen, left), before, seen);
          expect(masterOf(after)).toEqual(['redis-01']);
          for (const node of cluster.nodes) {
            const wanted = (left.done.has(node.name) ? desired : cluster).nodes.find(({ name }) => name === node.name);
            const role = node.name === 'redis-01' ? null : { host: '10.0.0.123', port: 6379 };
            expect(fileOf(after, node.name)).toBe(wanted && wanted.redisConf.content.withRole(role).reveal());
          }
          expect(planPutBack(plan, before, after, left).waves).toEqual([]);
        }),
      );
    },
  );

  it('never touches a node that the run did not', () => {
    const desired = desiredCluster({ lines: ['databases 32'] });
    const { plan, seen, left } = brokenOff(desired, 1);
    const drifted = seen.map((facts) =>
      facts.name === 'redis-03' && facts.reachable && facts.redis.state === 'up'
        ? {
            ...facts,
            redis: { ...facts.redis, configuration: new Map([...facts.redis.configuration, ['timeout', '7']]) },
          }
        : facts,
    );
    const back = planPutBack(plan, clusterBefore(desired, drifted, left), drifted, left);
    expect(stepsOf(back)).toEqual([['redis-02 write-file']]);
  });
});

it('a file changed by someone else meanwhile is not replaced', () => {
  const [node] = cluster.nodes;
  const content = node?.redisConf.content;
  if (!content) throw new Error('a node');
  expect(isAsWanted(content, content.withRole({ host: '10.0.0.9', port: 6379 }))).toBe(true);
  expect(
    isAsWanted(
      content,
      content.map((plain) => `${plain}maxclients 7\n`),
    ),
  ).toBe(false);
});
