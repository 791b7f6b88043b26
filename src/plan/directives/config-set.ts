import type { Action, DirectiveChange } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { RedisUp } from '../../domain/facts.ts';
import { disruptionsOf } from './disruption.ts';

/** One action for all directives that Redis accepts at run time; none if nothing differs. */
export function configSet(node: DesiredNode, redis: RedisUp, changes: readonly DirectiveChange[]): readonly Action[] {
  if (changes.length === 0) return [];
  const said = changes.map(({ directive, from, to }) => `${directive} ${quoted(from)} → ${quoted(to)}`);
  const disruptions = disruptionsOf(redis, changes);
  return [
    {
      kind: 'config-set',
      node: node.name,
      summary: `Set ${said.join(', ')}`,
      disruptive: disruptions.length > 0,
      reason: ['Redis takes it live: no restart.', ...disruptions.map(sentence)].join(' '),
      changes,
    },
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function quoted(value: string): string {
  return value === '' ? '""' : value;
}
