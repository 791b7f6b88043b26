import { quoted } from './text/quoted.ts';
import { attributeOf, itemOf, slicedOf } from './methods/attributes.ts';
import type { Budget } from './budget.ts';
import { filterNamed } from './filters/filters.ts';
import { globalNamed } from './globals.ts';
import type { Locals, Tracked } from './locals.ts';
import { RecursiveLoop } from './loop.ts';
import { TemplateMistake, notSupported, withoutValues } from './mistake.ts';
import { arithmetic, compared, hashable, isTrue, itemsOf, numberOf } from './values/operators.ts';
import { textOf, typeName } from './values/python-text.ts';
import type { CallArguments, Expression } from './syntax/syntax.ts';
import type { Reading } from './reading.ts';
import { Taint } from './taint.ts';
import { testNamed } from './tests.ts';
import { Callable, Dict, List, Undefined, type Arguments, type Value } from './values/value.ts';

/** The variables visible to a template. */
export interface Names {
  /** Undefined if there is no such variable; it may still be one of Jinja’s functions. @throws TemplateMistake */
  get(name: string): Tracked | undefined;
}

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** Their results reveal nothing about the text except its size or type. */
const REVEALS_NOTHING = ['length', 'count', 'bool', 'type_debug'];

/** They return their input or parts of it: the result shows whether it is a secret. */
const GIVES_PARTS =
  /^(?:attr|batch|combine|d|default|dict2items|dictsort|difference|extract|first|flatten|groupby|intersect|items|items2dict|last|list|mandatory|max|min|product|reject|rejectattr|reverse|select|selectattr|slice|sort|symmetric_difference|ternary|union|unique|zip|zip_longest)$/;

/** Evaluates expressions; `taint` tracks secrets. */
export class Evaluator {
  readonly budget: Budget;
  readonly taint: Taint;
  readonly #names: Names;

  constructor(names: Names, reading: Reading) {
    this.#names = names;
    this.budget = reading.budget;
    this.taint = new Taint(reading);
  }

  evaluate(expression: Expression, locals: Locals): Value {
    this.budget.spend();
    try {
      const value = this.#evaluate(expression, locals);
      if (typeof value === 'string') this.budget.length(value.length);
      return this.taint.touched && value instanceof Undefined ? unnamed(value) : value;
    } catch (error) {
      throw error instanceof TemplateMistake ? error.at(expression.line) : error;
    }
  }

  /** A decision: a secret may be read, but does not taint the result. */
  decide(expression: Expression, locals: Locals): boolean {
    return this.taint.track(() => isTrue(this.evaluate(expression, locals))).value === true;
  }

  #evaluate(expression: Expression, locals: Locals): Value {
    switch (expression.kind) {
      case 'constant':
        return expression.value;
      case 'name':
        return this.#name(expression.name, locals);
      case 'list':
      case 'tuple':
        return new List(this.#all(expression.items, locals), expression.kind);
      case 'dict':
        return this.#dict(expression, locals);
      case 'attribute':
        return this.#attribute(this.evaluate(expression.of, locals), expression);
      case 'item':
        return this.#item(expression, locals);
      case 'slice':
        return this.#slice(expression, locals);
      case 'call':
        return this.#call(expression, locals);
      case 'filter':
        return this.#filter(expression, locals);
      case 'test':
        return this.#test(expression, locals);
      case 'not':
        return !this.decide(expression.of, locals);
      case 'negative':
      case 'positive':
        return signed(this.evaluate(expression.of, locals), expression.kind === 'negative');
      case 'and':
      case 'or':
        return this.#either(expression, locals);
      case 'arithmetic':
        return this.#arithmetic(expression, locals);
      case 'concat':
        return this.#concat(expression, locals);
      case 'compare':
        return this.taint.track(() => this.#compare(expression, locals)).value;
      case 'condition':
        return this.#condition(expression, locals);
    }
  }

  #dict({ pairs }: Of<'dict'>, locals: Locals): Value {
    return new Dict(
      pairs.map(({ key, value }) => [hashable(this.evaluate(key, locals)), this.evaluate(value, locals)]),
    );
  }

