import type { DesiredCluster } from '../../domain/desired.ts';
import type { Plan } from '../../domain/plan.ts';
import { bigDataRisks } from './big-data.ts';
import { clockRisks } from './clocks.ts';
import { commandBlockers } from './commands.ts';
import { diskBlockers } from './disk-space.ts';
import { memoryNeeds } from './memory.ts';
import type { Needs } from './needs.ts';
import { outageRisks } from './outage.ts';
import { packageNeeds } from './package-source.ts';
import { portBlockers } from './port.ts';
import { scarceReplicaRisks } from './scarce-replicas.ts';
import { synchronizationsOf } from '../synchronize/synchronizations.ts';
import type { Roles } from '../roles/topology.ts';

/**
 * Checks everything the plan’s steps need, before the first node is touched: half a change is worse than none. Only
 * needs of actual steps can block, and unreadable facts count as missing. (sudo is checked when the node is read:
 * SUDO_REFUSED.)
 */
export function preflight(waves: Plan['waves'], desired: DesiredCluster, roles: Roles): Needs {
  const actions = waves.flatMap((wave) => wave.actions);
  if (actions.length === 0) return { blockers: [], risks: [] };
  const synchronizations = synchronizationsOf(waves, desired, roles);
  const memory = memoryNeeds(synchronizations, desired.limits);
  const packages = packageNeeds(actions, roles.pairs);
  return {
    blockers: [
      ...packages.blockers,
      ...portBlockers(actions, roles.pairs),
      ...commandBlockers(actions, desired, roles),
      ...diskBlockers(synchronizations),
      ...memory.blockers,
    ],
    risks: [
      ...packages.risks,
      ...memory.risks,
      ...clockRisks(roles.pairs),
      ...scarceReplicaRisks(actions, roles),
      ...outageRisks(actions, desired, roles),
      ...bigDataRisks(actions, synchronizations, desired, roles),
    ],
  };
}
