import { lettersOf } from '../text/letters.ts';
import type { Budget } from '../budget.ts';
import { percentFormat } from './percent-format.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';
import { typeName } from './python-text.ts';
import { Atom } from './atom.ts';
import { Dict, isHashable, List, Scope, Undefined, type Value } from './value.ts';

export type ArithmeticSign = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type CompareSign = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

const MOST_BITS = 2048n;

/** False for the empty undefined. @throws TemplateMistake for any other undefined. */
function isUsed(value: Undefined): boolean {
  if (value.isEmpty) return false;
  throw value.mistake();
}

/** Python’s truth value. */
export function isTrue(value: Value): boolean {
  if (value instanceof Undefined) return isUsed(value);
  if (value instanceof List) return value.items.length > 0;
  if (value instanceof Dict) return value.size > 0;
  if (value instanceof Scope) return value.names().length > 0;
  return Boolean(value);
}

export function sameValue(a: Value, b: Value, budget: Budget, depth = 0): boolean {
  budget.spend();
  if (depth > 60) throw new TemplateMistake('is nested too deeply');
  if ((a instanceof Undefined && !isUsed(a)) || (b instanceof Undefined && !isUsed(b)))
    return a instanceof Undefined && b instanceof Undefined;
  const [left, right] = [numberOf(a), numberOf(b)];
  // JavaScript compares a bigint with a number by value, as Python does.
  // eslint-disable-next-line eqeqeq
  if (left !== null && right !== null) return left == right;
  if (a instanceof Atom && b instanceof Atom) return a.repr === b.repr;
  if (a instanceof List && b instanceof List && a.kind === 'set' && b.kind === 'set')
    return a.items.length === b.items.length && a.items.every((item) => isIn(item, b, budget));
  if (a instanceof List && b instanceof List)
    return (
      a.kind === b.kind &&
      a.items.length === b.items.length &&
      a.items.every((item, index) => sameValue(item, b.items[index] ?? null, budget, depth + 1))
    );
  if (a instanceof Dict && b instanceof Dict) {
    if (a.size !== b.size) return false;
    return [...a.entries()].every(([key, value]) => {
      const other = b.get(key);
      return other !== undefined && sameValue(value, other, budget, depth + 1);
    });
  }
  if (typeof a === 'string' && typeof b === 'string' && a.length === b.length) budget.length(a.length);
  return a === b;
}

/** Null if not a number; True is 1. */
export function numberOf(value: Value): bigint | number | null {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'bigint' || typeof value === 'number' ? value : null;
}

/** A number with `-` or `+` before it. @throws TemplateMistake */
export function signed(value: Value, negative: boolean): Value {
  if (value instanceof Undefined) throw value.mistake();
  const number = numberOf(value);
  if (number === null) throw notSupported(`a sign before ${typeName(value)}`);
  return negative ? -number : number;
}

/** Negative, 0 or positive. @throws TemplateMistake if Python cannot order the two. */
export function compareOrder(a: Value, b: Value, budget: Budget): number {
  budget.spend();
  if (a instanceof Undefined) throw a.mistake();
  if (b instanceof Undefined) throw b.mistake();
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== null && right !== null) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof a === 'string' && typeof b === 'string') {
    budget.length(Math.min(a.length, b.length));
    return compareText(a, b);
  }
  if (a instanceof List && b instanceof List && a.kind === b.kind && a.kind !== 'set') {
    for (const [index, item] of a.items.entries()) {
      const other = b.items[index];
      if (other === undefined) return 1;
      if (!sameValue(item, other, budget)) return compareOrder(item, other, budget);
    }
    return a.items.length - b.items.length;
  }
  throw new TemplateMistake(`compares ${typeName(a)} with ${typeName(b)}`);
}

/** By code points, like Python: JavaScript compares UTF-16 units. */
function compareText(a: string, b: string): number {
  const [left, right] = [a[Symbol.iterator](), b[Symbol.iterator]()];
  for (;;) {
    const [one, other] = [left.next(), right.next()];
    if (one.done || other.done) return (one.done ? 0 : 1) - (other.done ? 0 : 1);
    if (one.value !== other.value) return (one.value.codePointAt(0) ?? 0) - (other.value.codePointAt(0) ?? 0);
  }
}

export function compared(sign: CompareSign, a: Value, b: Value, budget: Budget): boolean {
  switch (sign) {
    case '==':
      return sameValue(a, b, budget);
    case '!=':
      return !sameValue(a, b, budget);
    case '<':
      return compareOrder(a, b, budget) < 0;
    case '<=':
      return compareOrder(a, b, budget) <= 0;
    case '>':
      return compareOrder(a, b, budget) > 0;
    case '>=':
      return compareOrder(a, b, budget) >= 0;
    case 'in':
      return isIn(a, b, budget);
    case 'not in':
      return !isIn(a, b, budget);
  }
}

