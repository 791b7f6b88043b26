import { canonicalName, SECRET_DIRECTIVES } from '../../domain/redis/directives.ts';
import { inventoryOfIni } from '../inventory/ini.ts';
import { Problems } from '../source/problems.ts';
import { ParsedSource } from '../source/parsed-source.ts';
import { isVault } from '../yaml/vault.ts';
import { readYamlMapping } from '../yaml/mapping.ts';
import type { Value } from '../yaml/value.ts';
import type { ConfigSource } from '../../ports/git.ts';
import { isSecretName } from './secret-names.ts';

/** A value that can reveal a secret: a vaulted one, a template, or the secret itself. */
export interface GuardedValue {
  kind: 'vaulted' | 'template' | 'secret';
  path: string;
  /** Names from the outermost to its own, with the index in a list; empty for a whole file. */
  names: readonly string[];
  /** As the file has it: the ciphertext of a vaulted value, a template unrendered. */
  text: string;
}

/**
 * The guarded values of files, as the parser sees them: however a tag is written, through aliases, with `\x7b` for a
 * brace. Nothing is decrypted or rendered.
 */
export async function guardedValues(from: ConfigSource, paths: readonly string[]): Promise<readonly GuardedValue[]> {
  const source = ParsedSource.of(from);
  const found: GuardedValue[] = [];
  for (const path of paths) found.push(...(await valuesOf(source, path)));
  return found;
}

async function valuesOf(source: ParsedSource, path: string): Promise<readonly GuardedValue[]> {
  const problems = new Problems();
  const file = await source.text(path, problems);
  if (file.state !== 'read') return [];
  const text = file.value;
  if (isVault(text)) return [{ kind: 'vaulted', path, names: [], text }];
  const template: GuardedValue = { kind: 'template', path, names: [], text };
  if (path.endsWith('.j2')) return [template];
  // Variables files may lack .yml.
  const yaml = await source.parse(path, readYamlMapping, { problems });
  const ofYaml = yaml.state === 'read' && yaml.value ? [...guardedIn(yaml.value, [], path)] : null;
  if (ofYaml && /\.(?:ya?ml|json)$/.test(path)) return ofYaml;
  // Any other format can write a brace in ways of its own.
  const templates = /[{\\]/.test(text) ? [template] : [];
  return [...(ofYaml ?? guardedInIni(path, text)), ...templates];
}

function* guardedIn(value: Value, names: readonly string[], path: string): Generator<GuardedValue> {
  if (isSecret(names)) yield { kind: 'secret', path, names, text: JSON.stringify(comparable(value)) };
  switch (value.kind) {
    case 'vaulted':
      return yield { kind: 'vaulted', path, names, text: value.ciphertext };
    case 'scalar':
      if (typeof value.value === 'string' && /\{[{%#]/.test(value.value))
        yield { kind: 'template', path, names, text: value.value };
      return;
    case 'sequence':
      for (const [index, item] of value.items.entries()) yield* guardedIn(item, [...names, String(index)], path);
      return;
    case 'mapping':
      for (const [name, entry] of value.entries) yield* guardedIn(entry.value, [...names, name], path);
  }
}

function* guardedInIni(path: string, text: string): Generator<GuardedValue> {
  const inventory = inventoryOfIni(path, text, new Problems());
  for (const [group, { variables, hosts }] of inventory?.groups ?? []) {
    for (const [name, { value }] of variables) yield* guardedIn(value, [group, name], path);
    for (const [host, own] of hosts)
      for (const [name, { value }] of own.variables) yield* guardedIn(value, [group, host, name], path);
  }
}

function isSecret(names: readonly string[]): boolean {
  const [around, name] = names.slice(-2);
  if (name === undefined) return around !== undefined && isSecretName(around);
  return isSecretName(name) || (around === 'redis_config' && SECRET_DIRECTIVES.has(canonicalName(name)));
}

/** Two equal ones are the same text in the file. */
export function comparable(value: Value): unknown {
  switch (value.kind) {
    case 'scalar':
      return [value.value, value.source, value.literal];
    case 'vaulted':
      return value.ciphertext;
    case 'sequence':
      return value.items.map(comparable);
    case 'mapping':
      return [...value.entries].map(([name, entry]) => [name, comparable(entry.value)]);
  }
}
