import { TemplateMistake } from '../mistake.ts';
import { bind } from '../values/arguments.ts';
import { isTrue, itemsOf } from '../values/operators.ts';
import { Dict, List, type Value } from '../values/value.ts';
import type { Filters } from './filter.ts';

export const SUBELEMENT_FILTERS: Filters = {
  /** Each item with each of the items of its list: `users | subelements('keys')`. */
  subelements(value, given, { budget }) {
    const { subelements: path, skip_missing: skips = false } = bind(given, ['subelements', 'skip_missing'], 1);
    const steps = typeof path === 'string' ? path.split('.') : itemsOf(path ?? null, budget);
    const made: Value[] = [];
    for (const item of value instanceof Dict ? value.values() : itemsOf(value, budget)) {
      for (const each of listIn(item, steps, isTrue(skips))) made.push(new List([item, each], 'tuple'));
      budget.items(made.length);
    }
    return new List(made);
  },
};

function listIn(item: Value, steps: readonly Value[], skips: boolean): readonly Value[] {
  let found: Value = item;
  for (const step of steps) {
    const next = found instanceof Dict ? found.get(step) : undefined;
    if (next === undefined && skips) return [];
    if (next === undefined) throw new TemplateMistake('gets a subelement that an item does not have');
    found = next;
  }
  if (found instanceof List) return found.items;
  throw new TemplateMistake('gets a subelement that is no list');
}
