import { attributeGetter } from './list.ts';
import type { Evaluation, Filters } from './filter.ts';
import { string } from '../values/arguments.ts';
import { TemplateMistake } from '../mistake.ts';
import { isTrue, itemsOf } from '../values/operators.ts';
import { isPresenceTest, testNamed } from '../tests.ts';
import { List, type Arguments, type Value } from '../values/value.ts';

/** Any empty value counts as an empty list: `map` and others check its truth first. */
function items(value: Value, { budget }: Evaluation): readonly Value[] {
  return isTrue(value) ? itemsOf(value, budget) : [];
}

function mapped(value: Value, { positional, named }: Arguments, evaluation: Evaluation): Value {
  const attribute = named.get('attribute');
  if (positional.length === 0 && attribute !== undefined) {
    const others = [...named.keys()].filter((name) => name !== 'attribute' && name !== 'default');
    if (others.length > 0) throw new TemplateMistake('gets an argument that it does not know');
    const get = attributeGetter(attribute, evaluation.budget, named.get('default'));
    return new List(items(value, evaluation).map(get));
  }
  const [name, ...rest] = positional;
  if (name === undefined) throw new TemplateMistake('maps with neither a filter nor an attribute');
  const filter = string(name);
  return new List(
    items(value, evaluation).map((item) =>
      evaluation.budget.deeper(() => evaluation.filter(filter, item, { positional: rest, named })),
    ),
  );
}

/** Whether a test only asks if a value is empty: `rejectattr('value', 'equalto', '')`. */
function comparesWithNothing(test: string, [other, ...more]: readonly Value[]): boolean {
  return /^(?:eq|equalto|==|ne|!=)$/.test(test) && (other === '' || other === null) && more.length === 0;
}

const selection =
  (wanted: boolean, byAttribute: boolean): Filters[string] =>
  (value, { positional, named }, evaluation) => {
    const given = [...positional];
    const attribute = byAttribute ? given.shift() : null;
    if (attribute === undefined) throw new TemplateMistake('selects by an attribute that is not named');
    const get = attributeGetter(attribute, evaluation.budget);
    const [name, ...rest] = given;
    const test = name === undefined ? isTrue : testNamed(string(name));
    const isOfText = name !== undefined && !isPresenceTest(string(name)) && !comparesWithNothing(string(name), rest);
    const holds = (item: Value): boolean => {
      if (isOfText) for (const each of [item, ...rest]) evaluation.reads(each);
      return test(item, { positional: rest, named }, evaluation);
    };
    return new List(items(value, evaluation).filter((item) => holds(get(item)) === wanted));
  };

export const SELECTION_FILTERS: Filters = {
  map: mapped,
  select: selection(true, false),
  reject: selection(false, false),
  selectattr: selection(true, true),
  rejectattr: selection(false, true),
};
