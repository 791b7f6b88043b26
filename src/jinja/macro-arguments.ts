import type { Locals, Tracked } from './locals.ts';
import { TemplateMistake } from './mistake.ts';
import type { Expression, Parameter } from './syntax/syntax.ts';
import { Dict, List, Undefined, type Arguments, type Value } from './values/value.ts';

export interface Signature {
  name: string;
  parameters: readonly Parameter[];
  /** Names used in its body: it takes extra arguments only if it mentions `varargs` or `kwargs`. */
  mentions: ReadonlySet<string>;
  /** A default may refer to earlier parameters. */
  defaultOf: (value: Expression) => Tracked;
}

/** Binds a macro’s arguments to its parameters. @throws TemplateMistake if they do not fit. */
export function bindArguments(
  { name, parameters, mentions, defaultOf }: Signature,
  { positional, named, secrecy, secret }: Arguments & { secret: boolean },
  locals: Locals,
): void {
  const left = new Map(named);
  for (const [index, parameter] of parameters.entries()) {
    const byPlace = positional[index];
    const byName = left.get(parameter.name);
    if (byPlace !== undefined && byName !== undefined)
      throw new TemplateMistake(`gives the macro “${name}” an argument twice`);
    left.delete(parameter.name);
    const given = byPlace ?? byName;
    const known = byPlace === undefined ? secrecy?.named.get(parameter.name) : secrecy?.positional[index];
    const own = { secret: known?.secret ?? secret, stored: known?.stored ?? false };
    locals.set(parameter.name, given === undefined ? notGiven(parameter, defaultOf) : { value: given, ...own });
  }
  bindCaller(left, locals);
  const rest = positional.slice(parameters.length);
  if (rest.length > 0 && !mentions.has('varargs'))
    throw new TemplateMistake(`gives the macro “${name}” more arguments than it takes`);
  if (left.size > 0 && !mentions.has('kwargs'))
    throw new TemplateMistake(`gives the macro “${name}” an argument that it does not know`);
  locals.set('varargs', { value: new List(rest, 'tuple'), secret });
  locals.set('kwargs', { value: new Dict(left), secret });
}

function notGiven({ name, default: value }: Parameter, defaultOf: Signature['defaultOf']): Tracked {
  if (value) return defaultOf(value);
  return { value: new Undefined(`parameter “${name}” was not provided`, name), secret: false };
}

/** Binds `caller`, for a call block. */
function bindCaller(left: Map<Value, Value>, locals: Locals): void {
  const caller = left.get('caller');
  left.delete('caller');
  if (caller !== undefined) locals.set('caller', { value: caller, secret: false });
}
