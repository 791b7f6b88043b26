import type { Action } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { UnitFacts } from '../../domain/facts.ts';

export function resetFailed({ name, unit }: DesiredNode, { activeState, result }: UnitFacts): readonly Action[] {
  if (activeState !== 'failed') return [];
  return [
    {
      kind: 'reset-failed',
      node: name,
      summary: `Reset the failed state of ${unit}`,
      disruptive: false,
      reason: `Its result is ${result}.`,
      unit,
    },
  ];
}
