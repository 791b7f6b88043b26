import type { DirectiveChange, RestartUnit } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { sameValue } from '../../domain/redis/directive-value.ts';
import { directiveInfo } from '../../domain/redis/directives.ts';
import { sh } from '../../domain/shell.ts';
import { readSettings, withRedis } from '../node/redis-on.ts';
import { runOrFail, type Step } from '../node/step.ts';

/** $1 unit. Checked through the process’s own mounts. */
const CAN_WRITE = sh`
[ -w "/proc/$(systemctl show --property MainPID --value "$1")/cwd" ] && echo yes
true
`;

/**
 * Checks that the restart achieved its purpose: if not, something on the node overrides Git, and the next node would
 * fail the same way.
 * @throws CHANGE_WITHOUT_EFFECT.
 */
export async function confirmEffect({ effect, unit }: RestartUnit, step: Step): Promise<void> {
  if (!effect) return;
  const missing = await missingDirectives(effect.directives, step);
  const isReadOnly = effect.writable !== null && !(await canWrite(unit, step));
  const lacking = [...missing, ...(isReadOnly ? [`Redis cannot write ${effect.writable}`] : [])];
  if (lacking.length === 0) return;
  throw new RedisopsError(
    'CHANGE_WITHOUT_EFFECT',
    `${step.node.name} was restarted, but the change had no effect: ${lacking.join('; ')}.`,
    { hint: `Something on the node overrides it. Compare \`systemctl cat ${unit}\` with the running process.` },
  );
}

async function missingDirectives(changes: readonly DirectiveChange[], step: Step): Promise<readonly string[]> {
  const shown = changes.filter(
    ({ directive, secret }) => !secret && (directiveInfo(directive)?.default ?? null) !== null,
  );
  if (shown.length === 0) return [];
  const running = await withRedis(step, (link) => readSettings(link, ...shown.map(({ directive }) => directive)));
  return shown.flatMap(({ directive, to }) => {
    const is = running.get(directive);
    return is === undefined || sameValue(directive, to, is) ? [] : [`${directive} is ${is}, not ${to}`];
  });
}

async function canWrite(unit: string, step: Step): Promise<boolean> {
  return (await runOrFail(step, 'Looking at the data directory', CAN_WRITE, { parameters: [unit] })).trim() === 'yes';
}
