import type { ResetFailed } from '../../domain/action.ts';
import { runOrFail, saysChanged, type Step } from '../node/step.ts';
import { sh } from '../../domain/shell.ts';

/** $1 unit. */
const SCRIPT = sh`
systemctl is-failed --quiet "$1" || { echo unchanged; exit 0; }
systemctl reset-failed "$1" && echo changed
`;

/** Clears a unit’s failed state and its start limit. */
export async function resetFailed(action: ResetFailed, step: Step): Promise<boolean> {
  return saysChanged(await runOrFail(step, 'systemctl reset-failed', SCRIPT, { parameters: [action.unit] }));
}
