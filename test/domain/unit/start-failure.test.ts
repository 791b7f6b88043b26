import { describe, expect, it } from 'vitest';
import { startFailure } from '../../../src/domain/unit/start-failure.ts';

/** What systemd 252 prints around each try. */
function journal(...lines: readonly string[]): readonly string[] {
  const one = [
    'Starting redis-server.service - Advanced key-value store...',
    ...lines,
    'redis-server.service: Main process exited, code=exited, status=1/FAILURE',
    "redis-server.service: Failed with result 'exit-code'.",
    'Failed to start redis-server.service - Advanced key-value store.',
    'redis-server.service: Scheduled restart job, restart counter is at 1.',
    'Stopped redis-server.service - Advanced key-value store.',
  ];
  return [...one, ...one];
}

/** What Redis 7.0.15 prints. */
const FATAL = '*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***';
const line = (text: string, level = '#') => `8065:M 30 Nov 2026 14:15:53.510 ${level} ${text}`;
const BANNER = line('oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo');

describe('why a start failed', () => {
  it.each<[string, readonly string[], readonly string[], string | null]>([
    [
      'a directive that Redis does not know',
      journal(
        FATAL,
        'Reading the configuration file, at line 2277',
        ">>> 'no-such-directive x'",
        'Bad directive or wrong number of arguments',
      ),
      [],
      "FATAL CONFIG FILE ERROR · Reading the configuration file, at line 2277 · >>> 'no-such-directive x' · Bad directive or wrong number of arguments",
    ],
    [
      'a log file whose folder is gone',
      journal(FATAL, "Can't open the log file: No such file or directory"),
      [line('Failed opening the temp RDB file')],
      "FATAL CONFIG FILE ERROR · Can't open the log file: No such file or directory",
    ],
    [
      'an error of which the journal has the headline only, after one that it has',
      [...journal(FATAL, "Can't open the log file: No such file or directory"), FATAL],
      [],
      "FATAL CONFIG FILE ERROR · Can't open the log file: No such file or directory",
    ],
    [
      'a folder that is gone',
      journal(FATAL, 'Reading the configuration file, at line 504', ">>> 'dir /nowhere'", 'No such file or directory'),
      [],
      "FATAL CONFIG FILE ERROR · Reading the configuration file, at line 504 · >>> 'dir /nowhere' · No such file or directory",
    ],
    [
      'a configuration that it may not read',
      journal(
        "8065:C 30 Nov 2026 14:15:53.510 # Fatal error, can't open config file '/etc/redis/redis.conf': Permission denied",
      ),
      [],
      "Fatal error, can't open config file '/etc/redis/redis.conf': Permission denied",
    ],
    [
      'an address that is not there',
      journal(),
      [
        line('Disk error of last week'),
        BANNER,
        line('WARNING Memory overcommit must be enabled!'),
        line(
          'Warning: Could not create server TCP listening socket 10.9.9.9:6379: bind: Cannot assign requested address',
        ),
        line('Failed listening on port 6379 (tcp), aborting.'),
      ],
      'Warning: Could not create server TCP listening socket 10.9.9.9:6379: bind: Cannot assign requested address · Failed listening on port 6379 (tcp), aborting.',
    ],
    [
      'an ACL file that is gone',
      journal(),
      [
        BANNER,
        line(
          "Aborting Redis startup because of ACL errors: Error loading ACLs, opening file '/etc/redis/users.acl': No such file or directory",
        ),
      ],
      "Aborting Redis startup because of ACL errors: Error loading ACLs, opening file '/etc/redis/users.acl': No such file or directory",
    ],
    [
      'data that cannot be read',
      journal(),
      [
        BANNER,
        line('Wrong signature trying to load DB from file'),
        line('Fatal error loading the DB, check server logs. Exiting.'),
      ],
      'Wrong signature trying to load DB from file · Fatal error loading the DB, check server logs. Exiting.',
    ],
    [
      'a sandbox that systemd cannot make',
      journal(
        'redis-server.service: Failed to set up mount namespacing: /run/systemd/unit-root/gone: No such file or directory',
        'redis-server.service: Failed at step NAMESPACE spawning /usr/bin/redis-server: No such file or directory',
      ),
      [],
      'Failed to set up mount namespacing: /run/systemd/unit-root/gone: No such file or directory',
    ],
    ['nobody says', journal(), [BANNER, line('Server initialized'), line('User requested shutdown...')], null],
    ['nothing is there', [], [], null],
  ])('%s', (_, fromJournal, fromLog, expected) => {
    expect(startFailure(fromJournal, fromLog)).toBe(expected);
  });
});
