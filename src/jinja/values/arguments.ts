import { TemplateMistake } from '../mistake.ts';
import { numberOf } from './operators.ts';
import { typeName } from './python-text.ts';
import { Undefined, type Arguments, type Value } from './value.ts';

/**
 * Assigns arguments to parameters, by position or name; undefined if not given.
 * @throws TemplateMistake for too many or unknown arguments.
 */
export function bind<Name extends string>(
  { positional, named }: Arguments,
  parameters: readonly Name[],
  required = 0,
): { [K in Name]?: Value } {
  const bound = new Map<string, Value>();
  for (const [index, value] of positional.entries()) {
    const name = parameters[index];
    if (name === undefined) throw new TemplateMistake('gets more arguments than it takes');
    bound.set(name, value);
  }
  for (const [name, value] of named) {
    if (!(parameters as readonly string[]).includes(name))
      throw new TemplateMistake('gets an argument that it does not know');
    if (bound.has(name)) throw new TemplateMistake('gets an argument twice');
    bound.set(name, value);
  }
  if (parameters.slice(0, required).some((name) => !bound.has(name)))
    throw new TemplateMistake('gets too few arguments');
  const given: { [K in Name]?: Value } = {};
  for (const name of parameters) {
    const value = bound.get(name);
    if (value !== undefined) given[name] = value;
  }
  return given;
}

export function defined(value: Value): Value {
  if (value instanceof Undefined && !value.isEmpty) throw value.mistake();
  return value;
}

export function integer(value: Value): number {
  const number = numberOf(defined(value));
  if (typeof number !== 'bigint') throw new TemplateMistake(`gets ${typeName(value)} where a whole number is expected`);
  return Number(number);
}

export function string(value: Value): string {
  if (typeof value === 'string') return value;
  defined(value);
  throw new TemplateMistake(`gets ${typeName(value)} where a text is expected`);
}
