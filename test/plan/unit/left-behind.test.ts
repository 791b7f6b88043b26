import { describe, expect, it } from 'vitest';
import type { DataFile } from '../../../src/domain/redis/data-file.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { actionsOf } from '../../../src/domain/plan.ts';
import { desiredCluster, healthy, stoppedFacts } from '../../builders.ts';

const desired = desiredCluster();
const MASTER = { host: '10.0.0.123', port: 6379 };
const elsewhere: DataFile = { path: '/var/lib/redis/6379/dump.rdb', bytes: 120, keys: 3, ageSeconds: 60 };

function planWith(dataFiles: readonly DataFile[]) {
  const facts = desired.nodes.map((node, at) => stoppedFacts(node, at === 0 ? null : MASTER, { dataFiles }));
  return makePlan({ kind: 'converge' }, desired, facts);
}

describe('data that a start leaves behind', () => {
  it('is named, and needs a person’s yes', () => {
    const { risks, waves } = planWith([elsewhere]);
    const [risk] = risks.filter(({ code }) => code === 'DATA_NOT_LOADED');
    expect(risk?.message).toMatch(/^redis-01 starts empty and leaves behind \/var\/lib\/redis\/6379\/dump\.rdb/);
    const starts = waves.flatMap(({ actions }) => actions).filter(({ kind }) => kind === 'start-unit');
    expect(starts.map(({ disruptive }) => disruptive)).toEqual([true, true, true]);
  });

  it.each<[string, readonly DataFile[]]>([
    ['nothing', []],
    ['an empty snapshot', [{ ...elsewhere, keys: 0 }]],
    ['what a purge moved aside', [{ ...elsewhere, path: '/data/redis/quarantine-redisops-1/dump.rdb' }]],
    ['a save that was broken off', [{ ...elsewhere, path: '/var/lib/redis/temp-4711.rdb' }]],
  ])('is not %s', (_, files) => {
    const plan = planWith(files);
    expect(plan.risks.filter(({ code }) => code === 'DATA_NOT_LOADED')).toEqual([]);
    expect(actionsOf(plan).some(({ disruptive }) => disruptive)).toBe(false);
  });

  it('does not matter to a replica whose master runs', () => {
    const [first, , third] = desired.nodes;
    if (!first || !third) throw new Error('no node');
    const seen = [...healthy(desired).slice(0, 2), stoppedFacts(third, MASTER, { dataFiles: [elsewhere] })];
    const { risks } = makePlan({ kind: 'converge' }, desired, seen);
    expect(risks.filter(({ code }) => code === 'DATA_NOT_LOADED')).toEqual([]);
  });
});
