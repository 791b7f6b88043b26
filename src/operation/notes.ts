import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import { describeDrained } from '../domain/maintenance/drained.ts';
import type { Risk } from '../domain/plan.ts';
import { strandedRisks } from '../plan/roles/home.ts';
import { rolesOf } from '../plan/roles/topology.ts';

/** What is not as it should stay. Nothing is wrong with the cluster, so no verdict says it. */
export function notesOf(desired: DesiredCluster, observed: readonly NodeFacts[]): readonly Risk[] {
  return [...roleAway(desired, observed), ...drainedNotes(desired)];
}

function drainedNotes({ nodes }: DesiredCluster): readonly Risk[] {
  return nodes.flatMap(({ name, drained }): readonly Risk[] => {
    if (!drained) return [];
    const message = `${name} is ${describeDrained(drained)}: it takes no role, and its host may be rebooted. \`undrain ${name}\` ends that.`;
    return [{ code: 'NODE_DRAINED', node: name, message }];
  });
}

/** A run left the master’s role elsewhere: what brings it home. */
function roleAway(desired: DesiredCluster, observed: readonly NodeFacts[]): readonly Risk[] {
  const { master, home, pairs, observed: isObserved } = rolesOf(desired, observed);
  if (!isObserved || !master) return [];
  if (!home) return strandedRisks(master, pairs, desired);
  const [name, noted] = [master.desired.name, home.desired.name];
  const message = `${name} has the master’s role since a run moved it for a restart: \`apply\` hands it back to ${noted}.`;
  return [{ code: 'ROLE_AWAY', node: name, message }];
}
