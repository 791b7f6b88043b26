import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type ParsedNode,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { quoted, TemplateMistake } from '../../jinja/index.ts';
import type { FileReading } from '../source/parsed-source.ts';
import type { Position, Problems } from '../source/problems.ts';
import { constructed } from './constructed.ts';
import { yamlMistake } from './mistake.ts';
import { NamedEntries } from './named-entries.ts';
import { parseYaml } from './parse.ts';
import { nothing, scalarOf, unknownTag, type ScalarReading } from './scalar.ts';
import { isNothing, type Entry, type Mapping, type Scalar, type Value } from './value.ts';
import { isVault, openVault } from './vault.ts';

/** One slip breaks much of what follows. */
const MOST_MISTAKES = 5;
const DEEPEST = 40;
/** Aliases count as the values they stand for: a few lines can stand for billions. */
const MOST_VALUES = 20_000;

interface Progress extends ScalarReading {
  file: string;
  lines: LineCounter;
  anchors: Map<string, Node>;
  values: number;
}

/**
 * Parses a YAML file whose top level is a mapping, as YAML 1.1 like Ansible (`yes` is true, `<<` merges). Null if it is
 * not; the problems then say why.
 */
export async function readYamlMapping(file: string, text: string, reading: FileReading): Promise<Mapping | null> {
  return mappingIn(await readAny(file, text, reading, false), file, reading);
}

/**
 * As `readYamlMapping`, with what only Ansible’s loader does: of two equal names the last one counts, with a warning;
 * a tag that it does not know is a mistake.
 */
export async function readAnsibleMapping(file: string, text: string, reading: FileReading): Promise<Mapping | null> {
  return mappingIn(await readAny(file, text, reading, true), file, reading);
}

/** As Ansible’s loader, of a file with any top level, such as a playbook. */
export function readYaml(file: string, text: string, reading: FileReading): Promise<Value | null> {
  return readAny(file, text, reading, true);
}

function mappingIn(value: Value | null, file: string, { problems }: FileReading): Mapping | null {
  if (value === null || value.kind === 'mapping') return value;
  const top = { file, line: 1, column: 1 };
  if (isNothing(value)) return { kind: 'mapping', entries: new Map(), at: top };
  const what = value.kind === 'sequence' ? 'a list' : 'a single value';
  problems.add(value.at, `must be a mapping (name: value), not ${what}`);
  return null;
}

async function readAny(
  file: string,
  text: string,
  { problems, vaultPassword }: FileReading,
  isAnsibles: boolean,
): Promise<Value | null> {
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
  const isJson = isJsonText(opened.value);
  const progress = {
    file,
    lines,
    problems,
    vaultPassword,
    confidential,
    isJson,
    isAnsibles,
    anchors: new Map(),
    values: 0,
  };
  return topOf(parsed.contents, progress, top);
}

