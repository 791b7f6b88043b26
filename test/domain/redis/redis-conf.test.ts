import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directivesOf, quoteArgument, splitArguments, withRole } from '../../../src/domain/redis/redis-conf.ts';
import { Secret, SensitiveText } from '../../../src/domain/secret.ts';

function conf(...lines: readonly string[]): SensitiveText {
  return new SensitiveText(`${lines.join('\n')}\n`);
}

describe('splitArguments', () => {
  it.each([
    ['', []],
    ['  # a comment "', []],
    ['\t maxmemory   1gb \r', ['maxmemory', '1gb']],
    ['save ""', ['save', '']],
    [String.raw`requirepass "a b\"c\\d"`, ['requirepass', String.raw`a b"c\d`]],
    [String.raw`requirepass 'a "b" \'c\' \n'`, ['requirepass', String.raw`a "b" 'c' \n`]],
    [String.raw`x "\x41\n\r\t\b\a\q"`, ['x', 'A\n\r\t\b\u0007q']],
    [String.raw`x "\xc3\xa9"`, ['x', 'é']],
    [String.raw`x \x41`, ['x', String.raw`\x41`]],
    ['x foo"bar baz"', ['x', 'foobar baz']],
    ['x é\u00A0ü', ['x', 'é\u00A0ü']],
    ['x # y', ['x', '#', 'y']],
    ['x "unclosed', null],
    ["x 'unclosed", null],
    ['x "a"b', null],
    [String.raw`x "a\"`, null],
  ])('%j', (line, words) => {
    expect(splitArguments(line)).toEqual(words);
  });
});

describe('quoteArgument', () => {
  it.each([
    ['yes', 'yes'],
    ['/data/redis', '/data/redis'],
    ['>hunter2', '>hunter2'],
    ['', '""'],
    ['a b', '"a b"'],
    ['a"b\\c', String.raw`"a\"b\\c"`],
    ["it's", `"it's"`],
    ['a\nrequirepass x', String.raw`"a\x0arequirepass x"`],
    ['é', String.raw`"\xc3\xa9"`],
  ])('%j → %s', (value, quoted) => {
    expect(quoteArgument(value)).toBe(quoted);
  });

  it('gives what Redis’s rules read back, on one line, whatever the value', () => {
    const letter = fc.oneof(
      fc.constantFrom('"', "'", '\\', ' ', '\n', '\0', '#', 'x'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    const value = fc.string({ unit: letter });
    fc.assert(
      fc.property(value, value, (one, other) => {
        const line = `name ${quoteArgument(one)} ${quoteArgument(other)}`;
        expect(line).toMatch(/^[ -~]+$/);
        expect(splitArguments(line)).toEqual(['name', one, other]);
      }),
    );
  });
});

describe('directivesOf', () => {
  it('says what CONFIG GET would: canonical names, unquoted values, the last line', () => {
    const found = directivesOf(
      conf('# head', 'MaxMemory 1gb', 'slave-priority 5', '', 'requirepass "a b"', 'maxmemory 2gb'),
    );
    expect(found).toEqual([
      { name: 'maxmemory', value: '2gb', line: 6 },
      { name: 'replica-priority', value: '5', line: 3 },
      { name: 'requirepass', value: 'a b', line: 5 },
    ]);
  });

  it.each([
    [['save 900 1', 'save 300 10'], '900 1 300 10'],
    [['save ""', 'save 900 1'], '900 1'],
    [['save 900 1', 'save ""'], ''],
    [['save "900 1 300 10"'], '900 1 300 10'],
  ])('save: %j is %j', (lines, value) => {
    expect(directivesOf(conf(...lines))).toMatchObject([{ name: 'save', value }]);
  });

  it('adds up client-output-buffer-limit', () => {
    const found = directivesOf(
      conf('client-output-buffer-limit normal 0 0 0', 'client-output-buffer-limit pubsub 32mb 8mb 60'),
    );
    expect(found).toMatchObject([{ value: 'normal 0 0 0 pubsub 32mb 8mb 60', line: 2 }]);
  });

  it('passes over what it cannot read', () => {
    expect(directivesOf(conf('requirepass "torn', 'port 1'))).toEqual([{ name: 'port', value: '1', line: 2 }]);
  });
});

describe('withRole', () => {
  const master = { host: '10.0.0.124', port: 6379 };

  it.each([
    [
      'replaces the role',
      ['port 1', 'replicaof 10.0.0.123 6379', 'hz 10'],
      ['port 1', 'replicaof 10.0.0.124 6379', 'hz 10'],
    ],
    ['replaces the role by its old name', [' SLAVEOF a 1', 'hz 10'], ['replicaof 10.0.0.124 6379', 'hz 10']],
    ['takes several away', ['replicaof a 1', 'port 1', 'slaveof b 2'], ['replicaof 10.0.0.124 6379', 'port 1']],
    ['adds it at the end', ['port 1'], ['port 1', 'replicaof 10.0.0.124 6379']],
  ])('%s', (_, before, after) => {
    expect(withRole(conf(...before), master).reveal()).toBe(conf(...after).reveal());
  });

  it('takes the role of a master away, and leaves comments', () => {
    expect(withRole(conf('# replicaof x', 'replicaof a 1', 'port 1'), null).reveal()).toBe('# replicaof x\nport 1\n');
  });

  it('keeps secrets masked', () => {
    const text = new SensitiveText('requirepass hunter2\n# hunter2\n', [new Secret('hunter2')]);
    expect(withRole(text, master).masked()).not.toContain('hunter2');
  });
});
