import { quoted } from './text/quoted.ts';
import { attributeOf, itemOf, slicedOf } from './methods/attributes.ts';
import type { Budget } from './budget.ts';
import { argumentsOf } from './call-arguments.ts';
import { filterNamed } from './filters/filters.ts';
import { globalNamed } from './globals.ts';
import type { Locals, Tracked } from './locals.ts';
import { lookupNamed } from './lookup.ts';
import { RecursiveLoop } from './loop.ts';
import { TemplateMistake, withoutValues } from './mistake.ts';
import { arithmetic, compared, hashable, isTrue, signed } from './values/operators.ts';
import { asksForPresence, isReference, isSizeFilter } from './presence.ts';
import { textOf, typeName } from './values/python-text.ts';
import type { CallArguments, Expression } from './syntax/syntax.ts';
import type { Reading } from './reading.ts';
import type { Taint } from './taint.ts';
import { isPresenceTest, testNamed } from './tests.ts';
import { Callable, Dict, List, Undefined, type Arguments, type Value } from './values/value.ts';

/** The variables visible to a template. */
export interface Names {
  /** Undefined if there is no such variable; it may still be one of Jinja’s functions. @throws TemplateMistake */
  get(name: string): Tracked | undefined;
}

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** They return their input or parts of it: the result shows whether it is a secret. */
const GIVES_PARTS =
  /^(?:attr|batch|combine|d|default|dict2items|dictsort|difference|extract|first|flatten|groupby|intersect|items|items2dict|last|list|mandatory|max|min|product|reject|rejectattr|reverse|select|selectattr|slice|sort|symmetric_difference|ternary|union|unique|zip|zip_longest)$/;

/** Methods of lists that compare their items. */
const COMPARES = /^(?:count|index|remove|sort)$/;
/** Methods and functions with an effect that outlives the expression. */
const CHANGES = /^(?:append|changed|clear|extend|insert|joiner|next|pop|remove|reset|reverse|setdefault|sort|update)$/;

/** The outcome of a condition, and whether it depends on a secret. */
export interface Decided {
  met: boolean;
  secret: boolean;
}

/** Evaluates expressions; `taint` tracks secrets. */
export class Evaluator {
  readonly budget: Budget;
  readonly taint: Taint;
  readonly #names: Names;

  constructor(names: Names, reading: Reading) {
    this.#names = names;
    this.budget = reading.budget;
    this.taint = reading.taint;
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

  /** As `evaluate`, with whether the value is a secret. Does not taint the surrounding work. */
  tracked(expression: Expression, locals: Locals): Tracked {
    return this.taint.track(() => this.evaluate(expression, locals), isReference(expression));
  }

  /** Decides a condition. Does not taint the surrounding work. */
  decide(expression: Expression, locals: Locals): Decided {
    this.budget.spend();
    if (expression.kind === 'not') {
      const { met, secret } = this.decide(expression.of, locals);
      return { met: !met, secret };
    }
    if (expression.kind === 'and' || expression.kind === 'or') {
      const left = this.decide(expression.left, locals);
      if (left.met === (expression.kind === 'or')) return left;
      const right = this.taint.under(left.secret, () => this.decide(expression.right, locals));
      return { met: right.met, secret: left.secret || right.secret };
    }
    const asks = asksForPresence(expression);
    const { value, secret, stored, pieces } = this.taint.track(() => this.#met(expression, locals), asks);
    // A text with clear parts is there, whatever its secrets are.
    return { met: value === true, secret: secret && !(asks && (stored === true || pieces === true)) };
  }

  #met(expression: Expression, locals: Locals): boolean {
    try {
      if (expression.kind === 'compare') return this.#compare(expression, locals);
      if (expression.kind === 'test') return this.#test(expression, locals);
      return isTrue(this.evaluate(expression, locals));
    } catch (error) {
      throw error instanceof TemplateMistake ? error.at(expression.line) : error;
    }
  }

  #decided(expression: Expression, locals: Locals): boolean {
    const { met, secret } = this.decide(expression, locals);
    this.taint.touch({ secret });
    return met;
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
      case 'not':
      case 'compare':
        return this.#decided(expression, locals);
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
    const container = this.evaluate(of, locals);
    // A letter of a stored secret is not stored: whether it is there says how long the secret is.
    if (typeof container === 'string' && this.taint.touched) this.taint.touch({ secret: true });
    return this.taint.seen(itemOf(container, this.evaluate(key, locals), this.budget));
  }

