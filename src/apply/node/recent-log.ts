import { AS_REDIS } from '../../domain/redis/as-redis.ts';
import { lastLines, maskedFor, type Step } from './step.ts';
import { sh } from '../../domain/shell.ts';
import { withoutQuotedSecret } from '../../domain/redis/quoted-secret.ts';
import { startFailure } from '../../domain/unit/start-failure.ts';

const LOG = '-- log';
const LOOK_BACK_MS = 120_000;

/**
 * $1 unit, $2 log file or empty, $3 seconds to look back. Fatal messages of systemd and of Redis’s configuration are in the journal, the rest in
 * `logfile`: one that nobody wrote lately does not know of this start.
 */
const RECENT = sh`
${AS_REDIS}
journalctl --unit "$1" --since "@$(($(date +%s) - $3))" --lines 60 --no-pager --output cat 2>/dev/null
printf '%s\n' ${LOG}
[ -n "$2" ] && [ -n "$(find -L "$2" -newermt "-$3 seconds" 2>/dev/null)" ] && as_redis tail -n 60 -- "$2"
true
`;

/** Why the unit’s Redis failed, in its own words; else the last messages of the unit and of Redis. One line, masked. */
export async function recentLog(step: Step): Promise<string> {
  return (await failureOrLog(step, LOOK_BACK_MS)).text;
}

/** Whether the log of the last milliseconds names a cause, and which. */
export async function failureOrLog(step: Step, sinceMs: number): Promise<{ isCause: boolean; text: string }> {
  try {
    const parameters = [step.node.unit, logFileOf(step), String(Math.ceil(sinceMs / 1000) + 1)];
    const { stdout } = await step.session.run(RECENT, { parameters });
    const lines = maskedFor(step, stdout).split('\n').map(withoutQuotedSecret);
    const [journal, log] = [lines.slice(0, lines.indexOf(LOG)), lines.slice(lines.indexOf(LOG) + 1)];
    const cause = startFailure(journal, log);
    if (cause !== null) return { isCause: true, text: lastLines(cause, 1) };
    return { isCause: false, text: lastLines([...journal, ...log].join('\n'), 6) };
  } catch {
    return { isCause: false, text: 'its log cannot be read' };
  }
}

/** $1 log file or empty, $2 unit. */
const MARK = sh`
if [ -n "$1" ]; then stat -L -c %s -- "$1" 2>/dev/null || echo 0
else journalctl --unit "$2" --lines 0 --show-cursor --no-pager --output cat | sed -n 's/^-- cursor: //p'
fi
`;

/** $1 log file or empty, $2 unit, $3 mark. */
const SINCE = sh`
${AS_REDIS}
if [ -n "$1" ]; then as_redis tail -c "+$(($3 + 1))" -- "$1" | tail -n 200
else journalctl --unit "$2" --after-cursor "$3" --lines 200 --no-pager --output cat
fi
true
`;

/** Follows Redis’s log: each call returns all lines since `markLog`. */
export async function markLog(step: Step): Promise<() => Promise<readonly string[]>> {
  const place = [logFileOf(step), step.node.unit];
  const mark = (await step.session.run(MARK, { parameters: place })).stdout.trim();
  if (mark === '') return () => Promise.resolve([]);
  return async () => {
    const { stdout } = await step.session.run(SINCE, { parameters: [...place, mark] });
    return maskedFor(step, stdout).split('\n');
  };
}

function logFileOf({ node }: Step): string {
  const file = node.redisConf.content.get('logfile') ?? '';
  return file.startsWith('/') ? file : '';
}
