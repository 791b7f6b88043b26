import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hintFor, isErrorReply, meaningIn, meaningOf } from '../../../src/domain/redis/error-reply.ts';

/** As Redis 7.0 and 7.2 send them. */
const REPLIES: readonly (readonly [string, string])[] = [
  ["NOPERM this user has no permissions to run the 'replicaof' command", 'COMMAND_UNAVAILABLE'],
  ["NOPERM User default has no permissions to run the 'client|pause' command", 'COMMAND_UNAVAILABLE'],
  ["ERR unknown command 'REPLICAOF', with args beginning with: 'NO' 'ONE' ", 'COMMAND_UNAVAILABLE'],
  ["ERR unknown subcommand 'PAUSE'. Try CLIENT HELP.", 'COMMAND_UNAVAILABLE'],
  ['NOAUTH Authentication required.', 'REDIS_AUTH_FAILED'],
  ['WRONGPASS invalid username-password pair or user is disabled.', 'REDIS_AUTH_FAILED'],
  ['MISCONF Errors writing to the AOF file: No space left on device', 'REDIS_MISCONF'],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'REDIS_OOM'],
  ['LOADING Redis is loading the dataset in memory', 'REDIS_LOADING'],
  ['BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.', 'REDIS_BUSY'],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", 'REDIS_MASTERDOWN'],
  ["READONLY You can't write against a read only replica.", 'REDIS_READONLY'],
  ['NOREPLICAS Not enough good replicas to write.', 'REDIS_NOREPLICAS'],
  [
    'DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user.',
    'REDIS_PROTECTED',
  ],
  ['ERR max number of clients reached', 'REDIS_MAXCLIENTS'],
  ['ERR syntax error', 'REDIS_ERROR'],
  ['BUSYKEY Target key name already exists.', 'REDIS_ERROR'],
];

describe('an error reply', () => {
  it.each(REPLIES)('%s', (reply, code) => {
    expect(meaningOf(reply)).toMatchObject({ code });
    expect(isErrorReply(meaningOf(reply).code)).toBe(true);
    expect(meaningIn(`before\n(error) ${reply}\n`)?.code ?? 'REDIS_ERROR').toBe(code);
    if (code !== 'REDIS_ERROR') expect(hintFor(meaningOf(reply).code)).toBe(meaningOf(reply).hint);
  });

  it('has a meaning, whatever it says', () => {
    fc.assert(fc.property(fc.string(), (reply) => isErrorReply(meaningOf(reply).code)));
  });

  it('is not what a network says', () => {
    for (const code of ['REDIS_TIMEOUT', 'REDIS_CONNECTION_LOST', 'SSH_UNREACHABLE'] as const)
      expect(isErrorReply(code)).toBe(false);
  });
});
