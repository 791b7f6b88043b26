import { runOrFail, saysChanged, type Step } from '../node/step.ts';
import { sh } from '../../domain/shell.ts';

/** $1 unit. */
const SCRIPT = sh`
[ "$(systemctl show --property NeedDaemonReload --value "$1")" = yes ] || { echo unchanged; exit 0; }
systemctl daemon-reload && echo changed
`;

/** Makes systemd read the unit’s files as they are on disk. */
export async function daemonReload(step: Step): Promise<boolean> {
  const options = { parameters: [step.node.unit], timeoutMs: 90_000 };
  return saysChanged(await runOrFail(step, 'systemctl daemon-reload', SCRIPT, options));
}
