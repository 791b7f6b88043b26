import type { StopStrayProcess } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { lastLines, maskedFor, type Step } from '../node/step.ts';
import { sh } from '../../domain/shell.ts';

/**
 * $1 process id, $2 start ticks; the password on stdin. Prints one word and its details. Pauses writes before counting
 * keys, so that none is acknowledged between the count and the stop. A Redis not seen to be empty is never killed with
 * SIGKILL; one that cannot save refuses SIGTERM forever.
 */
const SCRIPT = sh`
set -u
pid=$1
ticks=$2
IFS= read -r password || true
[ -n "\${password:-}" ] && export REDISCLI_AUTH="$password"

alive() {
  stat=$(sed 's/^.*) //' "/proc/$pid/stat" 2>/dev/null) || return 1
  [ "$(printf '%s' "$stat" | cut -d ' ' -f 20)" = "$ticks" ] && [ "\${stat%% *}" != Z ]
}
gone_within() {
  left=$(($1 * 20))
  while alive; do
    [ "$left" -gt 0 ] || return 1
    left=$((left - 1))
    sleep 0.05
  done
}
endpoint() {
  ss -Hltnp | sed -n "/pid=$pid,/p" | head -n 1 | sed 's/  */ /g' | cut -d ' ' -f 4
}
ask() { timeout 3 "\${NODE_SERVER:-redis}-cli" -e --no-auth-warning -h "$host" -p "$port" "$@" 2>&1; }
count() {
  said=$(ask INFO) || return 1
  # What an attached replica holds, its master holds too.
  printf '%s' "$said" | grep -q '^master_link_status:up' && { keys=0; return; }
  keys=0
  for each in $(printf '%s\n' "$said" | sed -n 's/^db[0-9]*:keys=\([0-9]*\).*/\1/p'); do keys=$((keys + each)); done
}
refuse_unless_empty() {
  count || { printf 'unreadable %s\n' "$said"; exit 0; }
  [ "$keys" -eq 0 ] && return
  ask CLIENT UNPAUSE >/dev/null
  echo "holds $keys"
  exit 0
}

alive || { echo gone; exit 0; }
sentinel=no
tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q -i sentinel && sentinel=yes
at=$(endpoint)
if [ "$sentinel" = no ] && [ -n "$at" ]; then
  port=\${at##*:}
  host=\${at%:*}
  host=\${host#[}
  host=\${host%]}
  host=\${host%%%*}
  case $host in '*' | 0.0.0.0) host=127.0.0.1 ;; ::) host=::1 ;; esac
  ask CLIENT PAUSE 60000 WRITE >/dev/null
  refuse_unless_empty
fi
alive && kill -TERM "$pid"
gone_within 15 && { echo stopped; exit 0; }
if [ "$sentinel" = no ]; then
  [ -n "$at" ] || { echo stubborn; exit 0; }
  refuse_unless_empty
fi
alive && kill -KILL "$pid"
gone_within 5 && { echo stopped; exit 0; }
echo stubborn
`;

/**
 * Stops a Redis or Sentinel outside systemd: exactly the observed process, and only while it holds nothing.
 * @throws STRAY_HOLDS_DATA, REDIS_UNREADABLE or STEP_FAILED.
 */
export async function stopStrayProcess(action: StopStrayProcess, step: Step): Promise<boolean> {
  const { stdout } = await step.session.run(SCRIPT, {
    parameters: [String(action.pid), action.startTicks],
    input: `${step.desired.password?.reveal() ?? ''}\n`,
    timeoutMs: 40_000,
  });
  const [, word, detail = ''] = /^(\w+) ?([^]*)/.exec(stdout.trim()) ?? [];
  switch (word) {
    case 'gone':
      return false;
    case 'stopped':
      return true;
    case 'holds':
      throw new RedisopsError('STRAY_HOLDS_DATA', `Stray process ${action.pid} now holds ${detail} keys.`, {
        hint: 'It was left running. Save or move its data, then stop it by hand.',
      });
    case 'unreadable':
      throw new RedisopsError(
        'REDIS_UNREADABLE',
        `Stray process ${action.pid} cannot be read, so it may hold data: ${lastLines(maskedFor(step, detail), 2)}`,
        { hint: 'It was left running. Check what it holds, then stop it by hand.' },
      );
    case undefined:
    default:
      throw new RedisopsError('STEP_FAILED', `Stray process ${action.pid} does not stop on SIGTERM.`, {
        hint: 'Redis refuses to stop if it cannot save. Check its log, then stop it by hand.',
      });
  }
}
