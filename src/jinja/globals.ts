import { bind, integer } from './values/arguments.ts';
import type { Budget } from './budget.ts';
import { TemplateMistake } from './mistake.ts';
import { itemsOf } from './values/operators.ts';
import { Callable, Dict, List, LoopState, Namespace, Undefined, type Arguments, type Value } from './values/value.ts';

const REFUSED: Readonly<Record<string, string>> = {
  now: 'gives another text each time',
  lipsum: 'gives another text each time',
  vars: 'has all variables of Ansible',
  omit: 'is for a module’s arguments',
};

const GLOBALS: Readonly<Record<string, (given: Arguments, budget: Budget) => Value>> = {
  range,
  dict,
  namespace,
  undef,
  joiner,
  cycler,
};

/** Jinja’s own functions; the unsupported ones with their reasons. @throws TemplateMistake */
export function globalNamed(name: string, budget: Budget): Value | undefined {
  if (Object.hasOwn(REFUSED, name)) throw new TemplateMistake(`“${name}” is not supported: it ${REFUSED[name] ?? ''}`);
  const found = Object.hasOwn(GLOBALS, name) ? GLOBALS[name] : undefined;
  return found && new Callable(name, (given) => found(given, budget));
}

function range({ positional, named }: Arguments, budget: Budget): Value {
  const [a = 0, b, step = 1] = positional.map(integer);
  if (named.size > 0 || positional.length === 0 || positional.length > 3 || step === 0)
    throw new TemplateMistake('gets a range that is none');
  const [from, to] = b === undefined ? [0, a] : [a, b];
  const count = Math.max(0, Math.ceil((to - from) / step));
  budget.items(count);
  return new List(
    Array.from({ length: count }, (_, index) => BigInt(from + index * step)),
    'range',
  );
}

function dict({ positional: [first], named }: Arguments, budget: Budget): Value {
  const made = new Dict(first instanceof Dict ? first.entries() : []);
  if (first !== undefined && !(first instanceof Dict))
    for (const pair of itemsOf(first, budget)) {
      const [key = null, value, ...more] = itemsOf(pair, budget);
      if (value === undefined || more.length > 0)
        throw new TemplateMistake('makes a mapping of something that are no pairs');
      made.set(key, value);
    }
  for (const [key, value] of named) made.set(key, value);
  return made;
}

function namespace({ positional, named }: Arguments): Value {
  const made = new Namespace();
  for (const first of positional)
    if (first instanceof Dict)
      for (const [key, value] of first.entries()) if (typeof key === 'string') made.attributes.set(key, value);
  for (const [key, value] of named) made.attributes.set(key, value);
  return made;
}

function undef(given: Arguments): Value {
  const { hint = null } = bind(given, ['hint']);
  return new Undefined(typeof hint === 'string' && hint !== '' ? hint : 'Mandatory variable has not been overridden');
}

function joiner(given: Arguments): Value {
  const { sep = ', ' } = bind(given, ['sep']);
  let used = false;
  return new Callable('joiner', () => {
    const text = used ? sep : '';
    used = true;
    return text;
  });
}

function cycler({ positional: items }: Arguments): Value {
  if (items.length === 0) throw new TemplateMistake('cycles through nothing');
  let at = 0;
  const current = (): Value => items[at] ?? null;
  const next = new Callable('next', () => {
    const item = current();
    at = (at + 1) % items.length;
    return item;
  });
  const reset = new Callable('reset', () => {
    at = 0;
    return null;
  });
  return new LoopState((attribute) => {
    if (attribute === 'current') return current();
    return attribute === 'next' ? next : attribute === 'reset' ? reset : undefined;
  });
}
