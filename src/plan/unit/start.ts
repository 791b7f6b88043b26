import type { Action } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';

/** @param leavesData Whether data stays behind that it does not load: a person has to want that. */
export function startUnit(node: DesiredNode, leavesData: boolean): Action {
  return {
    kind: 'start-unit',
    node: node.name,
    summary: `Start ${node.unit}`,
    disruptive: leavesData,
    reason: leavesData ? 'It is not running. It starts empty: see the warnings.' : 'It is not running.',
    unit: node.unit,
  };
}
