import { itemOf } from '../methods/attributes.ts';
import { bind, defined, integer, string } from '../values/arguments.ts';
import type { Budget } from '../budget.ts';
import type { Evaluation, Filters } from './filter.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';
import { arithmetic, compareOrder, isTrue, itemsOf, lengthOf, sameValue } from '../values/operators.ts';
import { Dict, isHashable, List, Undefined, type Value } from '../values/value.ts';

/** `a.b.0` step by step, like the attribute of Jinja’s `map`, `sort` and others. */
export function attributeGetter(attribute: Value, budget: Budget, fallback?: Value): (item: Value) => Value {
  const parts: readonly Value[] =
    attribute === null
      ? []
      : typeof attribute === 'string'
        ? attribute.split('.').map((part) => (/^\d+$/.test(part) ? BigInt(part) : part))
        : [attribute];
  return (item) =>
    parts.reduce((value: Value, part) => {
      const found = itemOf(value, part, budget);
      return found instanceof Undefined && fallback !== undefined && fallback !== null ? fallback : found;
    }, item);
}

const folded = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value);

/** The key for comparing items: ignores case unless asked to respect it. */
function keyGetter(attribute: Value, caseSensitive: Value, evaluation: Evaluation): (item: Value) => Value {
  return comparing(attributeGetter(attribute, evaluation.budget), caseSensitive, evaluation);
}

function comparing(get: (item: Value) => Value, caseSensitive: Value, evaluation: Evaluation): (item: Value) => Value {
  const folds = !isTrue(caseSensitive);
  return (item) => {
    const key = get(item);
    evaluation.reads(key);
    return folds ? folded(key) : key;
  };
}

function sorted(items: readonly Value[], key: (item: Value) => Value, reverse: boolean, budget: Budget): Value[] {
  budget.items(items.length * 4);
  const keyed = items.map((item) => ({ item, key: key(item) }));
  const ordered = keyed.toSorted((a, b) => {
    budget.spend();
    return reverse ? compareOrder(b.key, a.key, budget) : compareOrder(a.key, b.key, budget);
  });
  return ordered.map(({ item }) => item);
}

function unique(items: readonly Value[], key: (item: Value) => Value, budget: Budget): List {
  const keys = items.map(key);
  if (keys.every((each) => isHashable(defined(each)))) {
    const seen = new Dict();
    return new List(
      items.filter((_, index) => {
        const own = keys[index] ?? null;
        if (seen.has(own)) return false;
        seen.set(own, null);
        return true;
      }),
    );
  }
  // Ansible’s fallback for unhashable items: unchanged, respecting case.
  const kept: Value[] = [];
  for (const item of items) {
    budget.items(kept.length);
    if (!kept.some((each) => sameValue(each, item, budget))) kept.push(item);
  }
  return new List(kept);
}

function extreme(value: Value, given: Parameters<typeof bind>[0], sign: 1 | -1, evaluation: Evaluation): Value {
  const { budget } = evaluation;
  const { case_sensitive: caseSensitive = false, attribute = null } = bind(given, ['case_sensitive', 'attribute']);
  const [first, ...rest] = itemsOf(value, budget);
  if (first === undefined) return new Undefined('No aggregated item, sequence was empty.');
  const key = keyGetter(attribute, caseSensitive, evaluation);
  return rest.reduce(
    (best: Value, item) => (compareOrder(key(item), key(best), budget) * sign > 0 ? item : best),
    first,
  );
}

const asList = (value: Value, budget: Budget): List => new List([...itemsOf(value, budget)]);

type Choose = (
  a: readonly Value[],
  b: readonly Value[],
  has: (all: readonly Value[], item: Value) => boolean,
) => Value[];

