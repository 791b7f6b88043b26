import { describe, expect, it } from 'vitest';
import { syncFailureIn } from '../../../src/apply/synchronize/sync-failure.ts';

const S = '512:S 23 Nov 2026 02:24:45.566';

describe('syncFailureIn', () => {
  it.each([
    [
      `${S} # Opening the temp file needed for MASTER <-> REPLICA synchronization: Read-only file system`,
      'DATA_DIRECTORY_READ_ONLY',
      'Read-only file system.',
    ],
    [
      `${S} # Opening the temp file needed for MASTER <-> REPLICA synchronization: Permission denied`,
      'REPLICA_LINK_DOWN',
      'Permission denied.',
    ],
    [
      `${S} # Write error or short write writing to the DB dump file needed for MASTER <-> REPLICA synchronization: No space left on device`,
      'REPLICA_LINK_DOWN',
      'No space left on device.',
    ],
    [
      `${S} # Failed trying to rename the temp DB into  in MASTER <-> REPLICA synchronization: No such file or directory`,
      'REPLICA_LINK_DOWN',
      'No such file or directory.',
    ],
    [
      `${S} # Unable to AUTH to MASTER: -WRONGPASS invalid username-password pair or user is disabled.`,
      'REDIS_AUTH_FAILED',
      'WRONGPASS invalid username-password pair or user is disabled.',
    ],
    [
      `${S} # Unexpected reply to PSYNC from master: -NOAUTH Authentication required.`,
      'REDIS_AUTH_FAILED',
      'NOAUTH Authentication required.',
    ],
  ])('%s', (line, code, end) => {
    const failure = syncFailureIn(['', `${S} * Connecting to MASTER 10.0.0.123:6379`, line]);
    expect(failure?.code).toBe(code);
    expect(failure?.message.endsWith(end)).toBe(true);
  });

  it.each([
    `${S} * MASTER <-> REPLICA sync started`,
    `${S} # Error condition on socket for SYNC: Connection refused`,
    `${S} * Master did not reply to PSYNC, will try later`,
    `${S} * Connecting to MASTER 10.0.0.123:6379`,
    `${S} * MASTER <-> REPLICA sync: Finished with success`,
  ])('waits on after: %s', (line) => {
    expect(syncFailureIn([line])).toBeNull();
  });
});
