import type { ConfigSource } from '../ports.ts';
import { Problems } from './problems.ts';
import { readFile } from './read-file.ts';
import { readYamlMapping } from './yaml-mapping.ts';
import type { Value } from './yaml-value.ts';

/** The templates in a file: the whole of a .j2, and of others every value with an expression in it. */
export async function templateTexts(source: ConfigSource, path: string): Promise<ReadonlySet<string>> {
  const file = await readFile(source, path, new Problems());
  if (file.state !== 'read') return new Set();
  if (path.endsWith('.j2') || !/\{[{%#]/.test(file.text)) return new Set(path.endsWith('.j2') ? [file.text] : []);
  const mapping = /\.(?:ya?ml|json)$/.test(path) ? readYamlMapping(path, file.text, new Problems(), undefined) : null;
  return new Set(mapping ? textsIn(mapping) : [file.text]);
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
