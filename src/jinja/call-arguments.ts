import type { Budget } from './budget.ts';
import type { Tracked } from './locals.ts';
import { TemplateMistake } from './mistake.ts';
import type { CallArguments, Expression } from './syntax/syntax.ts';
import type { Taint } from './taint.ts';
import { itemsOf } from './values/operators.ts';
import { Dict, type Arguments } from './values/value.ts';

/** Evaluates the arguments of a call, and taints the surrounding work with them. @throws TemplateMistake */
export function argumentsOf(
  { positional, named, spread, spreadNamed }: CallArguments,
  tracked: (expression: Expression) => Tracked,
  { budget, taint }: { budget: Budget; taint: Taint },
): Arguments {
  const all = positional.map(tracked);
  if (spread) {
    const { value, secret } = tracked(spread);
    for (const each of itemsOf(value, budget)) all.push({ value: each, secret: secret || taint.holds(each) });
  }
  const byName = new Map(named.map(({ name, value }) => [name, tracked(value)]));
  const more = spreadNamed ? tracked(spreadNamed) : { value: new Dict(), secret: false };
  if (!(more.value instanceof Dict)) throw new TemplateMistake('spreads something that is no mapping');
  for (const [name, value] of more.value.entries()) {
    if (typeof name !== 'string') throw new TemplateMistake('has an argument whose name is no text');
    taint.touchWith(name);
    byName.set(name, { value, secret: more.secret || taint.holds(value) });
  }
  for (const each of [...all, ...byName.values()]) taint.touch(each);
  return {
    positional: all.map(({ value }) => value),
    named: new Map([...byName].map(([name, { value }]) => [name, value] as const)),
    secrecy: { positional: all, named: byName },
  };
}
