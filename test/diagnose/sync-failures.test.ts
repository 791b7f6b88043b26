import { describe, expect, it } from 'vitest';
import { lastSyncFailure, SYNC_FAILURES } from '../../src/diagnose/sync-failures.ts';

/** Lines of Redis 7.0’s log, and what each means. */
const LINES: readonly (readonly [string, RegExp])[] = [
  ["# Error reply to PING from master: '-DENIED Redis is running in protected mode because", /protected mode/],
  ['# Unable to AUTH to MASTER: -WRONGPASS invalid username-password pair or user is disabled.', /masterauth/],
  ["# Error reply to PING from master: '-ERR max number of clients reached'", /maxclients/],
  ["# Error reply to PING from master: '-MISCONF Redis is configured to save RDB snapshots", /MISCONF/],
  ['* Master is currently unable to PSYNC but should be in the future: -LOADING Redis is loading', /must wait/],
  ["# Error reply to PING from master: '-NOPERM this user has no permissions", /ACL or rename-command/],
  ['# Opening the temp file needed for MASTER <-> REPLICA synchronization: Read-only file system', /read-only/],
  ['# Write error or short write writing to the DB dump file needed for MASTER <-> REPLICA', /is full/],
  ['# Opening the temp file needed for MASTER <-> REPLICA synchronization: No space left on device', /is full/],
  ['# Opening the temp file needed for MASTER <-> REPLICA synchronization: Permission denied', /owner or mode/],
  ['# Failed trying to rename the temp DB into  in MASTER <-> REPLICA synchronization: No such', /dbfilename/],
  ["# Can't handle RDB format version 11", /newer version/],
  ["# MASTER aborted replication with an error: ERR BGSAVE failed, replication can't continue", /cannot fork/],
  ['# Timeout receiving bulk data from MASTER... If the problem persists', /breaks off/],
  ['# Error condition on socket for SYNC: Connection refused', /refuses the connection/],
  ['# Error condition on socket for SYNC: No route to host', /no route/],
  ['# Error condition on socket for SYNC: Connection timed out', /no answer/],
  ['# Unable to connect to MASTER: Invalid argument', /resolve the name/],
];

describe('lastSyncFailure', () => {
  it.each(LINES)('%s', (line, cause) => {
    expect(lastSyncFailure(['quiet', `231:S 30 Nov 2026 13:45:50.689 ${line}`, 'quiet'])?.failure.cause).toMatch(cause);
  });

  it('knows a line for each failure', () => {
    const found = new Set(LINES.map(([line]) => lastSyncFailure([line])?.failure));
    expect(found.size).toBe(SYNC_FAILURES.length);
  });

  it('passes over what came before the last synchronization that succeeded', () => {
    const [first = ''] = LINES[0] ?? [];
    expect(lastSyncFailure([first, '* MASTER <-> REPLICA sync: Finished with success', 'quiet'])).toBeNull();
    expect(lastSyncFailure([])).toBeNull();
  });
});
