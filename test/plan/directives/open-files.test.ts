import { describe, expect, it } from 'vitest';
import { actionsOf } from '../../../src/domain/plan.ts';
import { desiredCluster, healthy, startOf, unit } from '../../builders.ts';
import { describeBlockers, planOf } from '../look.ts';

const before = desiredCluster();
const asking = desiredCluster({ lines: ['maxclients 20000'] });

/** Each node’s process and unit, by their limits. */
function limited(openFiles: number | undefined, ofUnit: number | undefined) {
  const limits = openFiles === undefined ? {} : { openFiles };
  const started = ofUnit === undefined ? {} : { openFiles: ofUnit };
  const seen = { host: { ...limits, unit: unit({ start: startOf('/etc/redis/redis.conf'), ...started }) } };
  return healthy(before, { 'redis-01': seen, 'redis-02': seen, 'redis-03': seen });
}

describe('maxclients in Git', () => {
  it.each<[string, number | undefined, number | undefined, readonly string[], readonly string[]]>([
    ['taken live where the process may open enough files', 20_032, 20_032, ['config-set'], []],
    ['taken live where nothing limits it', undefined, undefined, ['config-set'], []],
    ['taken by a restart where only the process is limited', 10_032, 65_535, ['restart-unit'], []],
    ['refused where the unit allows too few', 10_032, 20_031, ['restart-unit'], ['OPEN_FILES_SHORT']],
    ['refused live, too: the next start would lower it', 65_535, 20_031, ['config-set'], ['OPEN_FILES_SHORT']],
  ])('is %s', (_, process, ofUnit, kinds, codes) => {
    const plan = planOf(asking, limited(process, ofUnit));
    const disturbing = actionsOf(plan).filter(({ kind }) => kind === 'config-set' || kind === 'restart-unit');
    expect([...new Set(disturbing.map(({ kind }) => kind))]).toEqual(kinds);
    expect([...new Set(plan.blockers.map(({ code }) => code))]).toEqual(codes);
  });

  it('is refused with the figures and the way out', () => {
    const [blocker] = planOf(asking, limited(10_032, 10_032)).blockers;
    expect(blocker?.message).toBe(
      'redis-01: Git sets maxclients 20000, which needs 20032 open files; redis-server.service may open 10032. Redis would run with 10000.',
    );
    expect(blocker?.hint).toContain('`LimitNOFILE=20032`');
  });

  it('says why a restart is needed', () => {
    const restart = actionsOf(planOf(asking, limited(10_032, 65_535))).find(({ kind }) => kind === 'restart-unit');
    expect(restart?.reason).toContain(
      'maxclients (10000 → 20000) needs more open files than the running process may have.',
    );
  });

  it('is no one’s wish where Git does not say it', () => {
    expect(describeBlockers(planOf(before, limited(100, 100)))).toEqual([]);
  });
});
