import { assign } from './assign.ts';
import type { Budget } from './budget.ts';
import { Evaluator, type Names } from './evaluate.ts';
import { Locals, type Tracked } from './locals.ts';
import { loopState } from './loop.ts';
import { LoopSignal } from './loop-signal.ts';
import { bindArguments } from './macro-arguments.ts';
import { isReference } from './presence.ts';
import { quoted } from './text/quoted.ts';
import { TemplateMistake } from './mistake.ts';
import { itemsOf } from './values/operators.ts';
import { Output } from './output.ts';
import { refuseUndefined } from './values/refuse-undefined.ts';
import { printedText } from './values/python-text.ts';
import { namesIn } from './syntax/names-in.ts';
import type { Reading } from './reading.ts';
import type { Body, Expression, FilterCall, Parameter, Statement } from './syntax/syntax.ts';
import { Callable, List, LoopState, Undefined, type Value } from './values/value.ts';

/** The included file; null if missing. @throws TemplateMistake if unreadable. */
export type Include = (name: string) => Body | null;

/**
 * Renders a template.
 * @param made Converts the text of a macro or a block: in variables, Ansible reads it as a value again.
 * @throws TemplateMistake with its line
 */
export function renderBody(
  body: Body,
  names: Names,
  reading: Reading,
  made: (text: string) => Value,
  include: Include,
): Output {
  const renderer = new Renderer(new Evaluator(names, reading), reading.budget, made, include);
  const output = new Output(reading.budget);
  renderer.run(body, new Locals(), output);
  return output;
}

class Renderer {
  readonly #evaluator: Evaluator;
  readonly #budget: Budget;
  readonly #made: (text: string) => Value;
  readonly #include: Include;
  /** The included file being rendered; null for the template itself. */
  #file: string | null = null;
  readonly #macros = new WeakSet<Callable>();
  /** Of the macro or block that ended last. */
  #ended: Output | null = null;

  constructor(evaluator: Evaluator, budget: Budget, made: (text: string) => Value, include: Include) {
    this.#evaluator = evaluator;
    this.#budget = budget;
    this.#made = made;
    this.#include = include;
  }

  run(body: Body, locals: Locals, output: Output): void {
    for (const statement of body) {
      this.#budget.spend();
      try {
        this.#execute(statement, locals, output);
      } catch (error) {
        throw error instanceof TemplateMistake ? error.at(statement.line) : error;
      }
    }
  }