  #slice({ of, from, to, step }: Of<'slice'>, locals: Locals): Value {
    const sliced = this.evaluate(of, locals);
    const [first, last, by] = [from, to, step].map((each) => (each ? this.evaluate(each, locals) : null));
    return slicedOf(sliced, first ?? null, last ?? null, by ?? null, this.budget);
  }

  #filter(expression: Of<'filter'>, locals: Locals): Value {
    const { name } = expression;
    const isSize = isSizeFilter(name);
    const filtered = this.taint.track(
      () => {
        const of = this.evaluate(expression.of, locals);
        const given = this.given(expression.given, locals);
        const result = this.taint.unsaid([of, given], () => this.filter(name, of, given));
        const isPart = GIVES_PARTS.test(name) || (name === 'map' && given.positional.length === 0);
        // How many items there are is no secret, but how long a text is.
        if (!isPart && !(isSize && typeof of !== 'string'))
          for (const each of [of, ...given.positional]) this.taint.touchWith(each);
        return this.taint.seen(result);
      },
      isReference(isSize ? expression.of : expression),
    );
    this.taint.touch(filtered);
    return filtered.value;
  }

  #test(expression: Of<'test'>, locals: Locals): boolean {
    const of = this.evaluate(expression.of, locals);
    const given = this.given(expression.given, locals);
    if (!isPresenceTest(expression.name)) for (const each of [of, ...given.positional]) this.taint.touchWith(each);
    const test = testNamed(expression.name);
    let met = false;
    this.taint.unsaid([of, given], () => (met = test(of, given, this)));
    return met;
  }

  #either({ kind, left, right }: Of<'and' | 'or'>, locals: Locals): Value {
    const first = this.tracked(left, locals);
    this.taint.touch(first);
    if (isTrue(first.value) === (kind === 'or')) return first.value;
    return this.taint.under(first.secret && first.stored !== true, () => this.evaluate(right, locals));
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
    const decided = this.decide(test, locals);
    this.taint.touch(decided);
    const branch = decided.met ? met : otherwise;
    if (branch) return this.taint.under(decided.secret, () => this.evaluate(branch, locals));
    return new Undefined('the inline if has no else, and is used', null, true);
  }

  #all(expressions: readonly Expression[], locals: Locals): Value[] {
    return expressions.map((each) => this.evaluate(each, locals));
  }

  #name(name: string, locals: Locals): Value {
    const variable = locals.get(name) ?? (locals.isApart ? undefined : this.#names.get(name));
    const found = variable ?? this.#global(name);
    if (!found) return new Undefined(`${quoted(name)} is undefined`, name);
    this.taint.touch(found);
    return this.taint.seen(found.value);
  }

  #global(name: string): Tracked | undefined {
    const value = lookupNamed(name, this.#names, this.taint) ?? globalNamed(name, this.budget);
    return value === undefined ? undefined : { value, secret: false };
  }

  #compare(expression: Of<'compare'>, locals: Locals): boolean {
    let left = this.taint.touchedWith(this.evaluate(expression.first, locals));
    for (const { sign, with: operand } of expression.rest) {
      const right = this.taint.touchedWith(this.evaluate(operand, locals));
      if (!compared(sign, left, right, this.budget)) return false;
      left = right;
    }
    return true;
  }

  #call({ of, given }: Of<'call'>, locals: Locals): Value {
    const target = of.kind === 'attribute' ? this.evaluate(of.of, locals) : null;
    const callee = target === null ? this.evaluate(of, locals) : this.#attribute(target, of);
    const all = this.given(given, locals);
    const name = callee instanceof Callable ? callee.name : '';
    const isContainer = target instanceof List || target instanceof Dict;
    if (!isContainer) for (const each of [...all.positional, ...all.named.values()]) this.taint.touchWith(each);
    else if (COMPARES.test(name)) this.taint.touchWith(target);
    if (CHANGES.test(name)) this.taint.changes();
    const value = this.callValue(callee, all);
    if (isContainer && CHANGES.test(name) && this.taint.touched) this.taint.mark(target);
    return this.taint.seen(value);
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

  given(given: CallArguments, locals: Locals): Arguments {
    return argumentsOf(given, (expression) => this.tracked(expression, locals), this);
  }

  /** The result depends on the value, though it need not be a part of it: a filter sorted or chose by it. */
  readonly reads = (value: Value): void => {
    this.taint.touchWith(value);
  };

  /** Looks up a filter by name. @throws TemplateMistake */
  filter(name: string, value: Value, given: Arguments): Value {
    return filterNamed(name)(value, given, this);
  }
}

/** Undefined, by a name made from a secret: later users do not get the name. */
function unnamed(value: Undefined): Undefined {
  const bare = new Undefined(withoutValues(value.mistake()).message, null, value.isEmpty);
  bare.ofSecret = true;
  return bare;
}
