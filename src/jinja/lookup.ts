import type { Tracked } from './locals.ts';
import { TemplateMistake } from './mistake.ts';
import type { Taint } from './taint.ts';
import { quoted } from './text/quoted.ts';
import { Callable, List, Undefined, type Arguments, type Value } from './values/value.ts';

/** The host’s variables by name. */
interface Variables {
  get(name: string): Tracked | undefined;
}

const LOOKUPS = ['lookup', 'query', 'q'];

/** `lookup('vars', …)` and its relatives; undefined for other names. Any other lookup is refused by name. */
export function lookupNamed(name: string, names: Variables, taint: Taint): Value | undefined {
  if (!LOOKUPS.includes(name)) return undefined;
  return new Callable(name, (given) => {
    const found = variablesOf(name, given, names, taint);
    if (name !== 'lookup' || given.named.get('wantlist') === true) return new List([...found]);
    // As Ansible: texts are joined, a single value is itself.
    if (found.every((each) => typeof each === 'string')) return found.join(',');
    return found.length === 1 ? (found[0] ?? null) : new List([...found]);
  });
}

function variablesOf(
  name: string,
  { positional: [plugin, ...terms], named }: Arguments,
  names: Variables,
  taint: Taint,
): readonly Value[] {
  if (plugin !== 'vars' && plugin !== 'ansible.builtin.vars')
    throw new TemplateMistake(
      `“${name}” is not supported with ${typeof plugin === 'string' ? quoted(plugin) : 'this'}: it looks at the machine that Ansible runs on`,
    );
  return terms
    .flatMap((term) => (term instanceof List ? term.items : [term]))
    .map((term) => {
      if (typeof term !== 'string') throw new TemplateMistake('looks up a variable whose name is no text');
      const found = names.get(term);
      if (found) taint.touch(found);
      if (found && !(found.value instanceof Undefined)) return found.value;
      const otherwise = named.get('default');
      if (otherwise !== undefined) return otherwise;
      throw new Undefined(`${quoted(term)} is undefined`, term).mistake();
    });
}
