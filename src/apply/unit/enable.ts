import type { EnableUnit } from '../../domain/action.ts';
import { runOrFail, saysChanged, type Step } from '../node/step.ts';
import { sh } from '../../domain/shell.ts';

/** $1 unit. */
const SCRIPT = sh`
[ "$(systemctl is-enabled "$1" 2>/dev/null)" = enabled ] && { echo unchanged; exit 0; }
# What a SysV init would want costs half a second and is never read here.
SYSTEMCTL_SKIP_SYSV=1 systemctl enable --quiet "$1" && echo changed
`;

/** Makes the unit start at boot. */
export async function enableUnit(action: EnableUnit, step: Step): Promise<boolean> {
  const options = { parameters: [action.unit], timeoutMs: 90_000 };
  return saysChanged(await runOrFail(step, `systemctl enable ${action.unit}`, SCRIPT, options));
}
