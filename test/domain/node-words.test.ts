import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeWords } from '../../src/domain/node-words.ts';
import { Secret } from '../../src/domain/secret.ts';

describe('the words of a node', () => {
  it.each([
    ['a line', 'bash: not found\n', 'bash: not found'],
    ['lines', 'one\r\n\n  two\n', 'one two'],
    ['colours and a bell', '\u001B[31mred\u001B[0m\u0007', '[31mred [0m'],
    ['a line that overwrites another', 'evil\rgood', 'evil good'],
    ['text that runs backwards', 'a\u202Eb', 'a b'],
    ['a password that is known', 'AUTH canary', 'AUTH ••••••'],
    ['a password that is known, with something in it', 'AUTH can\u0000ary', 'AUTH can ary'],
    ['a password that Redis’s directive names', 'first\nrequirepass other\nlast', 'first requirepass •••••• last'],
  ])('have %s', (_, text, words) => {
    expect(nodeWords(text, [new Secret('canary')])).toBe(words);
  });

  it('are short, and never half a secret', () => {
    const secret = 'canary-'.repeat(10);
    const words = nodeWords(`${'x'.repeat(280)}${secret}${'y'.repeat(1000)}`, [new Secret(secret)]);
    expect(words).toHaveLength(300);
    expect(words).not.toContain('canary');
  });

  it('have no control character, whatever is printed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const words = nodeWords(text);
        expect(words).not.toMatch(/\p{Cc}|\u202E/u);
        expect(words.length).toBeLessThanOrEqual(300);
      }),
    );
  });
});
