import type { Action } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts } from '../../domain/facts.ts';
import { daemonReload } from './daemon-reload.ts';
import { enableUnit } from './enable.ts';
import { resetFailed } from './reset-failed.ts';

/** What systemd needs before the unit starts: no failed state, the current files, and a start at boot. */
export function unitActions(node: DesiredNode, { unit }: HostFacts, dropInChanges: boolean): readonly Action[] {
  return [...resetFailed(node, unit), ...daemonReload(node, unit, dropInChanges), ...enableUnit(node, unit)];
}
