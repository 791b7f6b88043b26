import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineDiff } from '../../../src/plan/host/line-diff.ts';

const shown = (before: string, after: string) => lineDiff(before, after).map(({ sign, text }) => `${sign}${text}`);

describe('lineDiff', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['', '', []],
    ['a\n', 'a\n', []],
    ['', 'a\nb\n', ['+a', '+b']],
    ['a\nb\n', '', ['-a', '-b']],
    ['a\nb\nc\n', 'a\nx\nc\n', [' a', '-b', '+x', ' c']],
    ['1\n2\n3\n4\n5\n6\n', '1\n2\n3\n4\n5\nx\n', ['… ', ' 4', ' 5', '-6', '+x'].slice(1)],
    ['a\n1\n2\n3\n4\n5\nb\n', 'A\n1\n2\n3\n4\n5\nB\n', ['-a', '+A', ' 1', ' 2', '…', ' 4', ' 5', '-b', '+B']],
    ['a\nb\n', 'b\na\n', ['-a', ' b', '+a']],
  ])('%j → %j', (before, after, lines) => {
    expect(shown(before, after)).toEqual(lines);
  });

  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));

  it('shows what went and what came, in order', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const count = (lines: readonly string[], line: string) => lines.filter((each) => each === line).length;
        const diff = lineDiff(before, after);
        const [old, fresh] = [before, after].map((each) => (each === '' ? [] : each.replace(/\n$/, '').split('\n')));
        for (const line of ['a', 'b', 'c', '']) {
          const change = (sign: string) =>
            count(
              diff.filter((each) => each.sign === sign).map((each) => each.text),
              line,
            );
          expect(change('+') - change('-')).toBe(count(fresh ?? [], line) - count(old ?? [], line));
        }
      }),
    );
  });

  it('stays short and quick with long files', () => {
    const many = Array.from({ length: 5000 }, (_, index) => `line ${index}`).join('\n');
    const diff = lineDiff(many, many.replaceAll('line', 'other'));
    expect(diff).toHaveLength(201);
    expect(diff.at(-1)).toEqual({ sign: '…', text: '9800 more lines' });
  });
});