  #item({ of, key }: Of<'item'>, locals: Locals): Value {
    return this.taint.seen(itemOf(this.evaluate(of, locals), this.evaluate(key, locals), this.budget));
  }

  #slice({ of, from, to, step }: Of<'slice'>, locals: Locals): Value {
    const sliced = this.evaluate(of, locals);
    const [first, last, by] = [from, to, step].map((each) => (each ? this.evaluate(each, locals) : null));
    return slicedOf(sliced, first ?? null, last ?? null, by ?? null, this.budget);
  }

  #filter(expression: Of<'filter'>, locals: Locals): Value {
    const { name } = expression;
    const filtered = this.taint.track(() => {
      const of = this.evaluate(expression.of, locals);
      const given = this.given(expression.given, locals);
      const result = this.taint.unsaid([of, given], () => this.filter(name, of, given));
      if (!GIVES_PARTS.test(name)) for (const each of [of, ...given.positional]) this.taint.touchWith(each);
      return this.taint.seen(result);
    });
    this.taint.touch(filtered.secret && !REVEALS_NOTHING.includes(name));
    return filtered.value;
  }

  #test(expression: Of<'test'>, locals: Locals): Value {
    return this.taint.track(() => {
      const of = this.evaluate(expression.of, locals);
      const given = this.given(expression.given, locals);
      return this.taint.unsaid([of, given], () => testNamed(expression.name)(of, given, this));
    }).value;
  }

  #either({ kind, left, right }: Of<'and' | 'or'>, locals: Locals): Value {
    const first = this.evaluate(left, locals);
    return isTrue(first) === (kind === 'or') ? first : this.evaluate(right, locals);
  }

  #arithmetic(expression: Of<'arithmetic'>, locals: Locals): Value {
    const [left, right] = [this.evaluate(expression.left, locals), this.evaluate(expression.right, locals)];
    if (typeof left === 'string') this.taint.touchWith(right);
    return arithmetic(expression.sign, left, right, this.budget);
  }

  #concat({ parts }: Of<'concat'>, locals: Locals): Value {
    const values = this.#all(parts, locals);
    for (const each of values) this.taint.touchWith(each);
    const texts = values.map((value) => textOf(value, this.budget));
    this.budget.length(texts.reduce((sum, part) => sum + part.length, 0));
    return texts.join('');
  }

  #condition({ test, met, otherwise }: Of<'condition'>, locals: Locals): Value {
    if (this.decide(test, locals)) return this.evaluate(met, locals);
    if (otherwise) return this.evaluate(otherwise, locals);
    return new Undefined('the inline if has no else, and is used', null, true);
  }

  #all(expressions: readonly Expression[], locals: Locals): Value[] {
    return expressions.map((each) => this.evaluate(each, locals));
  }

  #name(name: string, locals: Locals): Value {
    const variable = locals.get(name) ?? (locals.isApart ? undefined : this.#names.get(name));
    const found = variable ?? this.#global(name);
    if (!found) return new Undefined(`${quoted(name)} is undefined`, name);
    this.taint.touch(found.secret);
    return this.taint.seen(found.value);
  }

  #global(name: string): Tracked | undefined {
    const value = globalNamed(name, this.budget);
    return value === undefined ? undefined : { value, secret: false };
  }

  #compare(expression: Of<'compare'>, locals: Locals): boolean {
    let left = this.evaluate(expression.first, locals);
    for (const { sign, with: operand } of expression.rest) {
      const right = this.evaluate(operand, locals);
      if (!compared(sign, left, right, this.budget)) return false;
      left = right;
    }
    return true;
  }

  #call({ of, given }: Of<'call'>, locals: Locals): Value {
    const target = of.kind === 'attribute' ? this.evaluate(of.of, locals) : null;
    const callee = target === null ? this.evaluate(of, locals) : this.#attribute(target, of);
    const all = this.given(given, locals);
    if (!(target instanceof List || target instanceof Dict))
      for (const each of [...all.positional, ...all.named.values()]) this.taint.touchWith(each);
    return this.taint.seen(this.callValue(callee, all));
  }

  #attribute(of: Value, expression: Expression): Value {
    if (expression.kind !== 'attribute') return null;
    return this.taint.seen(attributeOf(of, expression.name, this.budget));
  }

  callValue(callee: Value, given: Arguments): Value {
    if (callee instanceof Undefined) throw callee.mistake();
    if (callee instanceof RecursiveLoop) return this.callValue(callee.again, given);
    if (!(callee instanceof Callable)) throw new TemplateMistake(`calls ${typeName(callee)}, which is no function`);
    return this.budget.deeper(() => callee.call(given));
  }

  given({ positional, named, spread, spreadNamed }: CallArguments, locals: Locals): Arguments {
    const all = this.#all(positional, locals);
    if (spread)
      all.push(...itemsOf(this.evaluate(spread, locals), this.budget).map((each) => this.taint.touchedWith(each)));
    const byName = new Map(named.map(({ name, value }) => [name, this.evaluate(value, locals)]));
    const more = spreadNamed ? this.evaluate(spreadNamed, locals) : new Dict();
    if (!(more instanceof Dict)) throw new TemplateMistake('spreads something that is no mapping');
    for (const [name, value] of more.entries()) {
      if (typeof name !== 'string') throw new TemplateMistake('has an argument whose name is no text');
      this.taint.touchWith(name);
      byName.set(name, this.taint.touchedWith(value));
    }
    return { positional: all, named: byName };
  }

  /** Looks up a filter by name. @throws TemplateMistake */
  filter(name: string, value: Value, given: Arguments): Value {
    return filterNamed(name)(value, given, this);
  }
}

/** Undefined, by a name made from a secret: later users do not get the name. */
function unnamed(value: Undefined): Undefined {
  return new Undefined(withoutValues(value.mistake()).message, null, value.isEmpty);
}

function signed(value: Value, negative: boolean): Value {
  if (value instanceof Undefined) throw value.mistake();
  const number = numberOf(value);
  if (number === null) throw notSupported(`a sign before ${typeName(value)}`);
  return negative ? -number : number;
}