const setFilter =
  (choose: Choose): Filters[string] =>
  (value, given, { budget, reads }) => {
    const other = bind(given, ['b'], 1).b ?? null;
    const isKey = (each: Value): boolean =>
      isHashable(each) || (each instanceof List && (each.kind === 'range' || each.kind === 'tuple'));
    if (isKey(defined(value)) && isKey(defined(other)))
      throw notSupported('a set of texts or tuples, as it has no order,');
    const has = (all: readonly Value[], item: Value): boolean => {
      budget.items(all.length);
      return all.some((each) => sameValue(each, item, budget));
    };
    const [a, b] = [itemsOf(value, budget), itemsOf(other, budget)];
    for (const each of [...a, ...b]) reads(each);
    return unique(choose(a, b, has), (item) => item, budget);
  };

function flattened(items: readonly Value[], levels: number, skipsNulls: boolean, budget: Budget): Value[] {
  return budget.deeper(() => {
    const flat = items.flatMap((item) => {
      budget.spend();
      if (skipsNulls && (item === null || item === 'None' || item === 'null')) return [];
      const isSequence = item instanceof List && (item.kind === 'list' || item.kind === 'tuple');
      return isSequence && levels > 0 ? flattened(item.items, levels - 1, skipsNulls, budget) : [item];
    });
    budget.items(flat.length);
    return flat;
  });
}

