import { itemOf } from '../methods/attributes.ts';
import { bind, defined, integer, string } from '../values/arguments.ts';
import type { Budget } from '../budget.ts';
import type { Filters } from './filter.ts';
import { jsonText, type JsonStyle } from '../values/json-text.ts';
import { jsonValue } from '../values/json-value.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';
import { compareOrder, isTrue, itemsOf, sameValue } from '../values/operators.ts';
import { Dict, List, Undefined, type Arguments, type Value } from '../values/value.ts';

const MOST_INDENT = 20;

function jsonStyle(
  given: Arguments,
  standard: JsonStyle,
  named: readonly ('indent' | 'sort_keys')[],
  budget: Budget,
): JsonStyle {
  if (given.positional.length > named.length) throw notSupported('JSON with those arguments');
  const positional = Object.fromEntries(given.positional.map((value, index) => [named[index] ?? '', value]));
  const all = bind({ positional: [], named: new Map([...Object.entries(positional), ...given.named]) }, [
    'indent',
    'sort_keys',
    'ensure_ascii',
    'separators',
  ]);
  const indent = all.indent === undefined ? standard.indent : all.indent === null ? null : integer(all.indent);
  if (indent !== null && (indent < 0 || indent > MOST_INDENT)) throw notSupported('JSON with that indentation');
  const compact = indent !== null && indent !== standard.indent && all.separators === undefined;
  const separators = all.separators === undefined ? null : itemsOf(all.separators, budget).map(string);
  return {
    indent,
    sortsKeys: all.sort_keys === undefined ? standard.sortsKeys : isTrue(all.sort_keys),
    ascii: all.ensure_ascii === undefined || isTrue(all.ensure_ascii),
    itemSeparator: separators?.[0] ?? (compact ? ',' : standard.itemSeparator),
    keySeparator: separators?.[1] ?? standard.keySeparator,
  };
}

const ONE_LINE: JsonStyle = { indent: null, sortsKeys: false, ascii: true, itemSeparator: ', ', keySeparator: ': ' };
const NICE: JsonStyle = { ...ONE_LINE, indent: 4, sortsKeys: true, itemSeparator: ',' };

const HTML_SAFE: Readonly<Record<string, string>> = {
  '<': String.raw`\u003c`,
  '>': String.raw`\u003e`,
  '&': String.raw`\u0026`,
  "'": String.raw`\u0027`,
};

function dict(value: Value): Dict {
  if (value instanceof Dict) return value;
  defined(value);
  throw new TemplateMistake('gets something that is no mapping');
}

const LIST_MERGES = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'];

function mergedLists(low: List, high: List, how: string, budget: Budget): List {
  budget.items(low.items.length + high.items.length);
  const others = (): Value[] => low.items.filter((item) => !high.items.some((each) => sameValue(each, item, budget)));
  switch (how) {
    case 'append':
      return new List([...low.items, ...high.items]);
    case 'prepend':
      return new List([...high.items, ...low.items]);
    case 'append_rp':
      return new List([...others(), ...high.items]);
    case 'prepend_rp':
      return new List([...high.items, ...others()]);
    default:
      return how === 'keep' ? low : high;
  }
}

/** Ansible’s merge_hash: `high` wins, in the order of `low`. */
function merged(low: Dict, high: Dict, recursive: boolean, lists: string, budget: Budget): Dict {
  budget.items(low.size + high.size);
  if (low.size === 0 || sameValue(low, high, budget)) return new Dict(high.entries());
  const result = new Dict(low.entries());
  for (const [key, value] of high.entries()) {
    const before = low.get(key);
    if (recursive && before instanceof Dict && value instanceof Dict)
      result.set(
        key,
        budget.deeper(() => merged(before, value, recursive, lists, budget)),
      );
    else if (before instanceof List && value instanceof List && before.kind === 'list' && value.kind === 'list')
      result.set(key, mergedLists(before, value, lists, budget));
    else result.set(key, value);
  }
  return result;
}

function refuseUndefined(value: Value, budget: Budget): void {
  budget.spend();
  if (value instanceof Undefined) throw value.mistake();
  const inner = value instanceof Dict ? value.values() : value instanceof List ? value.items : [];
  for (const each of inner) budget.deeper(() => refuseUndefined(each, budget));
}

