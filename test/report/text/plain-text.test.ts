import { describe, expect, it } from 'vitest';
import { cut, oneLine, runsOf, visible } from '../../../src/report/text/plain-text.ts';

describe('visible', () => {
  it.each([
    ['\u001B[31mred\u001B[0m', 'red'],
    ['a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
    ['\u202Eevil\u2066 \u200Bx', 'evil x'],
    ['bell\u0007 null\u0000', 'bell null'],
    ['tab\there', 'tab  here'],
    ['trailing   \nspaces  ', 'trailing\nspaces'],
    ['half \uD83D pair', 'half \uFFFD pair'],
    ['whole 😀 pair, 名前', 'whole 😀 pair, 名前'],
  ])('%j shows as %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('makes one line of several', () => {
    expect(oneLine('  a\n\n b\tc ')).toBe('a b c');
  });
});

describe('cut', () => {
  it.each([
    ['short', 10, 'short'],
    ['exactly ten', 11, 'exactly ten'],
    ['exactly ten', 10, 'exactly t…'],
    ['😀😀', 3, '😀…'],
    ['😀😀😀', 4, '😀…'],
  ])('%j at %d is %j', (text, limit, shown) => {
    expect(cut(text, limit)).toBe(shown);
  });
});

describe('runsOf', () => {
  it.each([
    [
      'run `a b` now',
      [
        { text: 'run ', code: false },
        { text: 'a b', code: true },
        { text: ' now', code: false },
      ],
    ],
    ['a ` alone', [{ text: 'a ` alone', code: false }]],
    ['``', [{ text: '``', code: false }]],
    ['', []],
  ])('%j', (text, runs) => {
    expect(runsOf(text)).toEqual(runs);
  });
});
