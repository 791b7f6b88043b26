import { integerOf } from '../values/number-text.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';
import type { Value } from '../values/value.ts';

const WORD = '([0-9a-f]{1,2})';
const PAIR = '([0-9a-f]{1,4})';
const HALF = '([0-9a-f]{5,6})';
/** What netaddr takes for 48 bits. */
const FORMATS = [
  ...[':', '-'].map((sign) => Array(6).fill(WORD).join(sign)),
  ...[':', '-', String.raw`\.`].map((sign) => Array(3).fill(PAIR).join(sign)),
  ...['-', ':'].map((sign) => Array(2).fill(HALF).join(sign)),
  '([0-9a-f]{11,12})',
].map((format) => new RegExp(`^${format}\n?$`, 'i'));
const LONGER = /^[0-9a-f]{1,4}(?:[:.-][0-9a-f]{1,4}){3}$|^[0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){7}$|^[0-9a-f]{14,16}$/i;
const MOST = (1n << 48n) - 1n;

/** 48 bits; null if it is not a hardware address. */
export function hardwareAddress(text: string): bigint | null {
  if (text.length > 40) return null;
  for (const format of FORMATS) {
    const words = format.exec(text)?.slice(1);
    if (words) return BigInt(`0x${words.map((word) => word.padStart(12 / words.length, '0')).join('')}`);
  }
  const number = integerOf(text, 10);
  if (LONGER.test(text.trim()) || (number !== null && number > MOST))
    throw notSupported('a hardware address of 64 bits');
  return number !== null && number >= 0n ? number : null;
}

type Style = readonly [letters: number, sign: string, upper: boolean, padded: boolean];
const STYLES: Readonly<Record<string, Style>> = {
  bare: [12, '', true, true],
  cisco: [4, '.', false, true],
  eui48: [2, '-', true, true],
  win: [2, '-', true, true],
  linux: [2, ':', false, true],
  unix: [2, ':', false, false],
  pgsql: [6, ':', false, true],
  postgresql: [6, ':', false, true],
  psql: [6, ':', false, true],
};

/** `ansible.utils.hwaddr`. @throws TemplateMistake for unknown queries, or values that are not addresses. */
export function hwaddr(text: string, query: string): Value {
  const value = hardwareAddress(text);
  if (query === '') return value === null ? null : text;
  if (query === 'bool') return value === null ? null : true;
  if (value === null) throw new TemplateMistake('asks that of something that is no hardware address');
  if (query === 'int') return value;
  const style = Object.hasOwn(STYLES, query) ? STYLES[query] : undefined;
  if (!style) throw new TemplateMistake('asks hwaddr for something that it does not know');
  const [letters, sign, upper, padded] = style;
  const digits = value.toString(16).padStart(12, '0');
  const words = Array.from({ length: 12 / letters }, (_, index) =>
    digits.slice(index * letters, (index + 1) * letters),
  );
  const written = words.map((word) => (padded ? word : Number.parseInt(word, 16).toString(16))).join(sign);
  return upper ? written.toUpperCase() : written;
}

/** The last 64 bits of the address that a host gives itself (RFC 4291). */
export function interfaceIdentifier(hardware: bigint): bigint {
  return (((hardware >> 24n) << 40n) | 0xfffe000000n | (hardware & 0xffffffn)) ^ 0x0200000000000000n;
}
