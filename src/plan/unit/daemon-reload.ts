import type { Action } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { UnitFacts } from '../../domain/facts.ts';

/** @param dropInChanges Whether the plan writes the unit’s drop-in. */
export function daemonReload(
  { name }: DesiredNode,
  { needDaemonReload }: UnitFacts,
  dropInChanges: boolean,
): readonly Action[] {
  if (!dropInChanges && !needDaemonReload) return [];
  return [
    {
      kind: 'daemon-reload',
      node: name,
      summary: 'Reload systemd’s unit files',
      disruptive: false,
      reason: 'They changed on disk.',
    },
  ];
}
