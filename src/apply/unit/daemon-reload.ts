import { runOrFail, saysChanged, type Step } from '../node/step.ts';
import { sh } from '../../domain/shell.ts';
import { refuseMisfit, SHOW_RESOLVED } from './as-asked.ts';

/**
 * $1 unit. Unconditional: systemd caches paths and misses a new folder, so NeedDaemonReload stays `no` for its drop-in.
 * Compared without the last run of each command (`start_time`, `pid`, …), which a reload forgets.
 */
const SCRIPT = sh`
set -eu
seen() {
  systemctl show --no-pager --property=NeedDaemonReload,FragmentPath "$1"
  ${SHOW_RESOLVED}
}
asked() { printf '%s\n' "$1" | sed 's/ ; start_time=\[.*$//'; }
before=$(seen "$1")
systemctl daemon-reload
now=$(seen "$1")
printf '%s\n' "$now"
[ "$(asked "$now")" = "$(asked "$before")" ] && echo unchanged || echo changed
`;

/** Makes systemd read the unit’s files again. @throws what `refuseMisfits` does, before anything restarts. */
export async function daemonReload(step: Step): Promise<boolean> {
  const options = { parameters: [step.node.unit], timeoutMs: 90_000 };
  const shown = await runOrFail(step, 'systemctl daemon-reload', SCRIPT, options);
  refuseMisfit(step, shown);
  return saysChanged(shown);
}
