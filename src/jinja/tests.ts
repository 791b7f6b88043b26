import { lettersOf } from './text/letters.ts';
import { quoted } from './text/quoted.ts';
import { bind, defined, integer, string } from './values/arguments.ts';
import type { Budget } from './budget.ts';
import { TemplateMistake } from './mistake.ts';
import {
  arithmetic,
  compared,
  isIn,
  isTrue,
  itemsOf,
  numberOf,
  sameValue,
  type CompareSign,
} from './values/operators.ts';
import { booleanOf } from './values/python-boolean.ts';
import { textOf } from './values/python-text.ts';
import { Regex } from './text/regex.ts';
import { isLower, isUpper } from './methods/text-methods.ts';
import { Callable, Dict, List, Scope, Undefined, type Arguments, type Value } from './values/value.ts';
import { isVersion } from './values/version.ts';

type Test = (value: Value, given: Arguments, context: { budget: Budget }) => boolean;

const kind =
  (is: (value: Value) => boolean): Test =>
  (value, given) => {
    bind(given, []);
    return is(value);
  };

const comparison =
  (sign: CompareSign): Test =>
  (value, given, { budget }) =>
    compared(sign, value, bind(given, ['other'], 1).other ?? null, budget);

const remainder =
  (rest: bigint): Test =>
  (value, given, { budget }) => {
    bind(given, []);
    return sameValue(arithmetic('%', value, 2n, budget), rest, budget);
  };

const isSequence = (value: Value): boolean =>
  typeof value === 'string' ||
  value instanceof Dict ||
  (value instanceof List && value.kind !== 'view' && value.kind !== 'set') ||
  value instanceof Scope;

const isIterable = (value: Value): boolean => isSequence(value) || value instanceof List;

const matches =
  (how: 'match' | 'search'): Test =>
  (value, given, evaluator) => {
    const {
      pattern = '',
      ignorecase = false,
      multiline = false,
      match_type: type = how,
    } = bind(given, ['pattern', 'ignorecase', 'multiline', 'match_type']);
    return matched(value, pattern, ignorecase, multiline, type, evaluator);
  };

function matched(
  value: Value,
  pattern: Value,
  ignoreCase: Value,
  multiline: Value,
  type: Value,
  { budget }: { budget: Budget },
): boolean {
  const flags = { ignoreCase: isTrue(ignoreCase), multiline: isTrue(multiline), dotAll: false };
  const regex = new Regex(string(pattern), flags, budget);
  const letters = lettersOf(textOf(value, budget));
  if (type === 'search') return regex.search(letters) !== null;
  if (type === 'match') return regex.matchAt(letters, 0, false) !== null;
  throw new TemplateMistake('has a match_type that is not supported');
}

const truth =
  (wanted: boolean): Test =>
  (value, given) => {
    const { convert_bool: converts = false } = bind(given, ['convert_bool']);
    const converted = isTrue(converts) ? (booleanOf(value) ?? value) : value;
    return isTrue(converted) === wanted;
  };

const subset =
  (swapped: boolean): Test =>
  (value, given, { budget }) => {
    const other = bind(given, ['b'], 1).b ?? null;
    const [small, large] = swapped ? [other, value] : [value, other];
    const all = itemsOf(large, budget);
    return itemsOf(small, budget).every((item) => {
      budget.items(all.length);
      return all.some((each) => sameValue(each, item, budget));
    });
  };

const TESTS: Readonly<Record<string, Test>> = {
  defined: kind((value) => !(value instanceof Undefined)),
  undefined: kind((value) => value instanceof Undefined),
  none: kind((value) => value === null),
  boolean: kind((value) => typeof value === 'boolean'),
  true: kind((value) => value === true),
  false: kind((value) => value === false),
  integer: kind((value) => typeof value === 'bigint'),
  float: kind((value) => typeof value === 'number'),
  number: kind((value) => numberOf(value) !== null),
  string: kind((value) => typeof value === 'string'),
  mapping: kind((value) => value instanceof Dict || value instanceof Scope),
  sequence: kind((value) => isSequence(defined(value))),
  iterable: kind((value) => isIterable(defined(value))),
  callable: kind((value) => value instanceof Callable),
  odd: remainder(1n),
  even: remainder(0n),
  divisibleby: (value, given, { budget }) =>
    sameValue(arithmetic('%', value, BigInt(integer(bind(given, ['num'], 1).num ?? null)), budget), 0n, budget),
  lower: (value, given, { budget }) => (bind(given, []), isLower(textOf(value, budget))),
  upper: (value, given, { budget }) => (bind(given, []), isUpper(textOf(value, budget))),
  sameas: (value, given) => Object.is(value, bind(given, ['other'], 1).other),
  in: (value, given, { budget }) => isIn(value, bind(given, ['seq'], 1).seq ?? null, budget),
  contains: (value, given, { budget }) => isIn(bind(given, ['value'], 1).value ?? null, value, budget),
  eq: comparison('=='),
  ne: comparison('!='),
  lt: comparison('<'),
  le: comparison('<='),
  gt: comparison('>'),
  ge: comparison('>='),
  match: matches('match'),
  search: matches('search'),
  regex: matches('search'),
  truthy: truth(true),
  falsy: truth(false),
  any: (value, given, { budget }) => (bind(given, []), itemsOf(value, budget).some(isTrue)),
  all: (value, given, { budget }) => (bind(given, []), itemsOf(value, budget).every(isTrue)),
  subset: subset(false),
  superset: subset(true),
  version: isVersion,
};

const OTHER_NAMES: Readonly<Record<string, string>> = {
  '==': 'eq',
  equalto: 'eq',
  '!=': 'ne',
  '<': 'lt',
  lessthan: 'lt',
  '<=': 'le',
  '>': 'gt',
  greaterthan: 'gt',
  '>=': 'ge',
  issubset: 'subset',
  issuperset: 'superset',
  version_compare: 'version',
};

const OF_PRESENCE = /^(?:ansible\.builtin\.)?(?:defined|undefined|none|string|mapping|sequence|iterable)$/;

/** Whether a test asks nothing of a text’s content. */
export function isPresenceTest(name: string): boolean {
  return OF_PRESENCE.test(name);
}

/** @throws TemplateMistake */
export function testNamed(written: string): Test {
  const name = written.replace(/^ansible\.builtin\./, '');
  const own = Object.hasOwn(OTHER_NAMES, name) ? (OTHER_NAMES[name] ?? name) : name;
  const test = Object.hasOwn(TESTS, own) ? TESTS[own] : undefined;
  if (!test) throw new TemplateMistake(`the test ${quoted(written)} is not supported`);
  return test;
}
