import type { StopSentinel } from '../../domain/action.ts';
import { sh } from '../../domain/shell.ts';
import { runOrFail, saysChanged, type SentinelStep } from '../node/step.ts';

/** $1 unit. */
const SCRIPT = sh`
if ! systemctl --quiet is-active "$1" && ! systemctl --quiet is-enabled "$1" 2>/dev/null; then echo unchanged; exit 0; fi
SYSTEMCTL_SKIP_SYSV=1 systemctl disable --now --quiet "$1" && echo changed
`;

/** Stops Sentinel now and at boot. Its file stays. */
export async function stopSentinel(action: StopSentinel, step: SentinelStep): Promise<boolean> {
  const options = { parameters: [action.unit], timeoutMs: 60_000 };
  return saysChanged(await runOrFail(step, `systemctl disable --now ${action.unit}`, SCRIPT, options));
}
