import type { LostMaster, Promote } from '../../domain/action.ts';
import { isSettled } from '../roles/home.ts';
import type { Pair } from '../roles/topology.ts';

/** Makes the node the master by a person’s decision; none if that is done, and noted. */
export function promotion(target: Pair, over: readonly string[], lost?: LostMaster): readonly Promote[] {
  const { name } = target.desired;
  const noted = target.facts.reachable ? (target.facts.host.masterHome?.over ?? []) : [];
  const isNoted = isSettled(target) && over.every((each) => noted.includes(each));
  if (target.redis?.role === 'master' && isNoted) return [];
  const losing = lost ? ` What ${lost.name} had and ${name} has not is lost.` : '';
  return [
    {
      kind: 'promote',
      node: name,
      summary: target.redis?.role === 'master' ? `Keep ${name} as the only master` : `Make ${name} the master`,
      disruptive: true,
      reason: `A person decides it: ${name}’s data counts.${losing}`,
      over,
      ...(lost ? { lost } : {}),
    },
  ];
}
