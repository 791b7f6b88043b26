import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteArgument, splitArguments } from '../../../src/domain/text/arguments.ts';

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
