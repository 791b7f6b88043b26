import type { Budget } from './budget.ts';
import { TemplateMistake } from './mistake.ts';
import { sameValue } from './values/operators.ts';
import { Callable, LoopState, Undefined, type Value } from './values/value.ts';

/** A loop’s position, shared with its `loop` variable. */
export interface LoopPlace {
  index: number;
  readonly items: readonly Value[];
  readonly depth: number;
  /** The last value of `loop.changed`. */
  seen: readonly Value[] | null;
  /** Called when another item is read than the current one. */
  reads: () => void;
}

/** Jinja’s `loop`. @param again For `loop(…)` in a recursive one; otherwise null. */
export function loopState(place: LoopPlace, again: ((items: Value) => Value) | null, budget: Budget): Value {
  const { items } = place;
  const attribute = (name: string): Value | undefined => {
    const { index } = place;
    switch (name) {
      case 'index':
        return BigInt(index + 1);
      case 'index0':
        return BigInt(index);
      case 'revindex':
        return BigInt(items.length - index);
      case 'revindex0':
        return BigInt(items.length - index - 1);
      case 'first':
        return index === 0;
      case 'last':
        return index === items.length - 1;
      case 'length':
        return BigInt(items.length);
      case 'depth':
        return BigInt(place.depth + 1);
      case 'depth0':
        return BigInt(place.depth);
      case 'previtem':
        place.reads();
        return items[index - 1] ?? new Undefined('there is no previous item');
      case 'nextitem':
        place.reads();
        return items[index + 1] ?? new Undefined('there is no next item');
      case 'cycle':
        return new Callable(name, ({ positional }) => {
          if (positional.length === 0) throw new TemplateMistake('cycles through nothing');
          return positional[index % positional.length] ?? null;
        });
      case 'changed':
        return new Callable(name, ({ positional }) => changed(place, positional, budget));
      default:
        return undefined;
    }
  };
  return again ? new RecursiveLoop(attribute, again, budget) : new LoopState(attribute);
}

function changed(place: LoopPlace, values: readonly Value[], budget: Budget): boolean {
  place.reads();
  const before = place.seen;
  const same =
    before?.length === values.length && values.every((value, index) => sameValue(value, before[index] ?? null, budget));
  place.seen = values;
  return !same;
}

/** A recursive loop: calling it iterates over the argument in the same way. */
export class RecursiveLoop extends LoopState {
  readonly again: Callable;

  constructor(attribute: (name: string) => Value | undefined, again: (items: Value) => Value, budget: Budget) {
    super(attribute);
    this.again = new Callable('loop', ({ positional: [items] }) => {
      budget.spend();
      if (items === undefined) throw new TemplateMistake('calls loop without items');
      return again(items);
    });
  }
}