export function isIn(item: Value, container: Value, budget: Budget): boolean {
  if (container instanceof Undefined) throw container.mistake();
  if (typeof container === 'string') {
    if (item instanceof Undefined) throw item.mistake();
    if (typeof item !== 'string') throw new TemplateMistake(`looks for ${typeName(item)} in a text`);
    budget.text(container);
    return container.includes(item);
  }
  if (container instanceof List) {
    budget.items(container.items.length);
    return container.items.some((each) => sameValue(each, item, budget));
  }
  if (container instanceof Dict) return container.has(hashable(item));
  if (container instanceof Scope) return typeof item === 'string' && container.names().includes(item);
  throw new TemplateMistake(`looks for something in ${typeName(container)}`);
}

/** @throws TemplateMistake if it cannot be a key. */
export function hashable(key: Value): Value {
  if (key instanceof Undefined) throw key.mistake();
  if (!isHashable(key)) throw new TemplateMistake(`uses ${typeName(key)} as a key`);
  return key;
}

export function arithmetic(sign: ArithmeticSign, a: Value, b: Value, budget: Budget): Value {
  if (a instanceof Undefined) throw a.mistake();
  if (b instanceof Undefined) throw b.mistake();
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== null && right !== null) return calculated(sign, left, right);
  if (sign === '+' && typeof a === 'string' && typeof b === 'string') {
    budget.length(a.length + b.length);
    return a + b;
  }
  if (
    sign === '+' &&
    a instanceof List &&
    b instanceof List &&
    a.kind === b.kind &&
    a.kind !== 'view' &&
    a.kind !== 'set'
  ) {
    budget.items(a.items.length + b.items.length);
    return new List([...a.items, ...b.items], a.kind);
  }
  if (sign === '*' && typeof right === 'bigint') return repeated(a, right, budget);
  if (sign === '*' && typeof left === 'bigint') return repeated(b, left, budget);
  if (sign === '%' && typeof a === 'string') return percentFormat(a, b, budget);
  throw new TemplateMistake(`cannot work out ${typeName(a)} ${sign} ${typeName(b)}`);
}

function repeated(value: Value, times: bigint, budget: Budget): Value {
  const count = times < 0n ? 0 : Number(times);
  if (typeof value === 'string') {
    budget.length(value.length * count);
    return value.repeat(count);
  }
  if (!(value instanceof List) || value.kind === 'view' || value.kind === 'range' || value.kind === 'set')
    throw new TemplateMistake(`cannot repeat ${typeName(value)}`);
  budget.items(value.items.length * count);
  return new List(Array.from({ length: value.items.length === 0 ? 0 : count }, () => value.items).flat(), value.kind);
}

function calculated(sign: ArithmeticSign, a: bigint | number, b: bigint | number): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return integers(sign, a, b);
  const [left, right] = [Number(a), Number(b)];
  if (/^(?:\/|\/\/|%)$/.test(sign) && right === 0) throw new TemplateMistake('divides by zero');
  switch (sign) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '//':
      return (left - flooredRest(left, right)) / right;
    case '%':
      return flooredRest(left, right);
    case '**':
      if (left < 0 && !Number.isInteger(right)) throw notSupported('a root of a negative number');
      if (left === 0 && right < 0) throw new TemplateMistake('divides by zero');
      return left ** right;
  }
}

function flooredRest(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function integers(sign: ArithmeticSign, a: bigint, b: bigint): Value {
  if (/^(?:\/|\/\/|%)$/.test(sign) && b === 0n) throw new TemplateMistake('divides by zero');
  switch (sign) {
    case '+':
      return bounded(a + b);
    case '-':
      return bounded(a - b);
    case '*':
      return bounded(a * b);
    case '/':
      return Number(a) / Number(b);
    case '//':
      return (a - flooredModulo(a, b)) / b;
    case '%':
      return flooredModulo(a, b);
    case '**':
      if (b < 0n) {
        if (a === 0n) throw new TemplateMistake('divides by zero');
        return Number(a) ** Number(b);
      }
      if (b > MOST_BITS || BigInt(a.toString(2).length) * b > MOST_BITS)
        throw new TemplateMistake('makes too large a number');
      return a ** b;
  }
}

function flooredModulo(a: bigint, b: bigint): bigint {
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

function bounded(value: bigint): bigint {
  if (value > 1n << MOST_BITS || value < -(1n << MOST_BITS)) throw new TemplateMistake('makes too large a number');
  return value;
}

/** The items of an iterable. @throws TemplateMistake */
export function itemsOf(value: Value, budget: Budget): readonly Value[] {
  if (value instanceof Undefined && !isUsed(value)) return [];
  const items =
    value instanceof List
      ? value.items
      : value instanceof Dict
        ? value.keys()
        : value instanceof Scope
          ? [...value.names()]
          : typeof value === 'string'
            ? lettersOf(budget.text(value))
            : null;
  if (items === null) throw new TemplateMistake(`goes through ${typeName(value)}, which has no items`);
  budget.items(items.length);
  return items;
}

/** @throws TemplateMistake */
export function lengthOf(value: Value): bigint {
  if (value instanceof Undefined && !isUsed(value)) return 0n;
  if (typeof value === 'string') return BigInt(lettersOf(value).length);
  if (value instanceof List) return BigInt(value.items.length);
  if (value instanceof Dict) return BigInt(value.size);
  if (value instanceof Scope) return BigInt(value.names().length);
  throw new TemplateMistake(`asks for the length of ${typeName(value)}`);
}
