import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type ParsedNode,
  type Scalar as YamlScalar,
} from 'yaml';
import type { Secret } from '../../domain/secret.ts';
import { quoted } from '../../jinja/index.ts';
import type { FileReading } from '../source/parsed-source.ts';
import type { Position, Problems } from '../source/problems.ts';
import { isVault, openVault } from './vault.ts';
import { yamlMistake } from './mistake.ts';
import { parseYaml } from './parse.ts';
import { isNothing, type Entry, type Mapping, type Value } from './value.ts';

/** One slip breaks much of what follows. */
const MOST_MISTAKES = 5;
const DEEPEST = 40;
/** Aliases count as the values they stand for: a few lines can stand for billions. */
const MOST_VALUES = 20_000;

interface Progress {
  file: string;
  lines: LineCounter;
  problems: Problems;
  vaultPassword: Secret | undefined;
  /** The whole file is vaulted. */
  confidential: boolean;
  anchors: Map<string, Node>;
  values: number;
}

/**
 * Parses a YAML file whose top level is a mapping, as YAML 1.1 like Ansible (`yes` is true, `<<` merges). Null if it is
 * not; the problems then say why.
 */
export async function readYamlMapping(
  file: string,
  text: string,
  { problems, vaultPassword }: FileReading,
): Promise<Mapping | null> {
  const top = { file, line: 1, column: 1 };
  const confidential = isVault(text);
  const opened = confidential ? openVault(text, vaultPassword) : { ok: true as const, value: text };
  if (!opened.ok) {
    problems.add(top, opened.message);
    return null;
  }
  const lines = new LineCounter();
  const parsed = await parseYaml(opened.value, lines);
  if (typeof parsed === 'string') {
    problems.add(top, parsed);
    return null;
  }
  for (const { at, code } of parsed.errors.slice(0, MOST_MISTAKES))
    problems.add({ file, ...placeOf(lines, at) }, yamlMistake(code));
  if (parsed.errors.length > 0) return null;
  const progress = { file, lines, problems, vaultPassword, confidential, anchors: new Map(), values: 0 };
  return topOf(parsed.contents, progress, top);
}

function topOf(contents: ParsedNode | null, progress: Progress, top: Position): Mapping | null {
  const value = contents && valueOf(contents, progress, 0);
  if (progress.values > MOST_VALUES) {
    progress.problems.add(top, `has more than ${MOST_VALUES} values, with what its aliases stand for`);
    return null;
  }
  if (!value || isNothing(value)) return { kind: 'mapping', entries: new Map(), at: top };
  if (value.kind === 'mapping') return value;
  const what = value.kind === 'sequence' ? 'a list' : 'a single value';
  progress.problems.add(value.at, `must be a mapping (name: value), not ${what}`);
  return null;
}

function valueOf(node: Node, progress: Progress, depth: number): Value | null {
  const at = positionOf(node, progress);
  if (progress.values > MOST_VALUES) return null;
  progress.values += 1;
  if (depth > DEEPEST) {
    progress.problems.add(at, `is nested more than ${DEEPEST} levels deep`);
    progress.values = MOST_VALUES;
    return null;
  }
  if (isAlias(node)) return aliasOf(node.source, at, progress, depth);
  if ('anchor' in node && typeof node.anchor === 'string') progress.anchors.set(node.anchor, node);
  if (isMap<Node | null, Node | null>(node)) return mappingOf(node.items, at, progress, depth);
  if (isSeq<Node | null>(node)) {
    const items = node.items.map((item) => item && valueOf(item, progress, depth + 1));
    return { kind: 'sequence', items: items.filter((item) => item !== null), at };
  }
  return isScalar(node) ? scalarOf(node, at, progress) : null;
}

function aliasOf(name: string, at: Position, progress: Progress, depth: number): Value | null {
  const node = progress.anchors.get(name);
  if (node) return valueOf(node, progress, depth + 1);
  // The name is not shown: it may be an unquoted password.
  progress.problems.add(at, 'is an alias (*), but nothing before it has that anchor (&): a text needs quotes');
  return null;
}

function mappingOf(
  items: readonly Pair<Node | null, Node | null>[],
  at: Position,
  progress: Progress,
  depth: number,
): Mapping {
  const entries = new Map<string, Entry>();
  const merged: Value[] = [];
  for (const { key, value } of items) {
    const keyAt = key ? positionOf(key, progress) : at;
    if (!isScalar(key)) {
      progress.problems.add(keyAt, 'a name must be a single word');
      continue;
    }
    const name = key.source ?? '';
    const read = value ? valueOf(value, progress, depth + 1) : nothing(keyAt);
    if (!read) continue;
    if (name === '<<' && key.type === 'PLAIN') merged.push(read);
    else if (entries.has(name)) progress.problems.add(keyAt, `${nameShown(name, progress)} stands here twice`);
    else entries.set(name, { at: keyAt, value: read });
  }
  return { kind: 'mapping', entries: merge(entries, merged, progress), at };
}

/** In a vaulted file, a name may be misplaced content. */
function nameShown(name: string, { confidential }: Progress): string {
  return confidential ? 'a name' : quoted(name);
}

/** Merged values (`<<: *defaults`) yield to the mapping’s own; of several merged mappings the first wins. */
function merge(
  own: ReadonlyMap<string, Entry>,
  merged: readonly Value[],
  progress: Progress,
): ReadonlyMap<string, Entry> {
  const entries = new Map(own);
  for (const value of merged.flatMap((each) => (each.kind === 'sequence' ? each.items : [each]))) {
    if (value.kind !== 'mapping') progress.problems.add(value.at, '<< merges mappings only');
    else for (const [name, entry] of value.entries) if (!entries.has(name)) entries.set(name, entry);
  }
  return entries;
}

function scalarOf(node: YamlScalar, at: Position, progress: Progress): Value {
  const source = node.source ?? '';
  if (node.tag === '!vault' || node.tag === '!vault-encrypted')
    return { kind: 'vaulted', at, ciphertext: source, open: once(() => openVault(source, progress.vaultPassword)) };
  // Unlike YAML 1.1, Ansible reads y and n as words.
  const value = typeof node.value === 'boolean' && /^[yn]$/i.test(source) ? source : node.value;
  const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;
  return {
    kind: 'scalar',
    // Dates and the like stay as written.
    value: known ? value : source,
    source,
    confidential: progress.confidential,
    literal: node.tag === '!unsafe',
    at,
  };
}

/** Decrypting a vault takes some ten milliseconds. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function nothing(at: Position): Value {
  return { kind: 'scalar', value: null, source: '', confidential: false, literal: false, at };
}

function positionOf(node: Node, { file, lines }: Progress): Position {
  return { file, ...placeOf(lines, node.range?.[0] ?? 0) };
}

function placeOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
