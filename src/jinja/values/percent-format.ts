import { lettersOf } from '../text/letters.ts';
import type { Budget } from '../budget.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';
import { reprOf, textOf, typeName } from './python-text.ts';
import { fixedDigits } from './rounding.ts';
import { Dict, List, type Value } from './value.ts';

const FIELD = /%(?:\(([^)]*)\))?([-+ 0#]*)(\d{0,4})(?:\.(\d{0,3}))?[hlL]?([\s\S]?)/g;

/** Python’s `text % values`. */
export function percentFormat(text: string, values: Value, budget: Budget): string {
  const listed = values instanceof List && values.kind === 'tuple' ? values.items : [values];
  let used = 0;
  const made = text.replaceAll(FIELD, (_, key: string | undefined, flags: string, width: string, precision, type) => {
    if (type === '%') return '%';
    let value: Value | undefined;
    if (key === undefined) value = listed[used++];
    else value = values instanceof Dict ? values.get(key) : undefined;
    if (value === undefined) throw new TemplateMistake('has a format that asks for more values than it gets');
    const digits = precision === undefined ? null : Number(precision);
    const written = field(String(type), value, digits, flags, budget);
    return padded(written, flags, Number(width), /[dioxXeEfFgGu]/.test(String(type)));
  });
  if (
    used < listed.length &&
    !(values instanceof Dict) &&
    !(used === 0 && values instanceof List && values.kind !== 'tuple')
  )
    throw new TemplateMistake('has a format that does not use all of its values');
  return budget.text(made);
}

function field(type: string, value: Value, digits: number | null, flags: string, budget: Budget): string {
  switch (type) {
    case 's':
    case 'r': {
      const text = type === 's' ? textOf(value, budget) : reprOf(value, budget);
      return digits === null ? text : lettersOf(text).slice(0, digits).join('');
    }
    case 'd':
    case 'i':
    case 'u':
      return signed(String(integerOf(value)), flags);
    case 'x':
    case 'X':
    case 'o': {
      if (flags.includes('#')) throw notSupported('the flag # of a format');
      const text = integerOf(value).toString(type === 'o' ? 8 : 16);
      return signed(type === 'X' ? text.toUpperCase() : text, flags);
    }
    case 'f':
    case 'F':
      return signed(fixedDigits(floatOf(value), digits ?? 6), flags);
    default:
      throw notSupported(`the format %${type}`);
  }
}

function signed(figures: string, flags: string): string {
  if (figures.startsWith('-')) return figures;
  return `${flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''}${figures}`;
}

function padded(text: string, flags: string, width: number, isFigure: boolean): string {
  const missing = width - lettersOf(text).length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0') || !isFigure) return ' '.repeat(missing) + text;
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

function integerOf(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt(Math.trunc(value));
  throw new TemplateMistake(`has a format for a number, and gets ${typeName(value)}`);
}

function floatOf(value: Value): number {
  const number = typeof value === 'boolean' || typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new TemplateMistake(`has a format for a number, and gets ${typeName(value)}`);
}
