import type { Action } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts } from '../../domain/facts.ts';

/** What systemd must be told: failed state forgotten, files read again, the unit started at boot. */
export function unitActions(node: DesiredNode, { unit }: HostFacts, dropInChanges: boolean): readonly Action[] {
  const common = { node: node.name, disruptive: false };
  const actions: Action[] = [];
  if (unit.activeState === 'failed')
    actions.push({
      ...common,
      kind: 'reset-failed',
      summary: `Reset the failed state of ${node.unit}`,
      reason: `Its result is ${unit.result}.`,
      unit: node.unit,
    });
  if (dropInChanges || unit.needDaemonReload)
    actions.push({
      ...common,
      kind: 'daemon-reload',
      summary: 'Reload systemd’s unit files',
      reason: 'They changed on disk.',
    });
  if (unit.unitFileState !== 'enabled')
    actions.push({
      ...common,
      kind: 'enable-unit',
      summary: `Enable ${node.unit}`,
      reason: 'It would not start at boot.',
      unit: node.unit,
    });
  return actions;
}
