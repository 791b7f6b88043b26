import { AS_REDIS } from '../../domain/redis/as-redis.ts';
import { withoutQuotedSecret } from '../../domain/redis/quoted-secret.ts';
import { sh } from '../../domain/shell.ts';
import { startFailure } from '../../domain/unit/start-failure.ts';
import { lastLines, logFileOf, maskedFor, type Step } from './step.ts';

export interface SaidAtStart {
  /** Whether the text names the cause. */
  isCause: boolean;
  /** The cause in one line, or the last messages of the unit and of Redis. Masked. */
  text: string;
}

/** Between the lines of the journal and those of Redis’s log. */
export const LOG = '-- log';

/** $1 log file or empty. Prints the journal’s cursor, and the size of the log. */
const MARK = sh`
timeout 2 journalctl --sync 2>/dev/null
journalctl --quiet --lines 0 --show-cursor --no-pager --output cat 2>/dev/null | sed -n 's/^-- cursor: /cursor /p'
[ -z "$1" ] || printf 'size %s\n' "$(stat -L -c %s -- "$1" 2>/dev/null || echo 0)"
`;

/**
 * $1 unit, $2 log file or empty, $3 cursor or empty if the journal was, $4 size. journald may be behind: `--sync` returns once it
 * has all that was sent to it. A log that is shorter than it was has been rotated.
 */
const SINCE = sh`
${AS_REDIS}
timeout 5 journalctl --sync 2>/dev/null
journalctl --unit "$1" \${3:+"--after-cursor=$3"} --lines 60 --no-pager --output cat 2>/dev/null
printf '%s\n' ${LOG}
[ -n "$2" ] || exit 0
from=$4
[ "$(stat -L -c %s -- "$2" 2>/dev/null || echo 0)" -ge "$from" ] || from=0
as_redis tail -c "+$((from + 1))" -- "$2" 2>/dev/null | tail -n 60
true
`;

/**
 * Marks where the unit’s journal and Redis’s log end, before a start. The function reads what both got since: an
 * earlier start may have failed for another reason.
 */
export async function markStart(step: Step): Promise<() => Promise<SaidAtStart>> {
  const file = logFileOf(step);
  const { stdout } = await step.session.run(MARK, { parameters: [file] });
  const cursor = /^cursor (.+)$/m.exec(stdout)?.[1] ?? '';
  const size = /^size (\d+)$/m.exec(stdout)?.[1] ?? '0';
  return async () => {
    try {
      const read = await step.session.run(SINCE, { parameters: [step.node.unit, file, cursor, size] });
      return saidIn(read.stdout, step);
    } catch {
      return { isCause: false, text: 'its log cannot be read' };
    }
  };
}

/** @param stdout Lines of the journal, `LOG`, lines of Redis’s log. */
export function saidIn(stdout: string, step: Step): SaidAtStart {
  const lines = maskedFor(step, stdout).split('\n').map(withoutQuotedSecret);
  const [journal, log] = [lines.slice(0, lines.indexOf(LOG)), lines.slice(lines.indexOf(LOG) + 1)];
  const cause = startFailure(journal, log);
  if (cause !== null) return { isCause: true, text: lastLines(cause, 1) };
  return { isCause: false, text: lastLines([...journal, ...log].join('\n'), 6) };
}
