import { lettersOf } from '../text/letters.ts';
import { quoted } from '../text/quoted.ts';
import type { Budget } from '../budget.ts';
import { methodOf } from './methods.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';
import { numberOf } from '../values/operators.ts';
import { typeName } from '../values/python-text.ts';
import { Atom } from '../values/atom.ts';
import {
  Callable,
  Dict,
  isHashable,
  List,
  LoopState,
  Namespace,
  Scope,
  Undefined,
  type Value,
} from '../values/value.ts';

/** Ansible’s undefined accepts any attribute; an empty one does not. */
function strict(value: Undefined): Undefined {
  if (value.isEmpty) throw value.mistake();
  return value;
}

/** `value.name`: Python’s attribute first, then the item, like Jinja’s getattr. */
export function attributeOf(value: Value, name: string, budget: Budget): Value {
  return ownAttribute(value, name, budget) ?? itemNamed(value, name) ?? missing(value, name);
}

/** `value[key]`: the item first, then an attribute for texts, like Jinja’s getitem. */
export function itemOf(value: Value, key: Value, budget: Budget): Value {
  if (value instanceof Undefined) return strict(value);
  if (key instanceof Undefined) throw key.mistake();
  if (typeof key === 'string') return itemNamed(value, key) ?? ownAttribute(value, key, budget) ?? missing(value, key);
  const item = indexed(value, key);
  return item ?? new Undefined(`${typeName(value)} has no such item`);
}

function indexed(value: Value, key: Value): Value | undefined {
  if (value instanceof Dict) return isHashable(key) ? value.get(key) : undefined;
  const index = typeof key === 'number' ? null : numberOf(key);
  if (typeof index !== 'bigint') return undefined;
  const items = typeof value === 'string' ? lettersOf(value) : value instanceof List ? value.items : [];
  if (value instanceof List && (value.kind === 'view' || value.kind === 'set')) return undefined;
  return items.at(Number(index >= 0n || -index <= BigInt(items.length) ? index : BigInt(items.length)));
}

function itemNamed(value: Value, name: string): Value | undefined {
  if (value instanceof Dict) return value.get(name);
  return value instanceof Scope ? value.get(name) : undefined;
}

function ownAttribute(value: Value, name: string, budget: Budget): Value | undefined {
  if (value instanceof Undefined) return strict(value);
  if (name.startsWith('__')) throw notSupported(`the attribute ${quoted(name)}`);
  if (value instanceof LoopState) return value.attribute(name);
  if (value instanceof Scope && name === 'get') return getOf(value);
  if (value instanceof Namespace) return value.attributes.get(name);
  if (value instanceof Callable) throw notSupported(`the attribute ${quoted(name)} of a function`);
  if (value instanceof Atom || (value instanceof List && value.kind === 'set'))
    throw notSupported(`the attribute ${quoted(name)} of a ${typeName(value)}`);
  return methodOf(value, name, budget);
}

/** `hostvars.get(host)`, `hostvars[host].get(name, default)`. */
function getOf(scope: Scope): Value {
  return new Callable('get', ({ positional: [name, otherwise = null] }) => {
    if (typeof name !== 'string') throw new TemplateMistake('gets something whose name is no text');
    // Ansible’s hostvars gives something undefined for a host that is not there, whatever the default.
    return scope.get(name) ?? (scope.what === 'hostvars' ? missing(scope, name) : otherwise);
  });
}

function missing(value: Value, name: string): Value {
  const what = value instanceof Scope ? value.what : typeName(value);
  return new Undefined(`${what} has no ${quoted(name)}`, name);
}

/** `value[from:to:step]` of a text or a list. */
export function slicedOf(value: Value, from: Value, to: Value, step: Value, budget: Budget): Value {
  if (value instanceof Undefined) return strict(value);
  const [first, end, every] = [bound(from), bound(to), bound(step) ?? 1];
  if (typeof value === 'string') return partOf(lettersOf(budget.text(value)), first, end, every).join('');
  if (!(value instanceof List) || value.kind === 'set') throw new TemplateMistake(`takes a part of ${typeName(value)}`);
  budget.items(value.items.length);
  return new List(partOf(value.items, first, end, every), value.kind);
}

function bound(value: Value): number | null {
  if (value === null) return null;
  const number = typeof value === 'number' ? null : numberOf(value);
  if (number === null) throw new TemplateMistake('takes a part from or to something that is no whole number');
  return Number(number);
}

function partOf<T>(items: readonly T[], from: number | null, to: number | null, step: number): T[] {
  if (step === 0) throw new TemplateMistake('takes a part in steps of 0');
  const { length } = items;
  const [least, most] = step > 0 ? [0, length] : [-1, length - 1];
  const clamp = (at: number): number => Math.min(Math.max(at < 0 ? at + length : at, least), most);
  const first = from === null ? (step > 0 ? least : most) : clamp(from);
  const end = to === null ? (step > 0 ? most : least) : clamp(to);
  const part: T[] = [];
  for (let at = first; step > 0 ? at < end : at > end; at += step) {
    const item = items[at];
    if (item !== undefined) part.push(item);
  }
  return part;
}