/** Ansible tries Python’s json first; its numbers differ from YAML’s. */
function isJsonText(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function topOf(contents: ParsedNode | null, progress: Progress, top: Position): Value | null {
  const value = contents && valueOf(contents, progress, 0);
  if (progress.values <= MOST_VALUES) return value ?? nothing(top);
  progress.problems.add(top, `has more than ${MOST_VALUES} values, with what its aliases stand for`);
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
  if (isMap<Node | null, Node | null>(node) || isSeq<Node | null>(node)) return collectionOf(node, at, progress, depth);
  return isScalar(node) ? scalarOf(node, at, progress) : null;
}

function aliasOf(name: string, at: Position, progress: Progress, depth: number): Value | null {
  const node = progress.anchors.get(name);
  if (node) return valueOf(node, progress, depth + 1);
  // The name is not shown: it may be an unquoted password.
  progress.problems.add(at, 'is an alias (*), but nothing before it has that anchor (&): a text needs quotes');
  return null;
}

type Pairs = readonly Pair<Node | null, Node | null>[];

function mappingOf(items: Pairs, at: Position, progress: Progress, depth: number): Mapping {
  const own = new NamedEntries();
  const merged: Named[] = [];
  for (const { key, value } of items) {
    const keyAt = key ? positionOf(key, progress) : at;
    const name = keyOf(key, keyAt, progress);
    if (!name) continue;
    const read = value ? valueOf(value, progress, depth + 1) : nothing(keyAt);
    if (!read) continue;
    if (name.isMerge) merged.push(...mergedFrom(read, progress.problems));
    else if (own.set(name.text, { at: keyAt, value: read, ...name.typed })) sayTwice(name.text, keyAt, progress);
  }
  return { kind: 'mapping', entries: withMerged(merged, own.all), at };
}

function sayTwice(name: string, at: Position, { confidential, isAnsibles, problems }: Progress): void {
  // In a vaulted file, a name may be misplaced content.
  const shown = confidential ? 'a name' : quoted(name);
  if (isAnsibles) problems.warn(at, `${shown} stands here twice: Ansible takes the last one`);
  else problems.add(at, `${shown} stands here twice`);
}

type Named = readonly [name: string, entry: Entry];

/** Merged values (`<<: *defaults`) come before the mapping’s own and yield to them, as PyYAML flattens them. */
function withMerged(merged: readonly Named[], own: ReadonlyMap<string, Entry>): ReadonlyMap<string, Entry> {
  if (merged.length === 0) return own;
  const entries = new NamedEntries();
  for (const [name, entry] of [...merged, ...own]) entries.set(name, entry);
  return entries.all;
}

/** Of several merged mappings the last comes first, so that the first wins. */
function mergedFrom(value: Value, problems: Problems): readonly Named[] {
  const mappings = value.kind === 'sequence' ? value.items.toReversed() : [value];
  return mappings.flatMap((each) => {
    if (each.kind === 'mapping') return [...each.entries];
    problems.add(each.at, '<< merges mappings only');
    return [];
  });
}

interface Key {
  text: string;
  /** Empty for a text. */
  typed: Pick<Entry, 'key'>;
  isMerge: boolean;
  scalar: Scalar;
}

/** Null if it is not a single value. */
function keyOf(key: Node | null, at: Position, progress: Progress): Key | null {
  const node = isAlias(key) ? progress.anchors.get(key.source) : key;
  const scalar = node ? (isScalar(node) ? scalarOf(node, at, progress) : null) : nothing(at);
  if (scalar?.kind !== 'scalar') {
    progress.problems.add(at, 'a name must be a single word');
    return null;
  }
  if (node && 'anchor' in node && typeof node.anchor === 'string') progress.anchors.set(node.anchor, node);
  const isMerge = isScalar(node) && node.type === 'PLAIN' && node.tag === undefined && scalar.source === '<<';
  if (scalar.type === undefined) return { text: String(scalar.value), typed: {}, isMerge, scalar };
  try {
    return { text: scalar.source, typed: { key: constructed(scalar.type, scalar.source) }, isMerge, scalar };
  } catch (error) {
    if (!(error instanceof TemplateMistake)) throw error;
    progress.problems.add(at, error.message);
    return null;
  }
}

type Collection = YAMLMap<Node | null, Node | null> | YAMLSeq<Item>;
type Item = Node | Pair<Node | null, Node | null> | null;

const TAG = 'tag:yaml.org,2002:';
const COLLECTIONS: readonly string[] = [...['map', 'seq', 'set', 'omap', 'pairs'].map((each) => TAG + each), '!unsafe'];

function collectionOf(node: Collection, at: Position, progress: Progress, depth: number): Value {
  const { tag } = node;
  if (tag !== undefined && progress.isAnsibles && !COLLECTIONS.includes(tag))
    progress.problems.add(at, unknownTag(tag));
  if (isMap(node))
    return tag === `${TAG}set` ? setOf(node.items, at, progress) : mappingOf(node.items, at, progress, depth);
  const items = node.items.map((item) => itemOf(item, at, progress, depth));
  return { kind: 'sequence', items: items.filter((item) => item !== null), at };
}

/** Templates get the pairs of `!!omap` and `!!pairs` as lists of two. */
function itemOf(item: Item, at: Position, progress: Progress, depth: number): Value | null {
  if (!isPair(item)) return item && valueOf(item, progress, depth + 1);
  const parts = [item.key, item.value].map((part) => (part ? valueOf(part, progress, depth + 1) : nothing(at)));
  return { kind: 'sequence', items: parts.filter((part) => part !== null), at };
}

function setOf(items: Pairs, at: Position, progress: Progress): Value {
  const entries = new NamedEntries();
  for (const { key } of items) {
    const name = keyOf(key, key ? positionOf(key, progress) : at, progress);
    if (name) entries.set(name.text, { at: name.scalar.at, value: name.scalar, ...name.typed });
  }
  return { kind: 'sequence', items: [...entries.all.values()].map(({ value }) => value), at, isSet: true };
}

function positionOf(node: Node, { file, lines }: Progress): Position {
  return { file, ...placeOf(lines, node.range?.[0] ?? 0) };
}

function placeOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
