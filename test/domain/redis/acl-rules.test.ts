import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { usersInOneSpelling } from '../../../src/domain/redis/acl-rules.ts';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';

function users(...lines: readonly string[]): ReadonlyMap<string, string> {
  return usersInOneSpelling(RedisConf.parse(new SensitiveText(`${lines.join('\n')}\n`)));
}

function rulesOf(rules: string): string | undefined {
  return users(`user app ${rules}`).get('app');
}

const hash = (password: string) => createHash('sha256').update(password).digest('hex');

describe('usersInOneSpelling', () => {
  it('has the default user, also where no line names it', () => {
    expect([...users('port 6379')]).toEqual([['default', 'on nopass ~* &* +@all']]);
    expect([...users('requirepass a')]).toEqual([['default', `on #${hash('a')} ~* &* +@all`]]);
  });

  it('takes a line for the default user before requirepass, as Redis does', () => {
    expect(users('user default off', 'requirepass a').get('default')).toBe('off');
  });

  it.each([
    ['on >hunter2 allkeys allchannels allcommands', `on #${hash('hunter2')} ~* &* +@all`],
    ['ON >a NOPASS ~* +GET', 'on nopass ~* +get'],
    ['on nopass >a ~x +get', `on #${hash('a')} ~x +get`],
    ['on >b >a ~y ~x &z +get', `on #${hash('b')} #${hash('a')} ~x ~y &z +get`],
    ['on >a <a ~* +@all', 'on ~* +@all'],
    [`on >a !${hash('a')} ~* +@all`, 'on ~* +@all'],
    ['on nopass ~* resetchannels -@all +get +set', 'on nopass ~* +get +set'],
    ['on nopass sanitize-payload ~* &* +@all', 'on nopass ~* &* +@all'],
    ['on nopass ~* +@all -flushall +flushall', 'on nopass ~* +@all +flushall'],
    ['on nopass ~* +config|get +config', 'on nopass ~* +config'],
    ['on nopass %RW~x %r~y +get', 'on nopass %R~y ~x +get'],
    ['on nopass ~* +get (~a +set) (+del ~b)', 'on nopass ~* +get (~a +set) (~b +del)'],
    ['on nopass ~* +get (~a +set) clearselectors', 'on nopass ~* +get'],
    ['on nopass ~* +@all reset', 'off'],
    ['', 'off'],
  ])('%j is %j', (rules, expected) => {
    expect(rulesOf(rules)).toBe(expected);
  });

  it.each([
    ['on >a ~* +@all', 'on >b ~* +@all'],
    ['on >a ~* +@all', 'off >a ~* +@all'],
    ['on >a ~* +@all', 'on >a ~* &* +@all'],
    ['on >a ~* +@all -get', 'on >a ~* -get +@all'],
    ['on >a ~* +@all', 'on >a skip-sanitize-payload ~* +@all'],
    ['on >a ~X +get', 'on >a ~x +get'],
  ])('%j is not %j', (one, other) => {
    expect(rulesOf(one)).not.toBe(rulesOf(other));
  });

  it('knows where users get all channels by default', () => {
    expect(users('acl-pubsub-default allchannels', 'user app on nopass +get').get('app')).toBe('on nopass &* +get');
  });
});
