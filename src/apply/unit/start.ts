import type { StartUnit } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { awaitRedis } from '../node/await-redis.ts';
import { MASK_NOTE } from '../host/install-package.ts';
import { markStart, type SaidAtStart } from '../node/said-at-start.ts';
import { refuseMisfits } from './as-asked.ts';
import { guardStart } from './start-guard.ts';
import { tellLoading } from '../node/tell-loading.ts';
import { fullDisk, lastLines, maskedFor, runOrFail, type Step } from '../node/step.ts';
import { STARTS_NOW } from '../../domain/unit/drop-in.ts';
import { fragment, sh } from '../../domain/shell.ts';

/**
 * A shell function, `systemctl_for UNIT VERB`. First removes a mask left behind by a killed installation. A Redis that
 * is just beginning to write its first append-only file refuses SIGTERM and forgets it (server.c, “Writing initial AOF,
 * can’t exit”), and its unit would wait forever: the signal is sent again.
 */
export const SYSTEMCTL_FOR = fragment`
tell_again() {
  for _ in $(seq 600); do
    sleep 2
    [ "$(systemctl show --property ActiveState --value "$1")" = deactivating ] || continue
    systemctl kill --kill-who=main --signal=SIGTERM "$1"
  done
}
systemctl_for() {
  if [ "$(cat ${MASK_NOTE} 2>/dev/null)" = "$1" ]; then
    systemctl unmask --runtime --quiet "$1"
    rm -f ${MASK_NOTE}
  fi
  tell_again "$1" </dev/null >/dev/null 2>&1 &
  teller=$!
  verb_status=0
  : >${STARTS_NOW}"$1"
  systemctl "$2" "$1" || verb_status=$?
  rm -f ${STARTS_NOW}"$1"
  kill "$teller"
  return "$verb_status"
}`;

const CONDITION = 15;

/** $1 unit. systemd calls a start that a condition prevented a success. */
const START = sh`
${SYSTEMCTL_FOR}
systemctl_for "$1" start || exit
is() { systemctl show --property "$2" --value "$1"; }
[ "$(is "$1" ActiveState)" = inactive ] && [ "$(is "$1" ConditionResult)" = no ] || exit 0
exit ${CONDITION}
`;

/** $1 unit. */
const IS_ACTIVE = sh`systemctl is-active "$1" || true`;

/** Starts a stopped unit, and waits until Redis answers. */
export async function startUnit(action: StartUnit, step: Step): Promise<boolean> {
  const { unit } = action;
  const active = await runOrFail(step, 'systemctl is-active', IS_ACTIVE, { parameters: [unit] });
  if (active.trim() !== 'active') {
    await refuseMisfits(step);
    await guardStart(step);
    await start(unit, step);
  }
  await awaitRedis(step);
  return active.trim() !== 'active';
}

/** @throws COMMAND_FAILED with the end of the unit’s log. */
async function start(unit: string, step: Step): Promise<void> {
  const options = { parameters: [unit], timeoutMs: step.desired.limits.startMs };
  const saidSince = await markStart(step);
  const result = await tellLoading(step, step.session.run(START, options));
  if (result.status === CONDITION)
    throw new RedisopsError(
      'UNIT_NOT_STARTABLE',
      `A condition of ${unit} does not hold, so systemd did not start it.`,
      {
        hint: `\`systemctl status ${unit}\` on ${step.node.name} names the condition. Fix it or remove it, then run again.`,
      },
    );
  if (result.status !== 0) throw unitFailed(`systemctl start ${unit}`, result.stderr, await saidSince(), step);
}

/** With the cause, in Redis’s own words; without one, with the end of the unit’s log. */
export function unitFailed(what: string, stderr: string, { isCause, text }: SaidAtStart, step: Step): RedisopsError {
  const said = isCause ? text : `${lastLines(maskedFor(step, stderr), 2)} Log: ${text}`;
  const { code, hint } = fullDisk(said, step) ?? {
    code: 'COMMAND_FAILED' as const,
    hint: isCause ? 'Fix this cause and run again.' : 'The log names the cause. Fix it and run again.',
  };
  return new RedisopsError(code, `${what} failed: ${said}`, { hint });
}
