import type { Code } from '../../domain/code.ts';

export interface SyncFailure {
  code: Code;
  message: string;
}

interface Sign {
  pattern: RegExp;
  code: Code;
  message: string;
}

/** Redis’s messages for failures that no retry would fix. $1: detail from the line. */
const SIGNS: readonly Sign[] = [
  {
    pattern: /Opening the temp file needed for MASTER <-> \w+ synchronization: (Read-only file system)/,
    code: 'DATA_DIRECTORY_READ_ONLY',
    message: 'The replica cannot write its data directory: $1.',
  },
  {
    pattern: /Opening the temp file needed for MASTER <-> \w+ synchronization: (.+)/,
    code: 'REPLICA_LINK_DOWN',
    message: 'The replica cannot write its data directory: $1.',
  },
  {
    pattern: /Write error or short write writing to the DB dump file needed for MASTER <-> \w+ synchronization: (.+)/,
    code: 'REPLICA_LINK_DOWN',
    message: 'The replica cannot write what the master sends: $1.',
  },
  {
    pattern: /Failed trying to sync (?:the temp DB to disk|DB directory .*) in MASTER <-> \w+ synchronization: (.+)/,
    code: 'REPLICA_LINK_DOWN',
    message: 'The replica cannot write what the master sends: $1.',
  },
  {
    pattern: /Failed trying to rename the temp DB into .* in MASTER <-> \w+ synchronization: (.+)/,
    code: 'REPLICA_LINK_DOWN',
    message: 'The replica cannot rename the received data to its `dbfilename`: $1.',
  },
  {
    pattern: /Unable to AUTH to MASTER: -?(.+)/,
    code: 'REDIS_AUTH_FAILED',
    message: 'The master refuses the replica’s `masterauth`: $1',
  },
  {
    pattern: /Unexpected reply to PSYNC from master: -(NOAUTH.*)/,
    code: 'REDIS_AUTH_FAILED',
    message: 'The replica has no `masterauth`, and the master needs one: $1',
  },
  {
    pattern: /(Can't handle RDB format version .*)/,
    code: 'REPLICA_LINK_DOWN',
    message: 'The replica’s Redis is older than its master’s: $1',
  },
];

/** Redis’s own lines are shorter. */
const LONGEST_LINE = 2000;

/** Why the synchronization fails, if the replica’s log says so and waiting would not help. */
export function syncFailureIn(lines: readonly string[]): SyncFailure | null {
  for (const whole of lines.toReversed()) {
    const line = whole.slice(0, LONGEST_LINE);
    for (const { pattern, code, message } of SIGNS) {
      const found = pattern.exec(line);
      if (found) return { code, message: message.replace(/\$(\d)/, (_, group: string) => found[Number(group)] ?? '') };
    }
  }
  return null;
}
