import { Problems } from '../source/problems.ts';
import { ParsedSource } from '../source/parsed-source.ts';
import { readYamlMapping } from '../yaml/mapping.ts';
import type { Value } from '../yaml/value.ts';
import type { ConfigSource } from '../../ports/git.ts';

/**
 * The templates in a file: all of a .j2; in YAML every value with an expression, as the parser sees it, because `\x7b`
 * is a brace too. Of any other format (an INI inventory) the whole file, if it can contain a brace.
 */
export async function templateTexts(from: ConfigSource, path: string): Promise<ReadonlySet<string>> {
  const source = ParsedSource.of(from);
  const problems = new Problems();
  const file = await source.text(path, problems);
  if (file.state !== 'read') return new Set();
  if (path.endsWith('.j2')) return new Set([file.value]);
  const yaml = /\.(?:ya?ml|json)$/.test(path) ? await source.parse(path, readYamlMapping, { problems }) : null;
  if (yaml?.state === 'read' && yaml.value) return new Set(textsIn(yaml.value));
  return /[{\\]/.test(file.value) ? new Set([file.value]) : new Set();
}

function* textsIn(value: Value): Generator<string> {
  switch (value.kind) {
    case 'vaulted':
      return;
    case 'scalar':
      if (typeof value.value === 'string' && /\{[{%#]/.test(value.value)) yield value.value;
      return;
    case 'sequence':
      for (const item of value.items) yield* textsIn(item);
      return;
    case 'mapping':
      for (const entry of value.entries.values()) yield* textsIn(entry.value);
  }
}
