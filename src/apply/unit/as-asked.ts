import { RedisopsError } from '../../domain/error.ts';
import { fragment, sh } from '../../domain/shell.ts';
import { misfitsOf } from '../../domain/unit/as-asked.ts';
import { propertiesIn, RESOLVED_PROPERTIES, resolvedUnit } from '../../domain/unit/resolved-unit.ts';
import { runOrFail, type Step } from '../node/step.ts';

/** Prints unit $1 as resolved by systemd. */
export const SHOW_RESOLVED = fragment`systemctl show --no-pager --property=${RESOLVED_PROPERTIES.join(',')} "$1"`;

const SCRIPT = sh`${SHOW_RESOLVED}`;

/**
 * Refuses to start a unit that systemd resolves differently from Git, whatever is on disk.
 * @throws UNIT_NOT_AS_ASKED, CONFIG_FILE_NOT_READ or COMMAND_LINE_OVERRIDES.
 */
export async function refuseMisfits(step: Step): Promise<void> {
  refuseMisfit(step, await runOrFail(step, 'systemctl show', SCRIPT, { parameters: [step.node.unit] }));
}

/** @param shown The output of `SHOW_RESOLVED`. */
export function refuseMisfit({ node }: Step, shown: string): void {
  const [misfit] = misfitsOf(node, resolvedUnit(propertiesIn(shown)));
  if (misfit) throw new RedisopsError(misfit.code, misfit.message, { hint: misfit.hint });
}
