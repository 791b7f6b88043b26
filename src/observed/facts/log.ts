import { linesOf, type Fact } from './fact.ts';
import { withoutQuotedSecret } from '../../domain/redis/quoted-secret.ts';
import { fragment } from '../../domain/shell.ts';

const MAXIMUM_LINES = 20;
const MAXIMUM_LENGTH = 400;

/** Redis’s level `#`: `296:M 23 Nov 2026 02:30:38.876 # …`. */
const WARNING = /^\d+:[A-Z] .{10,40} # /;
const SYNCHRONIZATION = /MASTER|REPLICA|[Ss]ync|RDB|temp file|AOF|SYNC/;
/** Messages of Redis and systemd for a failed start. */
const FAILURE =
  /FATAL|>>> |at line \d|[Bb]ad directive|Unknown|[Ee]rror|[Ff]ail|denied|Read-only|[Cc]an't|cannot|refus/;
/** Printed at every start; not a fault. */
const CHATTER =
  /oO0OoO0|Redis version=|Configuration loaded|Server initialized|User requested shutdown|Redis is now ready to exit/;

/**
 * The end of Redis’s log, and of its unit’s journal if the log is there or the unit is not well. Some faults write
 * thousands of lines a second: reads a bounded part and keeps its last significant lines. Of a unit that failed, only its
 * latest start counts: its invocation in the journal, and a log that it wrote. The file is read as the redis user,
 * because Redis chooses its path and could place a link there.
 */
export const logFact: Fact<readonly string[], 'unit'> = {
  after: ['unit'],
  script: fragment`
invocation='' started='' stale=''
case $state in
  *ActiveState=failed*)
    invocation=\${state##*InvocationID=} started=\${state##*ExecMainStartTimestamp=}
    invocation=\${invocation%%[!0-9a-f]*} started=\${started%%
*} ;;
esac
[ -z "$started" ] || stale=$(as_redis find -L "$log" -maxdepth 0 ! -newermt "$started")
[ -f "$log" ] && [ -z "$stale" ] && as_redis tail --bytes=32768 -- "$log"
printf '\n'
case $invocation:$log:$state in
  [!:]*)
    timeout 2 journalctl --quiet --no-pager _SYSTEMD_INVOCATION_ID="$invocation" + INVOCATION_ID="$invocation" \
      --lines=40 --output=cat 2>/dev/null ;;
  ::*|*ActiveState=failed*|*ActiveState=activating*|*SubState=auto-restart*)
    timeout 2 journalctl --quiet --no-pager --unit="$unit" --lines=40 --output=cat 2>/dev/null ;;
esac`,
  parse: (stdout) =>
    linesOf(stdout)
      .filter(isTelling)
      .slice(-MAXIMUM_LINES)
      .map((line) => withoutQuotedSecret(line.slice(0, MAXIMUM_LENGTH))),
};

function isTelling(line: string): boolean {
  if (CHATTER.test(line)) return false;
  return WARNING.test(line) || SYNCHRONIZATION.test(line) || (!/^\d+:[A-Z] /.test(line) && FAILURE.test(line));
}
