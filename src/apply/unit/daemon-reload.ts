import { runOrFail, saysChanged, type Step } from '../node/step.ts';
import { sh } from '../../domain/shell.ts';
import { refuseMisfit, SHOW_RESOLVED } from './as-asked.ts';

/**
 * $1 unit. Always: systemd does not know that a folder is new (its cache of paths), so NeedDaemonReload says no of a
 * drop-in in it.
 */
const SCRIPT = sh`
set -eu
seen() {
  systemctl show --no-pager --property=NeedDaemonReload,FragmentPath "$1"
  ${SHOW_RESOLVED}
}
before=$(seen "$1")
systemctl daemon-reload
now=$(seen "$1")
printf '%s\n' "$now"
[ "$now" = "$before" ] && echo unchanged || echo changed
`;

/** Makes systemd read the unit’s files as they are on disk. @throws what `refuseMisfits` does, before anything restarts. */
export async function daemonReload(step: Step): Promise<boolean> {
  const options = { parameters: [step.node.unit], timeoutMs: 90_000 };
  const shown = await runOrFail(step, 'systemctl daemon-reload', SCRIPT, options);
  refuseMisfit(step, shown);
  return saysChanged(shown);
}
