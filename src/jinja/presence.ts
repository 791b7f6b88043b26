import type { CallArguments, Expression } from './syntax/syntax.ts';

/** They give a value as it is, or a constant in its place. */
const KEEPING = ['default', 'd', 'mandatory', 'string', 'trim'];
const TESTS = ['defined', 'undefined', 'none', 'string', 'mapping', 'sequence', 'iterable', 'truthy', 'falsy'];

/** Whether a filter asks how many items, or letters, there are. */
export function isSizeFilter(name: string): boolean {
  return name === 'length' || name === 'count';
}

/** Whether it only reads a value: a name, an attribute, an item by a constant key. */
export function isReference(expression: Expression): boolean {
  const { kind } = expression;
  if (kind === 'name') return true;
  if (kind === 'attribute') return isReference(expression.of);
  if (kind === 'item') return isReference(expression.of) && expression.key.kind === 'constant';
  if (kind !== 'filter') return false;
  return KEEPING.includes(expression.name) && isReference(expression.of) && isConstant(expression.given);
}

function isConstant({ positional, named, spread, spreadNamed }: CallArguments): boolean {
  const values = [...positional, ...named.map(({ value }) => value)];
  return spread === null && spreadNamed === null && values.every(({ kind }) => kind === 'constant');
}

/** Whether it only asks if a value is there, or empty: `x`, `x is defined`, `x != ''`, `x | length > 0`. */
export function asksForPresence(expression: Expression): boolean {
  if (isReference(expression)) return true;
  if (expression.kind === 'test')
    return TESTS.includes(expression.name) && isReference(expression.of) && isEmpty(expression.given);
  if (expression.kind !== 'compare') return false;
  const { first, rest } = expression;
  const [comparison, ...more] = rest;
  if (comparison?.with.kind !== 'constant' || more.length > 0) return false;
  const { sign } = comparison;
  const { value } = comparison.with;
  if (isReference(first)) return (value === '' || value === null) && /^[!=]=$/.test(sign);
  const isSize = first.kind === 'filter' && isSizeFilter(first.name) && isReference(first.of);
  return isSize && ((value === 0n && /^(?:[!=]=|>)$/.test(sign)) || (value === 1n && /^(?:>=|<)$/.test(sign)));
}

function isEmpty({ positional, named, spread, spreadNamed }: CallArguments): boolean {
  return positional.length === 0 && named.length === 0 && spread === null && spreadNamed === null;
}
