import type { Value as PythonValue } from '../../jinja/index.ts';
import type { Position } from '../source/problems.ts';

/** A value in a YAML file, with its position. */
export type Value = Scalar | Vaulted | Mapping | Sequence;

export interface Scalar {
  kind: 'scalar';
  value: string | number | boolean | null;
  /** As written, without quotes. */
  source: string;
  /** From a vaulted file: no message may show it. */
  confidential: boolean;
  /** Tagged `!unsafe`: braces are not Jinja. */
  literal: boolean;
  /** PyYAML’s type, unless it is a text. */
  type?: ScalarType;
  /** The notation of `value` and `source`: an INI inventory has Python literals. */
  notation?: 'ini';
  at: Position;
}

/** The types of PyYAML’s SafeConstructor besides text. `json` is a number as JSON writes it. */
export type ScalarType = 'null' | 'bool' | 'int' | 'float' | 'json' | 'timestamp' | 'binary';

/** `!vault`: decrypted only on demand, so that other vaults stay closed. */
export interface Vaulted {
  kind: 'vaulted';
  /** As the file has it. */
  ciphertext: string;
  open(): { ok: true; value: string } | { ok: false; message: string };
  at: Position;
}

export interface Mapping {
  kind: 'mapping';
  entries: ReadonlyMap<string, Entry>;
  at: Position;
}

export interface Entry {
  /** Position of the name. */
  at: Position;
  /** The name as Python has it, unless it is a text: `900: 1` has a number. */
  key?: PythonValue;
  value: Value;
}

export interface Sequence {
  kind: 'sequence';
  /** `!!set`. */
  isSet?: true;
  items: readonly Value[];
  at: Position;
}

export function isNothing(value: Value): boolean {
  return value.kind === 'scalar' && value.value === null;
}

/** Without positions and vaulted values. */
export function plain(value: Value): unknown {
  switch (value.kind) {
    case 'scalar':
      return value.value;
    case 'vaulted':
      return undefined;
    case 'sequence':
      return value.items.map(plain);
    case 'mapping':
      return Object.fromEntries([...value.entries].map(([name, entry]) => [name, plain(entry.value)]));
  }
}
