import { describe, expect, it } from 'vitest';
import { readsSnapshotOf } from '../../../src/domain/server/snapshots.ts';

const redis = (version: string) => ({ version });
const valkey = (valkeyVersion: string) => ({ version: '7.2.4', valkeyVersion });

describe('a replica', () => {
  it.each([
    ['of the same version', redis('7.0.15'), redis('7.0.15'), true],
    ['that is newer', redis('8.0.2'), redis('7.0.15'), true],
    ['that is older', redis('7.0.15'), redis('8.0.2'), false],
    ['that is older by one release of another format', redis('7.2.4'), redis('7.4.0'), false],
    ['that is older by a release of the same format', redis('7.4.0'), redis('8.0.6'), true],
    ['that is older, from 8.6 on', redis('8.4.0'), redis('8.6.0'), false],
    ['that is older, from 8.8 on', redis('8.6.4'), redis('8.8.0'), false],
    ['that is older, from 8.10 on', redis('8.8.1'), redis('8.10.0'), false],
    ['that is newer, 8.10 after 8.8', redis('8.10.0'), redis('8.8.1'), true],
    ['of the last release before a new format', redis('8.4.0'), redis('7.4.0'), true],
    ['Valkey 9.1 of Valkey 9.2', valkey('9.1.2'), valkey('9.2.0'), false],
    ['Valkey 9.10 of Valkey 9.2', valkey('9.10.0'), valkey('9.2.0'), true],
    ['Valkey of Redis 7.0', valkey('8.1.1'), redis('7.0.15'), true],
    ['Valkey of Redis 7.2', valkey('8.1.1'), redis('7.2.4'), true],
    ['Valkey of Redis 8', valkey('8.1.1'), redis('8.0.2'), false],
    ['Valkey 9 of Redis 8', valkey('9.1.2'), redis('8.0.2'), false],
    ['Redis 8 of Valkey 8', redis('8.0.2'), valkey('8.1.1'), true],
    ['Redis 7.0 of Valkey 8', redis('7.0.15'), valkey('8.1.1'), false],
    ['Redis 8 of Valkey 9', redis('8.0.2'), valkey('9.1.2'), false],
    ['Valkey 8 of Valkey 9', valkey('8.1.1'), valkey('9.1.2'), false],
    ['Valkey 9 of Valkey 8', valkey('9.1.2'), valkey('8.1.1'), true],
    ['Valkey 9 of Redis 7.2', valkey('9.2.0'), redis('7.2.4'), true],
    ['Redis 7.2 of Valkey 9', redis('7.2.4'), valkey('9.0.1'), false],
    ['of an unknown version', redis('unstable'), redis('8.0.2'), true],
  ])('%s reads its master’s snapshot: %j of %j is %s', (_, replica, master, expected) => {
    expect(readsSnapshotOf(replica, master)).toBe(expected);
  });
});
