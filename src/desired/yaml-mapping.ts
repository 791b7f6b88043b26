import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type ParsedNode,
} from 'yaml';
import { RedisopsError } from '../domain/error.ts';
import { Secret } from '../domain/secret.ts';
import type { Position, Problems } from './problems.ts';
import { decryptVault, isVault } from './vault.ts';

/** A value of a YAML file, with its place. Vaulted values are secrets from here on. */
export type Value = Scalar | Mapping | Sequence;

export interface Scalar {
  kind: 'scalar';
  value: string | number | boolean | null | Secret;
  /** As it is written, without quotes. */
  source: string;
  at: Position;
}

export interface Mapping {
  kind: 'mapping';
  entries: ReadonlyMap<string, Entry>;
  at: Position;
}

export interface Entry {
  at: Position;
  value: Value;
}

export interface Sequence {
  kind: 'sequence';
  items: readonly Value[];
  at: Position;
}

/** One slip breaks much of what follows. */
const MAXIMUM_SYNTAX_ERRORS = 5;
const MAXIMUM_DEPTH = 40;
const MAXIMUM_NODES = 50_000;

interface Reading {
  file: string;
  document: Document<ParsedNode>;
  lines: LineCounter;
  problems: Problems;
  vaultPassword: Secret | undefined;
  nodes: number;
}

/** Reads a YAML file whose top is a mapping, as YAML 1.1 like Ansible (`yes` is true). Null where it is not one. */
export function readYamlMapping(
  file: string,
  text: string,
  problems: Problems,
  vaultPassword: Secret | undefined,
): Mapping | null {
  const start = { file, line: 1, column: 1 };
  const plain = plainText(text, start, problems, vaultPassword);
  if (plain === null) return null;
  const lines = new LineCounter();
  const document = parse(plain, lines);
  if (document === null) {
    problems.add(start, 'is nested too deeply');
    return null;
  }
  for (const { pos, message } of document.errors.slice(0, MAXIMUM_SYNTAX_ERRORS))
    problems.add({ ...start, ...place(lines, pos[0]) }, message.split(/ at line |\n/)[0] ?? 'is not YAML');
  if (document.errors.length > 0) return null;
  if (document.contents === null) return { kind: 'mapping', entries: new Map(), at: start };

  const reading = { file, document, lines, problems, vaultPassword, nodes: 0 };
  const value = valueOf(document.contents, reading, 0);
  if (value?.kind === 'mapping') return value;
  if (value)
    problems.add(
      value.at,
      `must be a mapping (name: value), not a ${value.kind === 'sequence' ? 'list' : 'single value'}`,
    );
  return null;
}

function plainText(text: string, at: Position, problems: Problems, password: Secret | undefined): string | null {
  if (!isVault(text)) return text;
  return decrypted(text, at, problems, password)?.reveal() ?? null;
}

function parse(text: string, lines: LineCounter): Document<ParsedNode> | null {
  try {
    return parseDocument(text, { lineCounter: lines, version: '1.1', uniqueKeys: true, logLevel: 'silent' });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function valueOf(node: Node | null, reading: Reading, depth: number): Value | null {
  const at = positionOf(node, reading);
  reading.nodes += 1;
  if (depth > MAXIMUM_DEPTH || reading.nodes > MAXIMUM_NODES) {
    if (reading.nodes <= MAXIMUM_NODES + 1 || depth === MAXIMUM_DEPTH + 1)
      reading.problems.add(at, 'is nested too deeply, or its aliases expand to too much');
    reading.nodes = MAXIMUM_NODES + 1;
    return null;
  }
  if (isAlias(node)) return valueOf(node.resolve(reading.document) ?? null, reading, depth + 1);
  if (isMap(node)) return mappingOf(node.items, at, reading, depth);
  if (isSeq(node)) {
    const items = node.items.map((item) => valueOf(item as Node | null, reading, depth + 1));
    return { kind: 'sequence', items: items.filter((item) => item !== null), at };
  }
  if (!isScalar(node)) return { kind: 'scalar', value: null, source: '', at };
  return scalarOf(node.value, node.source ?? '', node.tag, at, reading);
}

function mappingOf(
  items: readonly { key: unknown; value: unknown }[],
  at: Position,
  reading: Reading,
  depth: number,
): Mapping {
  const entries = new Map<string, Entry>();
  for (const { key, value } of items) {
    const keyAt = positionOf(key as Node | null, reading);
    if (!isScalar(key)) {
      reading.problems.add(keyAt, 'a name must be a single word');
      continue;
    }
    const read = valueOf(value as Node | null, reading, depth + 1);
    if (read) entries.set(key.source ?? String(key.value), { at: keyAt, value: read });
  }
  return { kind: 'mapping', entries, at };
}

function scalarOf(
  value: unknown,
  source: string,
  tag: string | undefined,
  at: Position,
  reading: Reading,
): Scalar | null {
  if (tag === '!vault') {
    const secret = decrypted(source, at, reading.problems, reading.vaultPassword);
    return secret && { kind: 'scalar', value: secret, source: '', at };
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return { kind: 'scalar', value, source, at };
  return { kind: 'scalar', value: source, source, at };
}

function decrypted(text: string, at: Position, problems: Problems, password: Secret | undefined): Secret | null {
  if (!password) {
    problems.add(at, 'is vaulted, and ANSIBLE_VAULT_PASSWORD_FILE is not set');
    return null;
  }
  try {
    return decryptVault(text, password);
  } catch (error) {
    problems.add(at, error instanceof RedisopsError ? error.message : 'is vaulted, and cannot be decrypted');
    return null;
  }
}

function positionOf(node: Node | null, { file, lines }: Reading): Position {
  return { file, ...place(lines, node?.range?.[0] ?? 0) };
}

function place(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