export const LIST_FILTERS: Filters = {
  list: (value, given, { budget }) => (bind(given, []), asList(value, budget)),
  length: (value, given) => (bind(given, []), lengthOf(value)),
  count: (value, given) => (bind(given, []), lengthOf(value)),
  first(value, given, { budget }) {
    bind(given, []);
    return itemsOf(value, budget)[0] ?? new Undefined('No first item, sequence was empty.');
  },
  last(value, given, { budget }) {
    bind(given, []);
    return itemsOf(value, budget).at(-1) ?? new Undefined('No last item, sequence was empty.');
  },
  reverse(value, given, { budget }) {
    bind(given, []);
    const items = itemsOf(value, budget).toReversed();
    return typeof value === 'string' ? items.map(string).join('') : new List(items);
  },
  sort(value, given, evaluation) {
    const { budget } = evaluation;
    const {
      reverse = false,
      case_sensitive: caseSensitive = false,
      attribute = null,
    } = bind(given, ['reverse', 'case_sensitive', 'attribute']);
    if (typeof attribute === 'string' && attribute.includes(',')) {
      const keys = attribute.split(',').map((each) => keyGetter(each, caseSensitive, evaluation));
      const key = (item: Value): Value => new List(keys.map((each) => each(item)));
      return new List(sorted(itemsOf(value, budget), key, isTrue(reverse), budget));
    }
    return new List(
      sorted(itemsOf(value, budget), keyGetter(attribute, caseSensitive, evaluation), isTrue(reverse), budget),
    );
  },
  unique(value, given, evaluation) {
    const { budget } = evaluation;
    const { case_sensitive: caseSensitive = false, attribute = null } = bind(given, ['case_sensitive', 'attribute']);
    return unique(itemsOf(value, budget), keyGetter(attribute, caseSensitive, evaluation), budget);
  },
  min: (value, given, evaluation) => extreme(value, given, -1, evaluation),
  max: (value, given, evaluation) => extreme(value, given, 1, evaluation),
  sum(value, given, { budget }) {
    const { attribute = null, start = 0n } = bind(given, ['attribute', 'start']);
    const get = attributeGetter(attribute, budget);
    if (typeof start === 'string') throw new TemplateMistake('adds up texts (use join)');
    return itemsOf(value, budget).reduce((sum: Value, item) => arithmetic('+', sum, get(item), budget), start);
  },
  batch(value, given, { budget }) {
    const { linecount = null, fill_with: fill = null } = bind(given, ['linecount', 'fill_with'], 1);
    const size = integer(linecount);
    if (size < 1) throw new TemplateMistake('makes batches of less than one');
    const items = itemsOf(value, budget);
    const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
      items.slice(at * size, (at + 1) * size),
    );
    const last = batches.at(-1);
    if (last && fill !== null) {
      budget.items(size);
      while (last.length < size) last.push(fill);
    }
    return new List(batches.map((batch) => new List(batch)));
  },
  slice(value, given, { budget }) {
    const { slices = null, fill_with: fill = null } = bind(given, ['slices', 'fill_with'], 1);
    const count = integer(slices);
    budget.items(count);
    if (count < 1) throw new TemplateMistake('makes less than one slice');
    const items = itemsOf(value, budget);
    const [each, longer] = [Math.floor(items.length / count), items.length % count];
    let at = 0;
    return new List(
      Array.from({ length: count }, (_, index) => {
        const part = items.slice(at, at + each + (index < longer ? 1 : 0));
        at += part.length;
        return new List(fill !== null && index >= longer ? [...part, fill] : part);
      }),
    );
  },
  groupby(value, given, evaluation) {
    const { budget } = evaluation;
    const {
      attribute = null,
      default: fallback,
      case_sensitive: caseSensitive = false,
    } = bind(given, ['attribute', 'default', 'case_sensitive'], 1);
    const real = attributeGetter(attribute, budget, fallback);
    const key = comparing(real, caseSensitive, evaluation);
    const groups: { key: Value; items: Value[] }[] = [];
    for (const item of sorted(itemsOf(value, budget), key, false, budget)) {
      const last = groups.at(-1);
      if (last && sameValue(last.key, key(item), budget)) last.items.push(item);
      else groups.push({ key: key(item), items: [item] });
    }
    return new List(groups.map(({ items }) => new List([real(items[0] ?? null), new List(items)], 'tuple')));
  },
  flatten(value, given, { budget }) {
    const { levels = null, skip_nulls: skips = true } = bind(given, ['levels', 'skip_nulls']);
    return new List(
      flattened(itemsOf(value, budget), levels === null ? Infinity : integer(levels), isTrue(skips), budget),
    );
  },
  zip(value, { positional, named }, { budget }) {
    if (named.size > 0) throw notSupported('zip with an argument by name');
    const lists = [value, ...positional].map((each) => itemsOf(each, budget));
    const length = Math.min(...lists.map((items) => items.length));
    return new List(
      Array.from(
        { length },
        (_, at) =>
          new List(
            lists.map((items) => items[at] ?? null),
            'tuple',
          ),
      ),
    );
  },
  zip_longest(value, { positional, named }, { budget }) {
    const { fillvalue = null } = bind({ positional: [], named }, ['fillvalue']);
    const lists = [value, ...positional].map((each) => itemsOf(each, budget));
    const length = Math.max(...lists.map((items) => items.length));
    budget.items(length * lists.length);
    const row = (at: number): List =>
      new List(
        lists.map((items) => (at < items.length ? (items[at] ?? null) : fillvalue)),
        'tuple',
      );
    return new List(Array.from({ length }, (_, at) => row(at)));
  },
  product(value, { positional, named }, { budget }) {
    const { repeat = 1n } = bind({ positional: [], named }, ['repeat']);
    const times = integer(repeat);
    if (times < 0 || times > 10) throw notSupported('a product of that many');
    const once = [value, ...positional].map((each) => itemsOf(each, budget));
    const lists = Array.from({ length: times }, () => once).flat();
    // One empty list makes the product empty, whatever the others contain.
    if (lists.some((items) => items.length === 0)) return new List([]);
    budget.items(lists.reduce((count, items) => count * items.length, lists.length));
    const rows = lists.reduce<readonly Value[][]>(
      (found, items) => found.flatMap((row) => items.map((item) => [...row, item])),
      [[]],
    );
    return new List(rows.map((row) => new List(row, 'tuple')));
  },
  union: setFilter((a, b) => [...a, ...b]),
  intersect: setFilter((a, b, has) => a.filter((item) => has(b, item))),
  difference: setFilter((a, b, has) => a.filter((item) => !has(b, item))),
  symmetric_difference: setFilter((a, b, has) => [
    ...a.filter((item) => !has(b, item)),
    ...b.filter((item) => !has(a, item)),
  ]),
  path_join(value, given, { budget }) {
    bind(given, []);
    const parts = typeof value === 'string' ? [value] : itemsOf(value, budget).map(string);
    return parts.reduce(
      (path, part) =>
        part.startsWith('/') ? part : path === '' || path.endsWith('/') ? path + part : `${path}/${part}`,
      '',
    );
  },
};
