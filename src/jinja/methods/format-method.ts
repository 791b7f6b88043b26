import { lettersOf } from '../text/letters.ts';
import type { Budget } from '../budget.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';
import { numberOf } from '../values/operators.ts';
import { textOf } from '../values/python-text.ts';
import { fixedDigits } from '../values/rounding.ts';
import type { Arguments, Value } from '../values/value.ts';

const FIELD = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;
const SPECIFICATION = /^(?:([\s\S])?([<>^]))?([-+ ])?(0)?(\d{0,4})(,)?(?:\.(\d{1,2}))?([dsfx]?)$/u;

/** Python’s `'{}'.format(…)`, with positions, names, width, alignment and the types d, s, f and x. */
export function formatted(text: string, { positional, named }: Arguments, budget: Budget): string {
  let next = 0;
  const made = text.replaceAll(FIELD, (all, inner: string | undefined) => {
    if (all === '{{' || all === '}}') return all.charAt(0);
    if (inner === undefined) throw new TemplateMistake('has a single brace in a format');
    const [, name = '', specification = ''] = /^([^:]*):?([\s\S]*)$/.exec(inner) ?? [];
    if (!/^\w*$/.test(name)) throw notSupported('an attribute or a conversion in a format');
    const value = /^\d*$/.test(name) ? positional[name === '' ? next++ : Number(name)] : named.get(name);
    if (value === undefined) throw new TemplateMistake('has a format that asks for more values than it gets');
    return field(value, specification, budget);
  });
  return budget.text(made);
}

function field(value: Value, specification: string, budget: Budget): string {
  if (specification === '') return textOf(value, budget);
  const match = SPECIFICATION.exec(specification);
  if (!match || match[6] !== undefined) throw notSupported(`the format {:${specification.slice(0, 20)}}`);
  const [, fill, align, sign = '', zero, width = '', , precision, type = ''] = match;
  const number = typeof value === 'boolean' && type === '' ? null : numberOf(value);
  const isText = number === null || type === 's';
  if (isText !== (typeof value === 'string')) throw notSupported('a format of that type for that value');
  const written = isText ? textOf(value, budget) : figures(number, type, precision);
  const signed = !isText && !written.startsWith('-') && sign !== '' && sign !== '-' ? sign + written : written;
  const cut = isText && precision !== undefined ? lettersOf(signed).slice(0, Number(precision)).join('') : signed;
  return aligned(cut, zero ? '0' : (fill ?? ' '), zero ? '=' : (align ?? (isText ? '<' : '>')), Number(width));
}

function figures(number: bigint | number | null, type: string, precision: string | undefined): string {
  if (type === 'f') return fixedDigits(Number(number), Number(precision ?? 6));
  if (precision !== undefined || typeof number !== 'bigint') throw notSupported('a format of that type for that value');
  return number.toString(type === 'x' ? 16 : 10);
}

function aligned(text: string, fill: string, align: string, width: number): string {
  const missing = width - lettersOf(text).length;
  if (missing <= 0) return text;
  if (align === '<') return text + fill.repeat(missing);
  if (align === '>') return fill.repeat(missing) + text;
  if (align === '^') return fill.repeat(Math.floor(missing / 2)) + text + fill.repeat(Math.ceil(missing / 2));
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + fill.repeat(missing) + text.slice(sign.length);
}
