import type { Action } from '../../domain/action.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { Wave } from '../../domain/plan.ts';
import type { Roles } from '../roles/topology.ts';

/**
 * Only where Git says `redis_enable_sentinel: false`, and only Sentinels that redisops set up; before everything else, so
 * that none acts meanwhile.
 */
export function stopSentinels(desired: DesiredCluster, { pairs }: Roles): readonly Wave[] {
  if (!desired.sentinelOff) return [];
  const places = [
    ...pairs.map(({ desired: { name }, facts }) => ({ node: name, facts })),
    ...(desired.sentinelHosts ?? []).map(({ name, facts }) => ({ node: name, facts })),
  ];
  const actions = places.flatMap(({ node, facts }): readonly Action[] => {
    const sentinel = facts?.reachable ? facts.sentinel : undefined;
    if (!sentinel?.file.content?.isOurs || sentinel.unit.activeState !== 'active') return [];
    return [
      {
        kind: 'stop-sentinel',
        node,
        summary: `Stop and disable ${sentinel.unit.name}`,
        disruptive: true,
        reason: 'Git turns Sentinel off: there is no automatic failover after that. Its file stays.',
        unit: sentinel.unit.name,
      },
    ];
  });
  return actions.length === 0 ? [] : [{ actions }];
}
