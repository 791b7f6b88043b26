import type { Budget } from '../budget.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';
import { Atom } from './atom.ts';
import { Dict, List, Undefined, type Value } from './value.ts';

/** Python’s `str()`. @throws TemplateMistake for undefined values, and types without text. */
export function textOf(value: Value, budget: Budget): string {
  if (value instanceof Atom) return budget.text(value.string);
  return typeof value === 'string' ? value : budget.text(written(value, budget, 0));
}

/** What a template prints: bytes as their text. @throws TemplateMistake as `textOf` */
export function printedText(value: Value, budget: Budget): string {
  return value instanceof Atom ? budget.text(value.text) : textOf(value, budget);
}

/** Python’s `repr()`. */
export function reprOf(value: Value, budget: Budget): string {
  return budget.text(written(value, budget, 0));
}

const DEEPEST = 60;

function written(value: Value, budget: Budget, depth: number): string {
  budget.spend();
  if (depth > DEEPEST) throw new TemplateMistake('is nested too deeply');
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return floatText(value);
  if (typeof value === 'string') return repr(value);
  if (value instanceof Atom) return value.repr;
  const inner = (item: Value): string => written(item, budget, depth + 1);
  if (value instanceof List) return listText(value, inner);
  if (value instanceof Dict) {
    const entries = [...value.entries()].map(([key, each]) => `${inner(key)}: ${inner(each)}`);
    return `{${joined(entries, budget)}}`;
  }
  if (value instanceof Undefined) {
    if (value.isEmpty) return '';
    throw value.mistake();
  }
  throw notSupported('the text of a function, namespace, loop or of all of hostvars');

  function listText({ kind, items }: List, each: (item: Value) => string): string {
    switch (kind) {
      case 'list':
        return `[${joined(items.map(each), budget)}]`;
      case 'tuple':
        return items.length === 1 ? `(${each(items[0] ?? null)},)` : `(${joined(items.map(each), budget)})`;
      // Python’s order of a set’s texts differs from run to run: the file’s is as good.
      case 'set':
        return items.length === 0 ? 'set()' : `{${joined(items.map(each), budget)}}`;
      case 'range':
      case 'view':
        throw notSupported('the text of a range or of items(), keys() or values() (use |list)');
    }
  }
}

function joined(parts: readonly string[], budget: Budget): string {
  budget.length(parts.reduce((sum, part) => sum + part.length + 2, 0));
  return parts.join(', ');
}

/** The shortest digits that give the same number back, like Python. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  if (value === 0) return '0.0';
  const [mantissa = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16)
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  if (exponent < 0) {
    const sign = value < 0 ? '-' : '';
    return `${sign}0.${'0'.repeat(-exponent - 1)}${mantissa.replace(/[-.]/g, '')}`;
  }
  const plain = String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };
/** Not printable by Python’s `isprintable`, except the space. */
const UNPRINTABLE = /[\p{C}\p{Z}]/u;

function repr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let written = quote;
  for (const letter of text) {
    if (letter === quote) written += `\\${letter}`;
    else if (ESCAPES[letter] !== undefined) written += ESCAPES[letter];
    else if (letter !== ' ' && UNPRINTABLE.test(letter)) written += escaped(letter.codePointAt(0) ?? 0);
    else written += letter;
  }
  return written + quote;
}

function escaped(code: number): string {
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

/** Python’s name of the type. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float';
    case 'string':
      return 'str';
    case 'object':
    case 'undefined':
    case 'function':
    case 'symbol':
      if (value instanceof Atom) return value.type;
      if (value instanceof List) return value.kind === 'view' ? 'dict_items' : value.kind;
      if (value instanceof Dict) return 'dict';
      return value instanceof Undefined ? 'Undefined' : 'object';
  }
}
