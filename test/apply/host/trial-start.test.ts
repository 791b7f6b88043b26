import { describe, expect, it } from 'vitest';
import { refusedByRedis } from '../../../src/apply/host/trial-start.ts';
import { Secret, SensitiveText } from '../../../src/domain/secret.ts';

const CONF = ['port 6379', 'requirepass sesame sesame', 'user app on >sesame +@nonsense', 'Foo-Bar sesame', ''];
const content = new SensitiveText(CONF.join('\n'), [new Secret('sesame')]);

const REDIS_7 = (line: number, why: string): string =>
  `\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\nReading the configuration file, at line ${line}\n>>> '${CONF[line - 1]}'\n${why}\n`;
const log = (...lines: readonly string[]): string =>
  lines.map((line) => `82:M 30 Nov 2026 20:13:48.560 # ${line}`).join('\n');

describe('a configuration file that the node’s own server does not accept', () => {
  it.each<readonly [string, string, string]>([
    [
      'a line that Redis 7 names',
      REDIS_7(2, 'wrong number of arguments'),
      'line 2: `requirepass ••••••`: wrong number of arguments',
    ],
    [
      'an unknown directive of Redis 7',
      REDIS_7(4, 'Bad directive or wrong number of arguments'),
      'line 4: `Foo-Bar ••••••`: Bad directive or wrong number of arguments',
    ],
    [
      'an unknown directive of Redis 8, which takes it for a module’s',
      log(
        'Unresolved Configuration(s) Detected:',
        ">>> 'Foo-Bar sesame'",
        'Module Configuration detected without loadmodule directive or no ApplyConfig call: aborting',
      ),
      'line 4: `Foo-Bar ••••••`: it does not know this directive',
    ],
    [
      'a rule of a user, found after the file was read',
      log("Error loading ACL rule '>sesame' for the user named 'app'", 'Critical error while loading ACLs. Exiting.'),
      "/etc/redis/redis.conf: Error loading ACL rule '>••••••' for the user named 'app' Critical error while loading ACLs. Exiting.",
    ],
    [
      'a module that is not there, after a warning',
      log('WARNING Memory overcommit must be enabled!', "Can't load module from /x.so: server aborting"),
      "/etc/redis/redis.conf: Can't load module from /x.so: server aborting",
    ],
    ['silence', '', '/etc/redis/redis.conf: no reason given'],
  ])('is quoted without its secrets: %s', (_, said, expected) => {
    const { code, message } = refusedByRedis('/etc/redis/redis.conf', content, said);
    expect(code).toBe('CONFIG_INVALID');
    expect(message).toContain(expected);
    expect(message).not.toContain('sesame');
  });
});
