import { AS_REDIS } from '../../domain/redis/as-redis.ts';
import { LOG, saidIn } from './said-at-start.ts';
import { logFileOf, maskedFor, type Step } from './step.ts';
import { sh } from '../../domain/shell.ts';

/** $1 unit, $2 log file or empty: one that nobody wrote lately does not know of this start. */
const RECENT = sh`
${AS_REDIS}
id=$(systemctl show --property InvocationID --value "$1")
[ -z "$id" ] || journalctl _SYSTEMD_INVOCATION_ID="$id" + INVOCATION_ID="$id" --lines 60 --no-pager --output cat 2>/dev/null
printf '%s\n' ${LOG}
[ -n "$2" ] && [ -n "$(as_redis find -L "$2" -type f -newermt '-120 seconds')" ] && as_redis tail -n 60 -- "$2"
true
`;

/** Why the unit’s Redis failed since its latest start, in its own words; else the last messages of the unit and of Redis. */
export async function recentLog(step: Step): Promise<string> {
  try {
    const { stdout } = await step.session.run(RECENT, { parameters: [step.node.unit, logFileOf(step)] });
    return saidIn(stdout, step).text;
  } catch {
    return 'its log cannot be read';
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
