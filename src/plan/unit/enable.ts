import type { Action } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { UnitFacts } from '../../domain/facts.ts';

export function enableUnit({ name, unit }: DesiredNode, { unitFileState }: UnitFacts): readonly Action[] {
  if (unitFileState === 'enabled') return [];
  return [
    {
      kind: 'enable-unit',
      node: name,
      summary: `Enable ${unit}`,
      disruptive: false,
      reason: 'It would not start at boot.',
      unit,
    },
  ];
}
