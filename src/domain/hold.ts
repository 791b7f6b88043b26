import { bash } from './shell.ts';

/**
 * How a node is held for one writer. The writer starts `HOLD_SCRIPT` on the node, which takes a kernel lock and prints
 * one line. From then on the writer sends an empty line every `HEARTBEAT_MS`. The hold ends when the writer closes the
 * script’s input, when the connection breaks, or after `SILENCE_LIMIT_MS` without a heartbeat: the node then releases
 * the lock by itself. A writer whose own heartbeat is late by `LATE_HEARTBEAT_MS` treats the hold as lost, which is
 * before the node releases it and another writer can start.
 */
export const HEARTBEAT_MS = 10_000;
export const LATE_HEARTBEAT_MS = 25_000;
export const SILENCE_LIMIT_MS = 30_000;

const LOCK = '/run/redisops.lock';

/**
 * $1 holder. The lock is on an open file of this process: it ends with the process, which ends when its input ends or
 * goes silent. Needs `bash`: POSIX has no read with a timeout.
 */
export const HOLD_SCRIPT = bash`
exec 9>>${LOCK}
if ! flock -n 9; then
  printf 'busy %s\n' "$(head -c 300 ${LOCK})"
  exit 0
fi
printf '%s\n' "$1" >${LOCK}
printf 'held\n'
while read -r -t ${SILENCE_LIMIT_MS / 1000} _; do :; done
: >${LOCK}
`;

/** `by` is the text written by the other holder. */
export type HoldAnswer = { held: true } | { held: false; by: string };

/** Parses the script’s first line; null if it is anything else. */
export function holdAnswer(line: string): HoldAnswer | null {
  if (line === 'held') return { held: true };
  const [, by] = /^busy ?(.*)/.exec(line) ?? [];
  return by === undefined ? null : { held: false, by };
}
