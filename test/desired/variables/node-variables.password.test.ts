import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/domain/secret.ts';
import { desiredOf, problemsOf, REPLICATED, VARIABLES } from '../repository.ts';
import { vaulted } from '../vaulted.ts';

const LINE = REPLICATED.split('\n').length;

describe('a password that lacks its quotes', () => {
  it.each([
    ['a comment to YAML', '#hunter2'],
    ['an anchor', '&hunter2'],
    ['an alias', '*hunter2'],
    ['a tag', '!hunter2'],
    ['a flag', 'yes'],
    ['a figure', '0123'],
    ['nothing', ''],
    ['null', '~'],
    ['a reserved character', '@hunter2'],
    ['two names on a line', 'hunter2: x'],
    ['a list', '[hunter2]'],
    ['an empty text', '""'],
    ['an unknown escape', '"\\hunter2"'],
  ])('is refused, and not shown: %s', async (_name, written) => {
    for (const variable of ['redis_password', 'redis_masterauth']) {
      const problems = await problemsOf(desiredOf(`${REPLICATED}${variable}: ${written}\n`));
      expect(problems[0]).toMatch(new RegExp(`^${VARIABLES}:(?:${LINE}|${LINE + 1}):\\d+: `));
      expect(problems.join('\n')).not.toMatch(/hunter|unter2/);
    }
  });

  it('is not shown if a line of redis.conf is in place of a name', async () => {
    const problems = await problemsOf(desiredOf(`${REPLICATED}redis_config:\n  requirepass hunter2:\n`));
    expect(problems).toEqual([
      `${VARIABLES}:${LINE + 1}:3: “requirepass” has more behind it: a value stands behind the colon`,
    ]);
  });

  it('is not shown if a vaulted file has it twice as a name', async () => {
    const text = vaulted('team: { hunter2, hunter2 }\n', 'vault');
    const problems = await problemsOf(desiredOf(text, {}, { vaultPassword: new Secret('vault') }));
    expect(problems[0]).toContain(': a name stands here twice');
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it.each([
    ['in quotes', '"#hunter2"', '#hunter2'],
    ['in single quotes', "'*hunter2'", '*hunter2'],
    ['that needs none', 'hunter2', 'hunter2'],
    ['with a hash in it', 'hunter#2', 'hunter#2'],
  ])('is taken where YAML reads a text: %s', async (_name, written, password) => {
    const desired = await desiredOf(`${REPLICATED}redis_password: ${written}\n`);
    expect(desired.password?.reveal()).toBe(password);
  });

  it('may be left out', async () => {
    expect((await desiredOf(REPLICATED)).password).toBeUndefined();
  });
});
