import { bind } from './arguments.ts';
import type { Budget } from '../budget.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';
import { compareOrder, isTrue } from './operators.ts';
import { textOf } from './python-text.ts';
import { List, type Arguments, type Value } from './value.ts';

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};
const SIGNS: Readonly<Record<string, string>> = {
  '==': 'eq',
  '=': 'eq',
  '!=': 'ne',
  '<>': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

/** `is version('7.0', '>=')`, loose comparison only; strict, semver and pep440 are not supported. */
export function isVersion(value: Value, given: Arguments, { budget }: { budget: Budget }): boolean {
  const {
    version = null,
    operator = 'eq',
    strict = null,
    version_type: type = null,
  } = bind(given, ['version', 'operator', 'strict', 'version_type'], 1);
  if (strict !== null || (type !== null && type !== 'loose')) throw notSupported('a version other than a loose one');
  if (!isTrue(value) || !isTrue(version)) throw new TemplateMistake('compares a version that is empty');
  const name = SIGNS[textOf(operator, budget)] ?? textOf(operator, budget);
  const holds = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!holds) throw new TemplateMistake('compares versions in a way that is not known');
  return holds(compareOrder(parts(textOf(value, budget)), parts(textOf(version, budget)), budget));
}

/** Python’s LooseVersion: numbers and words. */
function parts(version: string): List {
  const words = version.split(/(\d+|[a-z]+|\.)/).filter((word) => word !== '' && word !== '.');
  return new List(words.map((word) => (/^\d+$/.test(word) && word.length < 100 ? BigInt(word) : word)));
}
