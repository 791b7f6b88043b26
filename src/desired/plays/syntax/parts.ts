import type { Entry, Value } from '../../yaml/value.ts';

/** A scalar’s text as written; null for anything else. */
export function textOf(value: Value | undefined): string | null {
  return value?.kind === 'scalar' && value.value !== null ? value.source : null;
}

/** The items of a list; a single value counts as a list of one, nothing as none. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || (value.kind === 'scalar' && value.value === null)) return [];
  return value.kind === 'sequence' ? value.items : [value];
}

/** The names of a mapping; none of anything else. */
export function entriesOf(value: Value | undefined): ReadonlyMap<string, Entry> {
  return value?.kind === 'mapping' ? value.entries : new Map();
}

/** A list of names in one text, or as a list: `a, b`. */
export function wordsOf(value: Value | undefined): readonly string[] {
  return itemsOf(value).flatMap((item) => (textOf(item) ?? '').split(',').map((word) => word.trim()));
}

/** Whether Ansible runs it only when it is asked to. */
export function isNever(keywords: ReadonlyMap<string, Entry>): boolean {
  return wordsOf(keywords.get('tags')?.value).includes('never');
}

/** Booleans as Ansible’s modules read them. */
export function isYes(text: string | null, fallback: boolean): boolean {
  return text === null ? fallback : /^(?:yes|true|on|y|t|1(?:\.0)?)$/i.test(text.trim());
}

/** A text that a play contains, as a value at its position. */
export function scalarOf(text: string, at: Value['at']): Value {
  return { kind: 'scalar', value: text, source: text, confidential: false, literal: false, at };
}

/** The same without templates. */
export function literalOf(text: string, at: Value['at']): Value {
  return { kind: 'scalar', value: text, source: text, confidential: false, literal: true, at };
}
