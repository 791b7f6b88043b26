import { namesOf, type Reading } from '../../jinja/index.ts';
import type { FoundTemplate } from '../plays/found-template.ts';
import type { Value } from '../yaml/value.ts';
import type { Template } from './cluster-template.ts';

const NAME = /[A-Za-z_]\w*/g;
/** Names by which a template reaches any other. */
const ANY = ['vars', 'lookup', 'query', 'q'];

/** The names that a template uses, directly or through variables; null for any. */
export function usedNames(
  { scope: { variables }, options }: FoundTemplate,
  template: Template | null,
  reading: Reading,
): ReadonlySet<string> | null {
  const files = template ? [template.file, ...template.includes.values()] : [];
  const used = new Set<string>();
  for (const file of files) {
    const names = namesOf(file, reading, options);
    if (!names || ANY.some((name) => names.has(name))) return null;
    for (const name of names) used.add(name);
  }
  // A set may grow while it is iterated.
  for (const name of used) {
    const entry = variables.get(name);
    for (const other of entry ? namesIn(entry.value) : []) if (variables.has(other)) used.add(other);
  }
  return used;
}

/** All words of templates in a value: more than its names, never fewer. */
function namesIn(value: Value): readonly string[] {
  switch (value.kind) {
    case 'vaulted':
      return [];
    case 'scalar':
      return typeof value.value === 'string' && value.value.includes('{') ? (value.value.match(NAME) ?? []) : [];
    case 'sequence':
      return value.items.flatMap(namesIn);
    case 'mapping':
      return [...value.entries.values()].flatMap((entry) => namesIn(entry.value));
  }
}
