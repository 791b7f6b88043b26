import type { Action } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { UnitFacts } from '../../domain/facts.ts';
import { lackingPaths } from '../../domain/unit/as-asked.ts';

/** @param dropInChanges Whether the plan writes the unit’s drop-in. */
export function daemonReload(node: DesiredNode, unit: UnitFacts, dropInChanges: boolean): readonly Action[] {
  if (!isUnread(node, unit, dropInChanges)) return [];
  return [
    {
      kind: 'daemon-reload',
      node: node.name,
      summary: 'Reload systemd’s unit files',
      disruptive: false,
      reason: 'They changed on disk.',
    },
  ];
}

/**
 * Whether systemd has yet to read the unit’s files. It does not say so itself of a drop-in in a folder that it does not
 * know.
 */
export function isUnread({ dropIn }: DesiredNode, unit: UnitFacts, dropInChanges: boolean): boolean {
  if (dropInChanges || unit.needDaemonReload) return true;
  if (unit.loadState !== 'loaded') return false;
  const isLoaded = unit.dropInPaths.includes(dropIn.path);
  return !isLoaded || (unit.dropInPaths.length === 1 && lackingPaths(dropIn.content, unit).length > 0);
}
