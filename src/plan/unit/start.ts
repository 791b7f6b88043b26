import type { Action } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';

export function startUnit(node: DesiredNode): Action {
  return {
    kind: 'start-unit',
    node: node.name,
    summary: `Start ${node.unit}`,
    disruptive: false,
    reason: 'It is not running.',
    unit: node.unit,
  };
}
