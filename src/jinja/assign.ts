import type { Budget } from './budget.ts';
import type { Locals, Tracked } from './locals.ts';
import { TemplateMistake } from './mistake.ts';
import type { Target } from './syntax/syntax.ts';
import type { Taint } from './taint.ts';
import { itemsOf } from './values/operators.ts';
import { Namespace } from './values/value.ts';

/** Assigns as `set`, `for` and `with` do. @throws TemplateMistake if the value does not fit the target */
export function assign(
  target: Target,
  tracked: Tracked,
  locals: Locals,
  evaluation: { budget: Budget; taint: Taint },
): void {
  const { value, secret } = tracked;
  const { budget, taint } = evaluation;
  switch (target.kind) {
    case 'name':
      return locals.set(target.name, tracked);
    case 'attribute': {
      const namespace = locals.get(target.of)?.value;
      if (!(namespace instanceof Namespace))
        throw new TemplateMistake('sets an attribute of something that is no namespace');
      taint.changes();
      namespace.attributes.set(target.name, value);
      if (secret) taint.mark(namespace);
      return;
    }
    case 'several': {
      const items = itemsOf(value, budget);
      if (items.length !== target.targets.length)
        throw new TemplateMistake(`takes ${items.length} values apart into ${target.targets.length} names`);
      for (const [index, each] of target.targets.entries())
        assign(each, { value: items[index] ?? null, secret }, locals, evaluation);
    }
  }
}
