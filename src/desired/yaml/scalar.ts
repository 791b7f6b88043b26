import type { Scalar as YamlScalar } from 'yaml';
import type { Secret } from '../../domain/secret.ts';
import { quoted } from '../../jinja/index.ts';
import type { Position, Problems } from '../source/problems.ts';
import { jsonType, plainType, taggedType } from './scalar-type.ts';
import type { Scalar, ScalarType, Vaulted } from './value.ts';
import { openVault } from './vault.ts';

export interface ScalarReading {
  problems: Problems;
  vaultPassword: Secret | undefined;
  /** The whole file is vaulted. */
  confidential: boolean;
  /** The whole file is JSON. */
  isJson: boolean;
  /** Whether the file is read as strictly, and as leniently, as Ansible does. */
  isAnsibles: boolean;
}

/** A scalar as PyYAML’s SafeConstructor and Ansible’s read it. */
export function scalarOf(node: YamlScalar, at: Position, progress: ScalarReading): Scalar | Vaulted {
  const source = node.source ?? '';
  if (node.tag === '!vault' || node.tag === '!vault-encrypted')
    return { kind: 'vaulted', at, ciphertext: source, open: once(() => openVault(source, progress.vaultPassword)) };
  const type = typeOf(node, progress);
  if (type === null && progress.isAnsibles) progress.problems.add(at, unknownTag(node.tag ?? ''));
  return {
    kind: 'scalar',
    ...valueAs(type ?? undefined, node.value, source),
    source,
    confidential: progress.confidential,
    literal: node.tag === '!unsafe',
    at,
  };
}

/** Undefined for a text; null for a tag that Ansible’s loader refuses. */
function typeOf({ tag, type, source = '' }: YamlScalar, { isJson }: ScalarReading): ScalarType | undefined | null {
  if (tag === undefined || tag === '!') {
    if (type !== 'PLAIN' || tag === '!') return undefined;
    return isJson ? jsonType(source) : plainType(source);
  }
  const tagged = taggedType(tag);
  return tagged === 'str' ? undefined : (tagged ?? null);
}

/** The value for readers that need no Python: dates and the like stay as written. */
function valueAs(type: ScalarType | undefined, parsed: unknown, source: string): Pick<Scalar, 'value' | 'type'> {
  if (type === undefined) return { value: typeof parsed === 'string' ? parsed : source };
  if (type === 'null') return { value: null, type };
  if (type === 'bool') return { value: /^(?:yes|true|on)$/i.test(source), type };
  const number = typeof parsed === 'number' || typeof parsed === 'bigint' ? Number(parsed) : null;
  return { value: number ?? source, type };
}

/** A name without a value. */
export function nothing(at: Position): Scalar {
  return { kind: 'scalar', value: null, type: 'null', source: '', confidential: false, literal: false, at };
}

/** Decrypting a vault takes some ten milliseconds. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

export function unknownTag(tag: string): string {
  return `has the tag ${quoted(tag)}, which Ansible does not know`;
}
