import { describe, expect, it } from 'vitest';
import type { DesiredCluster } from '../../../src/domain/desired.ts';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { bareFacts, desiredCluster, desiredNode, healthy, password, stoppedFacts } from '../../builders.ts';

const CONVERGE = { kind: 'converge' } as const;
const cluster = (lines: readonly string[] = [], secret: ReturnType<typeof password> | null = null): DesiredCluster => ({
  ...desiredCluster({
    ...(secret ? { password: secret } : {}),
    nodes: [desiredNode('redis-01', { lines, password: secret })],
  }),
  needsPassword: true,
});
const codes = (desired: DesiredCluster, observed: readonly NodeFacts[]) => {
  const { blockers, risks } = makePlan(CONVERGE, desired, observed);
  const isOurs = ({ code }: { code: string | null }) => code === 'NO_PASSWORD';
  return { blocked: blockers.some(isOurs), shown: risks.some(isOurs) };
};
const bare = (desired: DesiredCluster) => codes(desired, desired.nodes.map(bareFacts));

describe('a Redis without a password that other hosts reach', () => {
  it.each<readonly [string, readonly string[]]>([
    ['as redisops writes it', []],
    ['on every address', ['bind *']],
    ['with a default user who needs none', ['user default on nopass ~* &* +@all']],
  ])('is not made: %s', (_, lines) => expect(bare(cluster(lines))).toEqual({ blocked: true, shown: false }));

  it.each<readonly [string, readonly string[]]>([
    ['on loopback only', ['bind 127.0.0.1 -::1']],
    ['with protected mode', ['protected-mode yes']],
    ['with a default user who is off', ['user default off']],
    ['with a default user who has a password', ['user default on >secret-of-app ~* &* +@all']],
  ])('is made where nobody gets in: %s', (_, lines) => {
    expect(bare(cluster(lines))).toEqual({ blocked: false, shown: false });
  });

  it('is made where Git has a password, or allows it', () => {
    expect(bare(cluster([], password()))).toEqual({ blocked: false, shown: false });
    expect(bare(desiredCluster({ nodes: [desiredNode('redis-01')] }))).toEqual({ blocked: false, shown: false });
  });

  it('is shown, and not blocked, where it is so already', () => {
    const desired = cluster(['hz 20']);
    expect(codes(desired, healthy(cluster()))).toEqual({ blocked: false, shown: true });
    const stopped = cluster().nodes.map((node) => stoppedFacts(node, null));
    expect(codes(desired, stopped)).toEqual({ blocked: false, shown: true });
  });

  it('is blocked where it would become so', () => {
    expect(codes(cluster(), healthy(cluster(['bind 127.0.0.1'])))).toMatchObject({ blocked: true });
    expect(codes(cluster(), healthy(cluster(['protected-mode yes'])))).toMatchObject({ blocked: true });
    const closed = cluster([], password()).nodes.map((node) => stoppedFacts(node, null));
    expect(codes(cluster(), closed)).toMatchObject({ blocked: true });
  });
});
