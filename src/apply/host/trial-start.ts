import { RedisopsError } from '../../domain/error.ts';
import { splitArguments } from '../../domain/text/arguments.ts';
import type { SensitiveText } from '../../domain/secret.ts';
import { fragment } from '../../domain/shell.ts';

/**
 * A shell function: `trial_start USER FILE` passes if the node’s server accepts the configuration file, and prints
 * what it said otherwise. Error texts and the order of checks differ between versions; a server that answers has accepted
 * its file, in every version. It runs as USER in a folder of its own and without a network: it opens no port, follows no
 * master, reads no data, logs nowhere, and ends with this script. The file may name modules and other files that USER
 * can change: what runs there gets neither the script’s lock nor much memory or disk, and is the first to go where memory
 * runs out. The options come after the file’s own lines, so that the line numbers are the file’s.
 */
export const TRIAL_START = fragment`
trial=/run/.redisops-trial trial_pid=
end_trial() {
  [ -z "$trial_pid" ] || kill -s KILL -- "-$trial_pid" "$trial_pid" 2>/dev/null || true
  wait 2>/dev/null || true
  trial_pid=
  rm -rf -- "$trial"
}
# The options of setpriv that make a process USER’s.
as_user() {
  as_name=$1
  shift
  setpriv --reuid="$as_name" --regid="$(id -g -- "$as_name")" --init-groups --no-new-privs --inh-caps=-all -- "$@"
}
trial_answers() {
  # It listens before it has read everything, and answers after that. An error reply is an answer, too.
  for _ in $(seq 400); do
    [ ! -S "$trial/home/socket" ] || break
    kill -0 "$trial_pid" 2>/dev/null || return 1
    sleep 0.025
  done
  # Anything of USER’s may answer there: one byte is read.
  answer=$(as_user "$1" timeout 10 "\${NODE_SERVER:-redis}-cli" -s "$trial/home/socket" PING \
    </dev/null 2>/dev/null 9>&- | head -c 1)
  [ -z "$answer" ] || return 0
  sleep 0.1
  ! kill -0 "$trial_pid" 2>/dev/null || echo 'it did not answer within 10 s' >>"$trial/said"
  return 1
}
trial_start() {
  user=$1 file=$2
  end_trial
  mkdir -m 711 -- "$trial"
  mkdir -m 700 -- "$trial/home"
  chown -- "$user" "$trial/home"
  set -- --port 0 --unixsocket "$trial/home/socket" --unixsocketperm 700 --dir "$trial/home" --logfile '' --pidfile '' \
    --syslog-enabled no --daemonize no --supervised no --save '' --appendonly no
  # A server built without TLS does not know it.
  if grep -qiE '^[[:blank:]]*tls-port' "$file"; then set -- "$@" --tls-port 0; fi
  apart='unshare --net --'
  # Where the kernel refuses that, as in some containers, it follows nobody by its own setting.
  unshare --net true 2>/dev/null || { apart= && set -- "$@" --replicaof no one; }
  (
    exec 9>&-
    echo 1000 >/proc/self/oom_score_adj
    # shellcheck disable=SC2086 # three words, or none
    exec prlimit --core=0 --fsize=1048576 --as=4294967296 -- $apart setsid setpriv --reuid="$user" \
      --regid="$(id -g -- "$user")" --init-groups --no-new-privs --inh-caps=-all --pdeathsig KILL -- \
      "\${NODE_SERVER:-redis}-server" - "$@"
  ) <"$file" >"$trial/said" 2>&1 &
  trial_pid=$!
  accepted=0
  trial_answers "$user" || accepted=1
  [ "$accepted" = 0 ] || tail -c 8192 -- "$trial/said" | tail -n 40
  end_trial
  return "$accepted"
}`;

/** `82:M 30 Nov 2026 20:13:48.560 # `. */
const LOG_BEGINNING = /^\d{1,10}:[A-Z] \d\d? [A-Z][a-z]{2} \d{4} [\d:.]{8,12} [#*.-] /;
const UNKNOWN = 'it does not know this directive';

/** Redis quotes the bad line including secrets: quote it from our own masked text instead. */
export function refusedByRedis(path: string, content: SensitiveText, said: string): RedisopsError {
  const line = Number(/at line (\d+)/.exec(said)?.[1] ?? unresolvedLine(content, said) ?? 0);
  const text = content.masked().split('\n')[line - 1] ?? '';
  // A rule of ACL that it quotes may be a password’s.
  const why = content.map(() => whyOf(said)).masked();
  const place = line === 0 ? path : `${path}, line ${line}: \`${text}\``;
  return new RedisopsError('CONFIG_INVALID', `Redis rejects ${place}: ${why}`, {
    hint: 'The file was not changed. Fix the value in Git.',
  });
}

/** Redis 8 takes an unknown directive for one of a module, and names it without its line. */
function unresolvedLine(content: SensitiveText, said: string): number | null {
  const name = unresolvedName(said);
  if (name === null) return null;
  const at = content
    .reveal()
    .split('\n')
    .findIndex((each) => splitArguments(each)?.[0]?.toLowerCase() === name);
  return at === -1 ? null : at + 1;
}

function unresolvedName(said: string): string | null {
  return /Unresolved Configuration[^\n]*\n[^\n]*>>> '([^\s']+)/.exec(said)?.[1]?.toLowerCase() ?? null;
}

/** Its last words: one line about a line of the file, two of its log. */
function whyOf(said: string): string {
  if (unresolvedName(said) !== null) return UNKNOWN;
  const lines = said
    .trim()
    .split('\n')
    .filter((line) => !line.includes('WARNING'));
  const words = lines.slice(/at line \d/.test(said) ? -1 : -2).map((line) => line.replace(LOG_BEGINNING, ''));
  return words.join(' ') || 'no reason given';
}
