import type { Action } from '../../domain/action.ts';
import type { Blocker, Risk } from '../../domain/plan.ts';
import type { Needs } from './needs.ts';
import type { Pair } from '../roles/topology.ts';

/** An installation needs a package known to apt. Without package lists, as on a new host, they are fetched first. */
export function packageNeeds(actions: readonly Action[], pairs: readonly Pair[]): Needs {
  const blockers: Blocker[] = [];
  const risks: Risk[] = [];
  for (const action of actions) {
    const facts = pairs.find(({ desired }) => desired.name === action.node)?.facts;
    // apt was asked for Redis’s own package only.
    if (action.kind !== 'install-package' || action.unit !== undefined || !facts?.reachable) continue;
    const { node, packageName } = action;
    switch (facts.host.preflight.apt) {
      case 'known':
        break;
      case 'no lists':
        risks.push({
          code: null,
          node,
          message: `apt on ${node} has no package lists yet: apt-get update will show whether ${packageName} is available.`,
        });
        break;
      case 'unknown':
        blockers.push({
          code: 'PACKAGE_UNKNOWN',
          node,
          message: `apt on ${node} knows no package ${packageName}.`,
          hint: 'Run apt-get update there, or fix its sources, then plan again.',
        });
        break;
      case null:
        blockers.push({
          code: 'HOST_UNKNOWN',
          node,
          message: `apt on ${node} did not report whether it knows ${packageName}.`,
          hint: `Try there: apt-cache policy ${packageName}`,
        });
    }
  }
  return { blockers, risks };
}
