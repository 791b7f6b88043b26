import { bash } from './shell.ts';

/**
 * How a node is held for one writer. The writer starts `HOLD_SCRIPT` on the node, which takes a lock of the kernel’s and
 * prints its answer, one line. From then on the writer sends an empty line every `HEARTBEAT_MS`. The hold ends when the
 * writer closes the script’s input, when the connection breaks, or when no heartbeat came for `SILENCE_LIMIT_MS`: then the
 * node lets go by itself. A writer whose heartbeat is late by `LATE_HEARTBEAT_MS` takes the hold for lost, which is
 * before the node lets go and somebody else may begin.
 */
export const HEARTBEAT_MS = 10_000;
export const LATE_HEARTBEAT_MS = 25_000;
export const SILENCE_LIMIT_MS = 30_000;

const LOCK = '/run/redisops.lock';

/**
 * $1 holder. The lock is on an open file of this very process: it goes when the process goes, and the process goes when its
 * input ends or is silent. `bash`, as POSIX has no read with a limit.
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

/** `by` is as the other holder wrote it. */
export type HoldAnswer = { held: true } | { held: false; by: string };

/** The first line that the script prints; null for any other. */
export function holdAnswer(line: string): HoldAnswer | null {
  if (line === 'held') return { held: true };
  const [, by] = /^busy ?(.*)/.exec(line) ?? [];
  return by === undefined ? null : { held: false, by };
}