  #execute(statement: Statement, locals: Locals, output: Output): void {
    switch (statement.kind) {
      case 'text':
        return output.add(statement.text, false, statement.line, { verbatim: true });
      case 'print':
        return this.#print(statement.value, locals, output);
      case 'do':
        this.#value(statement.value, locals);
        return;
      case 'break':
      case 'continue':
        throw new LoopSignal(statement.kind);
      case 'if': {
        const branch = statement.branches.find(({ test }) => this.#decides(test, locals));
        return this.run(branch ? branch.body : statement.otherwise, locals, output);
      }
      case 'for':
        return this.#loop(statement, this.#value(statement.of, locals), 0, locals, output);
      case 'set':
        return assign(statement.target, this.#value(statement.value, locals), locals, this.#evaluator);
      case 'set block': {
        const block = this.#block(statement.body, statement.filters, new Locals(locals));
        return assign(statement.target, block, locals, this.#evaluator);
      }
      case 'macro': {
        const macro = this.#macro(statement.name, statement.parameters, statement.body, locals);
        return locals.set(statement.name, { value: macro, secret: false });
      }
      case 'call block': {
        const caller = this.#macro('caller', statement.parameters, statement.body, locals);
        const inner = new Locals(locals);
        if (statement.call.kind !== 'call') throw new TemplateMistake('has a call tag without a call');
        const isMacro = this.#isMacro(statement.call.of, inner);
        const called = this.#callWith(statement.call, caller, inner);
        return isMacro ? this.#addMacro(called, statement.line, output) : this.#add(called, statement.line, output);
      }
      case 'filter block':
        return this.#add(this.#block(statement.body, statement.filters, new Locals(locals)), statement.line, output);
      case 'include':
        return this.#included(statement, locals, output);
      case 'import': {
        const module = this.#imported(statement, locals);
        const attribute = (name: string): Value | undefined => {
          const found = name.startsWith('_') ? undefined : module.own(name);
          if (found) this.#evaluator.taint.touch(found);
          return found?.value;
        };
        return locals.set(statement.as, { value: new LoopState(attribute), secret: false });
      }
      case 'import names':
        return this.#importedNames(statement, locals);
      case 'with': {
        const inner = new Locals(locals);
        for (const { target, value } of statement.variables)
          assign(target, this.#value(value, locals), inner, this.#evaluator);
        return this.run(statement.body, inner, output);
      }
    }
  }

  /** Sees what the template has set so far; its own settings stay inside. */
  #included(
    { names, mayBeMissing, line }: Extract<Statement, { kind: 'include' }>,
    locals: Locals,
    output: Output,
  ): void {
    for (const name of names) {
      const body = this.#include(name);
      if (body) return output.include(this.#ran(name, body, new Locals(locals)), line);
      if (!name.endsWith('.j2')) throw new TemplateMistake(`includes ${notThere(name)}`, line);
    }
    if (!mayBeMissing) throw new TemplateMistake(`includes ${notThere(names.at(-1) ?? '')}`, line);
  }

  /** What a file sets, usually macros. Its output is dropped. */
  #imported({ name, withContext, line }: { name: string; withContext: boolean; line: number }, locals: Locals): Locals {
    const body = this.#include(name);
    if (!body) throw new TemplateMistake(`imports from ${notThere(name)}`, line);
    const module = withContext ? new Locals(locals) : new Locals(null, true);
    this.#ran(name, body, module);
    return module;
  }

  #importedNames(statement: Extract<Statement, { kind: 'import names' }>, locals: Locals): void {
    const module = this.#imported(statement, locals);
    for (const { name, as } of statement.names) {
      const none = new Undefined(`${quoted(statement.name)} has no ${quoted(name)}`, name);
      locals.set(as, module.own(name) ?? { value: none, secret: false });
    }
  }

  #ran(name: string, body: Body, locals: Locals): Output {
    const output = new Output(this.#budget);
    this.#within(name, () => this.#budget.deeper(() => this.run(body, locals, output)));
    return output;
  }

  /** Attributes mistakes to the file, including those in its macros wherever they are called. */
  #within<T>(file: string | null, work: () => T): T {
    const before = this.#file;
    this.#file = file;
    try {
      return work();
    } catch (error) {
      throw error instanceof TemplateMistake ? error.of(file) : error;
    } finally {
      this.#file = before;
    }
  }

