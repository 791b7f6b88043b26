import { describe, expect, it } from 'vitest';
import type { Code } from '../../../src/domain/code.ts';
import { endedByTrouble, isBlockedForNow } from '../../../src/domain/run/passing.ts';
import type { RunResult } from '../../../src/domain/run/run.ts';
import { result } from '../../report/fixtures.ts';

const failed = (code: Code, change: Partial<RunResult> = {}) => result({ outcome: 'failed', code, ...change });

function unverified(...codes: readonly Code[]): RunResult {
  const reasons = codes.map((code) => ({ verdict: 'unknown' as const, code, node: 'redis-02', message: '' }));
  const verification = { master: null, key: null, acknowledged: 0, expected: 0, replicas: [] };
  return failed('VERIFY_FAILED', { verification: { ...verification, verdict: 'unknown', reasons } });
}

describe('a run is planned again', () => {
  it.each<[string, RunResult, boolean]>([
    ['a host that reboots', failed('SSH_UNREACHABLE'), true],
    ['a full disk', failed('DISK_SHORT'), true],
    [
      'a full disk, in Redis’s words',
      failed('REPLICA_LINK_DOWN', { message: 'It says: No space left on device.' }),
      true,
    ],
    ['nodes that changed since the plan', result({ outcome: 'refused', code: 'STALE_PLAN' }), true],
    ['a cluster that could not be seen', unverified('SSH_TIMEOUT'), true],
    ['a cluster that was seen, and is not healthy', unverified('SSH_TIMEOUT', 'REPLICA_ACCEPTS_WRITES'), false],
    ['lost keys', failed('VERIFY_FAILED'), false],
    ['a value that Redis refuses', failed('REDIS_ERROR'), false],
    ['a unit that does not start', failed('COMMAND_FAILED'), false],
    ['a stop', failed('STOPPED'), false],
    ['a denial', result({ outcome: 'refused', code: 'APPROVAL_DENIED' }), false],
    ['success', result({ outcome: 'done', code: 'DONE' }), false],
  ])('%s', (_, ended, expected) => {
    expect(endedByTrouble(ended)).toBe(expected);
  });

  it('only where every blocker passes', () => {
    const blocker = (code: Code) => ({ code, node: null, message: '', hint: '' });
    expect(isBlockedForNow({ blockers: [blocker('SSH_UNREACHABLE'), blocker('DISK_SHORT')] })).toBe(true);
    expect(isBlockedForNow({ blockers: [blocker('SSH_UNREACHABLE'), blocker('TEMPLATE_UNSAFE')] })).toBe(false);
  });
});