export const DATA_FILTERS: Filters = {
  default(value, given) {
    const { default_value: fallback = '', boolean = false } = bind(given, ['default_value', 'boolean']);
    return value instanceof Undefined || (isTrue(boolean) && !isTrue(value)) ? fallback : value;
  },
  d: (value, given, evaluator) => evaluator.filter('default', value, given),
  ternary(value, given) {
    const {
      true_val: whenTrue = null,
      false_val: whenFalse = null,
      none_val: whenNone = null,
    } = bind(given, ['true_val', 'false_val', 'none_val'], 2);
    if (value === null && whenNone !== null) return whenNone;
    return isTrue(value) ? whenTrue : whenFalse;
  },
  to_json: (value, given, { budget }) => jsonText(value, jsonStyle(given, ONE_LINE, [], budget), budget),
  to_nice_json: (value, given, { budget }) =>
    jsonText(value, jsonStyle(given, NICE, ['indent', 'sort_keys'], budget), budget),
  tojson(value, given, { budget }) {
    const { indent = null } = bind(given, ['indent']);
    const style = jsonStyle({ positional: [], named: new Map([['indent', indent]]) }, ONE_LINE, [], budget);
    // HTML’s special characters are escaped.
    const sorted = { ...style, sortsKeys: true };
    return jsonText(value, sorted, budget).replaceAll(/[<>&']/g, (sign) => HTML_SAFE[sign] ?? sign);
  },
  from_json(value, given, { budget }) {
    bind(given, []);
    return jsonValue(string(value), budget);
  },
  dictsort(value, given, { budget, reads }) {
    const {
      case_sensitive: caseSensitive = false,
      by = 'key',
      reverse = false,
    } = bind(given, ['case_sensitive', 'by', 'reverse']);
    if (by !== 'key' && by !== 'value')
      throw new TemplateMistake('sorts a mapping by something that is neither key nor value');
    const fold = (each: Value): Value =>
      typeof each === 'string' && !isTrue(caseSensitive) ? each.toLowerCase() : each;
    const entries = [...dict(value).entries()];
    budget.items(entries.length * 4);
    for (const entry of entries) reads(entry[by === 'key' ? 0 : 1]);
    const keyed = entries.map((entry) => ({ entry, key: fold(entry[by === 'key' ? 0 : 1]) }));
    const ordered = keyed.toSorted((a, b) =>
      isTrue(reverse) ? compareOrder(b.key, a.key, budget) : compareOrder(a.key, b.key, budget),
    );
    return new List(ordered.map(({ entry }) => new List([...entry], 'tuple')));
  },
  items(value, given) {
    bind(given, []);
    if (value instanceof Undefined) return new List([]);
    return new List([...dict(value).entries()].map((entry) => new List([...entry], 'tuple')));
  },
  dict2items(value, given, { budget }) {
    const { key_name: key = 'key', value_name: name = 'value' } = bind(given, ['key_name', 'value_name']);
    budget.items(dict(value).size);
    return new List(
      [...dict(value).entries()].map(
        ([each, item]) =>
          new Dict([
            [string(key), each],
            [string(name), item],
          ]),
      ),
    );
  },
  items2dict(value, given, { budget, reads }) {
    const { key_name: key = 'key', value_name: name = 'value' } = bind(given, ['key_name', 'value_name']);
    const made = new Dict();
    for (const item of itemsOf(value, budget)) {
      const [own, content] = [dict(item).get(key), dict(item).get(name)];
      if (own === undefined || content === undefined)
        throw new TemplateMistake('makes a mapping of items without key or value');
      reads(own);
      made.set(own, content);
    }
    return made;
  },
  combine(value, { positional, named }, { budget, reads }) {
    const { recursive = false, list_merge: how = 'replace' } = bind({ positional: [], named }, [
      'recursive',
      'list_merge',
    ]);
    if (!LIST_MERGES.includes(string(how))) throw new TemplateMistake('combines lists in a way that is not known');
    const all = [value, ...positional].flatMap((each) => (each instanceof List ? each.items : [each]));
    for (const each of all) refuseUndefined(each, budget);
    // These compare the items of lists.
    if (string(how).endsWith('_rp')) for (const each of all) reads(each);
    const [highest, ...lower] = all.map(dict).toReversed();
    return lower.reduce(
      (high, low) => merged(low, high, isTrue(recursive), string(how), budget),
      highest ?? new Dict(),
    );
  },
  extract(value, given, { budget }) {
    const { container = null, morekeys = null } = bind(given, ['container', 'morekeys'], 1);
    const more =
      morekeys instanceof List && morekeys.kind === 'list' ? morekeys.items : morekeys === null ? [] : [morekeys];
    return [value, ...more].reduce((inner: Value, key) => itemOf(inner, key, budget), container);
  },
};
