import { TemplateMistake } from '../mistake.ts';
import { SPACES } from '../text/letters.ts';
import { numberOf } from './operators.ts';
import type { Value } from './value.ts';

const FIGURES = new RegExp(String.raw`^[${SPACES}]*([-+]?)([\s\S]*?)[${SPACES}]*$`);
const MOST_DIGITS = 400;

/** Python’s `int(text, base)`; null if not a number. */
export function integerOf(text: string, base: number): bigint | null {
  if (text.length > MOST_DIGITS) throw new TemplateMistake('reads too long a number');
  const [, sign = '', written = ''] = FIGURES.exec(text) ?? [];
  const prefixes: Readonly<Record<number, string>> = { 2: '0b', 8: '0o', 16: '0x' };
  const prefix = prefixes[base] ?? '';
  const body = prefix !== '' && written.toLowerCase().startsWith(prefix) ? written.slice(2).replace(/^_/, '') : written;
  if (!/^[\da-z]+(?:_[\da-z]+)*$/i.test(body)) return null;
  let value = 0n;
  for (const letter of body.replaceAll('_', '')) {
    const digit = Number.parseInt(letter, 36);
    if (!(digit < base)) return null;
    value = value * BigInt(base) + BigInt(digit);
  }
  return sign === '-' ? -value : value;
}

/** Python’s `float(text)`; null if not a number. */
export function floatOf(value: Value): number | null {
  const number = numberOf(value);
  if (number !== null) return Number(number);
  if (typeof value !== 'string') return null;
  if (value.length > MOST_DIGITS) throw new TemplateMistake('reads too long a number');
  const [, sign = '', written = ''] = FIGURES.exec(value) ?? [];
  const size = /^(?:inf|infinity)$/i.test(written)
    ? Infinity
    : /^nan$/i.test(written)
      ? NaN
      : /^(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+(?:_\d+)*)?$/i.test(written)
        ? Number(written.replaceAll('_', ''))
        : null;
  return size === null ? null : sign === '-' ? -size : size;
}
