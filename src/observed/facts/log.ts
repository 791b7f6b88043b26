import { linesOf, type Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

const MAXIMUM_LINES = 20;
const MAXIMUM_LENGTH = 400;

/** Redis’s level `#`: `296:M 23 Nov 2026 02:30:38.876 # …`. */
const WARNING = /^\d+:[A-Z] .{10,40} # /;
const SYNCHRONISATION = /MASTER|REPLICA|[Ss]ync|RDB|temp file|AOF|SYNC/;
/** What Redis and systemd write to the journal when a start fails. */
const FAILURE =
  /FATAL|>>> |at line \d|[Bb]ad directive|Unknown|[Ee]rror|[Ff]ail|denied|Read-only|[Cc]an't|cannot|refus/;
/** Said at every start; it names no fault. */
const CHATTER =
  /oO0OoO0|Redis version=|Configuration loaded|Server initialized|User requested shutdown|Redis is now ready to exit/;

/**
 * The end of Redis’s log, and of its unit’s journal where the log is there or the unit does not run well. Some faults
 * write thousands of lines a second: only a bounded end is read, and of it the last telling lines are kept. The file is
 * read as Redis could: it is Redis that says where it is, and that can put a link there.
 */
export const logFact: Fact<readonly string[], 'unit'> = {
  after: ['unit'],
  script: fragment`
[ -f "$log" ] && as_redis tail --bytes=32768 -- "$log"
printf '\n'
case $log:$state in
  :*|*ActiveState=failed*|*ActiveState=activating*|*SubState=auto-restart*)
    timeout 2 journalctl --quiet --no-pager --unit="$unit" --lines=40 --output=cat 2>/dev/null ;;
esac`,
  parse: (stdout) =>
    linesOf(stdout)
      .filter(isTelling)
      .slice(-MAXIMUM_LINES)
      .map((line) => withoutSecrets(line.slice(0, MAXIMUM_LENGTH))),
};

function isTelling(line: string): boolean {
  if (CHATTER.test(line)) return false;
  return WARNING.test(line) || SYNCHRONISATION.test(line) || (!/^\d+:[A-Z] /.test(line) && FAILURE.test(line));
}

/** Redis repeats a line of its configuration that it does not understand, whatever stands in it. Who asked for a role is no such line. */
function withoutSecrets(line: string): string {
  const said = /(requirepass|masterauth|file-pass|auth-pass|sentinel-pass|\buser(?! request from 'id=))(\s+)\S.*/is;
  return line.replace(said, '$1$2••••••');
}
