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

/** Whether systemd has not read the unit’s files yet. It does not report this for a drop-in in a new folder. */
export function isUnread({ dropIn }: DesiredNode, unit: UnitFacts, dropInChanges: boolean): boolean {
  if (dropInChanges || unit.needDaemonReload) return true;
  if (unit.loadState !== 'loaded') return false;
  const isLoaded = unit.dropInPaths.includes(dropIn.path);
  return !isLoaded || (unit.dropInPaths.length === 1 && lackingPaths(dropIn.content, unit).length > 0);
}
