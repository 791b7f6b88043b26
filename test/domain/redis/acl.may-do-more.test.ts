import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayDoMore, type AclUser } from '../../../src/domain/redis/acl.ts';

const user = (rules: string): AclUser => ({ name: 'app', rules });

describe('mayDoMore', () => {
  it.each([
    ['on >x ~app:* +@read', 'on >x ~app:* ~* +@read'],
    ['on >x ~app:* +@read', 'on >x allkeys +@read'],
    ['on >x ~app:* +@read', 'on nopass ~app:* +@read'],
    ['on >x %R~app:* +@read', 'on >x ~app:* +@read'],
    ['on >x ~* +@all -config', 'on >x ~* -config +@all'],
    ['on >x ~* +@all -config', 'on >x ~* +@all'],
    ['on >x ~* +@read', 'on >x ~* +@read +set'],
    ['on >x ~* +@all -@dangerous +info', 'on >x ~* +@all +info'],
    ['off >x ~* +@all', 'on >x ~* +@all'],
    ['on >x ~* &app +@all', 'on >x ~* &* +@all'],
    ['on >x ~* +@all', 'on >x ~* +@all skip-sanitize-payload'],
    ['on >x ~app:* +get', 'on >x ~app:* +get (~* +@all)'],
  ])('(%s) → (%s)', (before, after) => {
    expect(mayDoMore(user(before), user(after))).toBe(true);
  });

  it.each([
    ['on >x ~* +@all', 'on >y allkeys allcommands'],
    ['on nopass ~* &* +@all', 'on >x ~* &* +@all'],
    ['on >x ~* &* +@all', 'on >x ~app:* &app +@all -config -@dangerous'],
    ['on >x ~* +@all -config', 'on >x ~* +@all -config -debug'],
    ['on >x ~* +@read +set -get', 'on >x ~* +@read -get'],
    ['on >x ~* +@all', 'off >x ~* +@all'],
    ['on >x ~a +get (~b +set)', 'on >x ~a +get'],
  ])('not (%s) → (%s)', (before, after) => {
    expect(mayDoMore(user(before), user(after))).toBe(false);
  });

  it('is true of a new user, unless it is off', () => {
    expect(mayDoMore(null, user('on >x ~a +get'))).toBe(true);
    expect(mayDoMore(null, user('off ~* +@all'))).toBe(false);
  });

  const COMMANDS = ['get', 'set', 'config', 'debug'];
  const rule = fc.tuple(fc.constantFrom('+', '-'), fc.constantFrom('@all', ...COMMANDS)).map((words) => words.join(''));
  /** The last rule for a command decides. */
  const allowed = (rules: readonly string[]) =>
    COMMANDS.filter((command) => rules.findLast((each) => [command, '@all'].includes(each.slice(1)))?.startsWith('+'));

  it('never misses a command that was not allowed before', () => {
    fc.assert(
      fc.property(fc.array(rule), fc.array(rule), (before, after) => {
        const more = allowed(after).some((command) => !allowed(before).includes(command));
        if (more) expect(mayDoMore(user(`on >x ${before.join(' ')}`), user(`on >x ${after.join(' ')}`))).toBe(true);
      }),
    );
  });

  it('is never true of the same rules', () => {
    fc.assert(
      fc.property(fc.array(rule), (rules) => {
        const same = user(`on >x ~a ${rules.join(' ')}`);
        expect(mayDoMore(same, same)).toBe(false);
      }),
    );
  });
});
