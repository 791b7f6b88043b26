import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/domain/plan.ts';
import { lostData } from '../../src/verify/kept-data.ts';
import { desiredNode, masterFacts, stoppedFacts } from '../builders.ts';

const one = desiredNode('redis-01');
const seen = (redis: Parameters<typeof masterFacts>[1] = {}) => [masterFacts(one, redis)];
const planOf = (master: string | null, actions: Plan['waves'][number]['actions'] = []): Plan => ({
  cluster: 'redis',
  revision: 'abc',
  goal: { kind: 'converge' },
  waves: [{ actions }],
  blockers: [],
  risks: [],
  topology: { master, nodes: [] },
  digest: '',
});
const before = seen({ redis: { keys: 1000, runId: 'a' } });

describe('lostData', () => {
  it.each([
    ['the same process with as many keys', 'redis-01', before, seen({ redis: { keys: 1000, runId: 'a' } })],
    ['clients that deleted most', 'redis-01', before, seen({ redis: { keys: 3, runId: 'a' } })],
    ['a restart that brought all back', 'redis-01', before, seen({ redis: { keys: 1000, runId: 'b' } })],
    [
      'an empty master before',
      'redis-01',
      seen({ redis: { keys: 0, runId: 'a' } }),
      seen({ redis: { keys: 0, runId: 'b' } }),
    ],
    ['no master before', null, before, seen({ redis: { keys: 0, runId: 'b' } })],
    ['a node that is down, of which the verdict speaks', 'redis-01', before, [stoppedFacts(one, null)]],
  ])('has nothing to say of %s', (_, master, then, now) => {
    expect(lostData(planOf(master), then, now)).toBeNull();
  });

  it('says that the master was started anew, with both figures', () => {
    expect(lostData(planOf('redis-01'), before, seen({ redis: { keys: 0, runId: 'b' } }))).toBe(
      'redis-01 was restarted during the run: 1000 keys before the run and 0 after.',
    );
  });

  it('says that all keys are gone', () => {
    expect(lostData(planOf('redis-01'), before, seen({ redis: { keys: 0, runId: 'a' } }))).toMatch(/lost its data/);
  });

  it('leaves a restart of ours alone, unless all is gone', () => {
    const restart = {
      kind: 'restart-unit',
      node: 'redis-01',
      unit: 'u',
      summary: '',
      reason: '',
      disruptive: true,
    } as const;
    const after = (keys: number) =>
      lostData(planOf('redis-01', [restart]), before, seen({ redis: { keys, runId: 'b' } }));
    expect(after(990)).toBeNull();
    expect(after(0)).toMatch(/lost its data/);
  });
});
