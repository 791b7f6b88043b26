import type { Action, DirectiveChange } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import { openingsOf } from './openings.ts';
import { disruptionsOf } from './disruption.ts';
import type { Surroundings } from './harmless.ts';

/** One action for all directives that Redis accepts at run time; none if nothing differs. */
export function configSet(
  node: DesiredNode,
  surroundings: Surroundings,
  changes: readonly DirectiveChange[],
): readonly Action[] {
  if (changes.length === 0) return [];
  const said = changes.map(({ directive, from, to }) => `${directive} ${quoted(from)} → ${quoted(to)}`);
  const opens = openingsOf(changes);
  const disruptions = disruptionsOf(changes, surroundings);
  return [
    {
      kind: 'config-set',
      node: node.name,
      summary: `Set ${said.join(', ')}`,
      disruptive: disruptions.length > 0,
      reason: ['Redis takes it live: no restart.', ...disruptions.map(sentence)].join(' '),
      changes,
      ...(opens.length > 0 ? { opens } : {}),
    },
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function quoted(value: string): string {
  return value === '' ? '""' : value;
}
