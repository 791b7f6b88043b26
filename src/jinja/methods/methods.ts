import { quoted } from '../text/quoted.ts';
import { bind, integer } from '../values/arguments.ts';
import type { Budget } from '../budget.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';
import { compareOrder, hashable, itemsOf, sameValue } from '../values/operators.ts';
import { typeName } from '../values/python-text.ts';
import { TEXT_METHODS } from './text-methods.ts';
import { Callable, Dict, List, Undefined, type Arguments, type Value } from '../values/value.ts';

type DictMethod = (dict: Dict, given: Arguments, budget: Budget) => Value;
type ListMethod = (list: List, given: Arguments, budget: Budget) => Value;

const DICT_METHODS: Readonly<Record<string, DictMethod>> = {
  items: (dict, given) => {
    bind(given, []);
    return new List(
      [...dict.entries()].map((entry) => new List([...entry], 'tuple')),
      'view',
    );
  },
  keys: (dict, given) => {
    bind(given, []);
    return new List(dict.keys(), 'view');
  },
  values: (dict, given) => {
    bind(given, []);
    return new List(dict.values(), 'view');
  },
  get(dict, given) {
    const { key = null, default: fallback = null } = bind(given, ['key', 'default'], 1);
    return dict.get(hashable(key)) ?? fallback;
  },
  copy(dict, given) {
    bind(given, []);
    return new Dict(dict.entries());
  },
  update(dict, { positional, named }, budget) {
    const [other = new Dict()] = positional;
    if (!(other instanceof Dict) || positional.length > 1)
      throw notSupported('update with something that is no mapping');
    for (const [key, value] of [...other.entries(), ...named]) dict.set(key, value);
    budget.items(dict.size);
    return null;
  },
  setdefault(dict, given, budget) {
    const { key = null, default: fallback = null } = bind(given, ['key', 'default'], 1);
    if (!dict.has(hashable(key))) dict.set(key, fallback);
    budget.items(dict.size);
    return dict.get(key) ?? null;
  },
  pop(dict, given) {
    const { key = null, default: fallback } = bind(given, ['key', 'default'], 1);
    const value = dict.get(hashable(key)) ?? fallback;
    if (value === undefined) throw new TemplateMistake('takes a key out of a mapping that is not there');
    dict.delete(key);
    return value;
  },
};

const LIST_METHODS: Readonly<Record<string, ListMethod>> = {
  append(list, given, budget) {
    list.items.push(bind(given, ['object'], 1).object ?? null);
    budget.items(list.items.length);
    return null;
  },
  extend(list, given, budget) {
    const more = itemsOf(bind(given, ['iterable'], 1).iterable ?? null, budget);
    budget.items(list.items.length + more.length);
    list.items.push(...more);
    return null;
  },
  insert(list, given, budget) {
    const { index = null, object = null } = bind(given, ['index', 'object'], 2);
    list.items.splice(integer(index), 0, object);
    budget.items(list.items.length);
    return null;
  },
  pop(list, given) {
    const at = integer(bind(given, ['index']).index ?? -1n);
    const [item] = list.items.splice(at < 0 ? at + list.items.length : at, 1);
    if (item === undefined) throw new TemplateMistake('takes an item out of a list that is not there');
    return item;
  },
  remove(list, given, budget) {
    list.items.splice(placeOf(list, given, budget), 1);
    return null;
  },
  index: (list, given, budget) => BigInt(placeOf(list, given, budget)),
  count(list, given, budget) {
    const { value = null } = bind(given, ['value'], 1);
    budget.items(list.items.length);
    return BigInt(list.items.filter((item) => sameValue(item, value, budget)).length);
  },
  reverse(list, given) {
    bind(given, []);
    list.items.reverse();
    return null;
  },
  sort(list, given, budget) {
    bind(given, []);
    budget.items(list.items.length * 8);
    list.items.sort((a, b) => compareOrder(a, b, budget));
    return null;
  },
  copy(list, given) {
    bind(given, []);
    return new List([...list.items]);
  },
  clear(list, given) {
    bind(given, []);
    list.items.length = 0;
    return null;
  },
};

function placeOf(list: List, given: Arguments, budget: Budget): number {
  const { value = null } = bind(given, ['value'], 1);
  budget.items(list.items.length);
  const at = list.items.findIndex((item) => sameValue(item, value, budget));
  if (at === -1) throw new TemplateMistake('looks for something that is not in the list');
  return at;
}

/** A tuple has no mutating methods. */
const OF_TUPLES = ['index', 'count'];
/** Python’s other attributes: refused, because they would hide an item of that name. */
const OTHERS =
  /^(?:as_integer_ratio|bit_count|bit_length|conjugate|denominator|encode|expandtabs|from_bytes|fromhex|fromkeys|hex|imag|is_integer|isascii|isidentifier|isprintable|istitle|maketrans|numerator|popitem|real|rfind|rindex|format_map|start|step|stop|to_bytes|translate|isdisjoint|mapping)$/;

/** A method of the value; unknown if Python has none of that name. @throws TemplateMistake for unsupported ones. */
export function methodOf(value: Value, name: string, budget: Budget): Value | undefined {
  const method = boundMethod(value, name, budget);
  if (method) return new Callable(name, (given) => method(given));
  if (OTHERS.test(name) && !(value instanceof Undefined) && hasPythonAttribute(value, name))
    throw notSupported(`${quoted(name)} of ${typeName(value)}`);
  return undefined;
}

function hasPythonAttribute(value: Value, name: string): boolean {
  if (value instanceof Dict) return name === 'fromkeys' || name === 'popitem';
  if (value instanceof List)
    return value.kind === 'range' ? /^(?:start|stop|step)$/.test(name) : /^(?:isdisjoint|mapping)$/.test(name);
  return true;
}

function boundMethod(value: Value, name: string, budget: Budget): ((given: Arguments) => Value) | null {
  if (typeof value === 'string') return own(TEXT_METHODS, name, (method) => (given) => method(value, given, budget));
  if (value instanceof Dict) return own(DICT_METHODS, name, (method) => (given) => method(value, given, budget));
  if (!(value instanceof List) || value.kind === 'view') return null;
  if (value.kind !== 'list' && !OF_TUPLES.includes(name)) return null;
  return own(LIST_METHODS, name, (method) => (given) => method(value, given, budget));
}

function own<T, R>(table: Readonly<Record<string, T>>, name: string, use: (method: T) => R): R | null {
  const method = Object.hasOwn(table, name) ? table[name] : undefined;
  return method === undefined ? null : use(method);
}