  #value(expression: Expression, locals: Locals): Tracked {
    return this.#evaluator.tracked(expression, locals);
  }

  /** A condition of a statement. */
  #decides(test: Expression, locals: Locals): boolean {
    const { met, secret } = this.#evaluator.decide(test, locals);
    if (secret) this.#evaluator.taint.decide({ line: test.line, file: this.#file });
    return met;
  }

  #print(expression: Expression, locals: Locals, output: Output): void {
    const isMacro = expression.kind === 'call' && this.#isMacro(expression.of, locals);
    const printed = this.#value(expression, locals);
    if (isMacro) this.#addMacro(printed, expression.line, output);
    else this.#add(printed, expression.line, output);
  }

  /** Whether a call of it gives the output of a macro, whatever the secrets are. */
  #isMacro(callee: Expression, locals: Locals): boolean {
    if (!isReference(callee)) return false;
    const { value, secret } = this.#value(callee, locals);
    return value instanceof Callable && this.#macros.has(value) && !secret;
  }

  /** Of a macro’s output, only the parts with secrets are secret. */
  #addMacro(called: Tracked, line: number, output: Output): void {
    if (this.#ended === null || called.value !== this.#ended.text) return this.#add(called, line, output);
    output.include(this.#ended, line);
  }

  #add({ value, secret, pieces = false }: Tracked, line: number, output: Output): void {
    this.#evaluator.taint.track(() => {
      this.#evaluator.taint.touch({ secret });
      refuseUndefined(value, this.#budget, 0);
      return null;
    });
    if (value === null) return;
    // Ansible turns iterators into lists.
    const shown =
      value instanceof List && (value.kind === 'range' || value.kind === 'view') ? new List(value.items) : value;
    const own = pieces && typeof value === 'string' ? this.#evaluator.taint.piecesOf(value) : undefined;
    if (own && typeof value === 'string') return output.addPieces(value, own, line);
    output.add(printedText(shown, this.#budget), secret || this.#evaluator.taint.holds(value), line, {
      isHeld: !secret,
    });
  }

  #loop(
    statement: Extract<Statement, { kind: 'for' }>,
    of: Tracked,
    depth: number,
    locals: Locals,
    output: Output,
  ): void {
    // Of a list that stands there, the number of items is no secret.
    const isList = statement.of.kind === 'list' || statement.of.kind === 'tuple';
    if (of.secret && !(isList && depth === 0)) this.#evaluator.taint.decide({ line: statement.line, file: this.#file });
    const all = itemsOf(of.value, this.#budget);
    const { test } = statement;
    const items = test
      ? all.filter((item) => {
          const inner = new Locals(locals);
          assign(statement.target, { value: item, secret: of.secret }, inner, this.#evaluator);
          return this.#decides(test, inner);
        })
      : [...all];
    if (items.length === 0) return this.run(statement.otherwise, new Locals(locals), output);
    const reads = (): void => this.#evaluator.taint.touch({ secret: of.secret });
    const place = { index: 0, items, depth, seen: null, reads };
    const again = (more: Value): Value => {
      const nested = new Output(this.#budget);
      this.#loop(statement, { value: more, secret: this.#evaluator.taint.touched }, depth + 1, locals, nested);
      this.#evaluator.taint.touch({ secret: nested.isSecret });
      return this.#made(nested.text);
    };
    const loop = loopState(place, statement.recursive ? again : null, this.#budget);
    for (const [index, item] of items.entries()) {
      place.index = index;
      const inner = new Locals(locals);
      if (statement.namesLoop) inner.set('loop', { value: loop, secret: false });
      assign(statement.target, { value: item, secret: of.secret }, inner, this.#evaluator);
      if (this.#pass(statement.body, inner, output) === 'break') return;
    }
  }

  /** One pass of a loop, and how it ended. */
  #pass(body: Body, locals: Locals, output: Output): LoopSignal['kind'] | 'end' {
    try {
      this.run(body, locals, output);
      return 'end';
    } catch (error) {
      if (error instanceof LoopSignal) return error.kind;
      throw error;
    }
  }

  /** The content between two tags, as a value. */
  #block(body: Body, filters: readonly FilterCall[], locals: Locals): Tracked {
    return this.#evaluator.taint.track(() => {
      let value = this.#text(body, locals);
      for (const { name, given } of filters)
        value = this.#evaluator.filter(name, value, this.#evaluator.given(given, locals));
      return value;
    });
  }

  #text(body: Body, locals: Locals): Value {
    const output = new Output(this.#budget);
    this.run(body, locals, output);
    this.#evaluator.taint.touch({ secret: output.isSecret });
    this.#ended = output;
    return this.#made(output.text);
  }

  #macro(name: string, parameters: readonly Parameter[], body: Body, outer: Locals): Callable {
    const mentions = new Set(namesIn(body));
    const file = this.#file;
    const macro = new Callable(name, (given) => {
      const secret = this.#evaluator.taint.touched;
      return this.#within(file, () => {
        const locals = new Locals(outer);
        const defaultOf = (value: Expression): Tracked => this.#value(value, locals);
        bindArguments({ name, parameters, mentions, defaultOf }, { ...given, secret }, locals);
        return this.#text(body, locals);
      });
    });
    this.#macros.add(macro);
    return macro;
  }

  #callWith(call: Extract<Expression, { kind: 'call' }>, caller: Value, locals: Locals): Tracked {
    return this.#evaluator.taint.track(() => {
      const callee = this.#evaluator.evaluate(call.of, locals);
      const given = this.#evaluator.given(call.given, locals);
      return this.#evaluator.callValue(callee, { ...given, named: new Map([...given.named, ['caller', caller]]) });
    });
  }
}

function notThere(name: string): string {
  return `${quoted(name)}, ${name.endsWith('.j2') ? 'which is not there' : 'but such files must be named *.j2'}`;
}
