import type { Action } from '../../domain/action.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import { sentinelWatch } from '../../domain/health/sentinel-watch.ts';
import type { Wave } from '../../domain/plan.ts';
import type { Roles } from '../roles/topology.ts';

/** Only where Git says `redis_enable_sentinel: false`; before everything else, so that no Sentinel acts meanwhile. */
export function stopSentinels(desired: DesiredCluster, { pairs }: Roles): readonly Wave[] {
  if (!desired.sentinelOff) return [];
  const watch = sentinelWatch(
    desired,
    pairs.map(({ facts }) => facts),
  );
  const actions = (watch?.watchers ?? []).flatMap(({ node, facts, process }): readonly Action[] => {
    if (process.masters.length > 1 || process.processId !== facts.unit.mainPid) return [];
    return [
      {
        kind: 'stop-sentinel',
        node,
        summary: `Stop and disable ${facts.unit.name}`,
        disruptive: true,
        reason: 'Git turns Sentinel off: from then on nobody fails over. Its file stays.',
        unit: facts.unit.name,
      },
    ];
  });
  return actions.length === 0 ? [] : [{ actions }];
}
