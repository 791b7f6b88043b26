import type { Position } from '../source/problems.ts';

/** A value of a YAML file, with its place. */
export type Value = Scalar | Vaulted | Mapping | Sequence;

export interface Scalar {
  kind: 'scalar';
  value: string | number | boolean | null;
  /** As it is written, without quotes. */
  source: string;
  /** From a vaulted file: no message may show it. */
  confidential: boolean;
  /** Tagged `!unsafe`: braces are braces, not Jinja. */
  literal: boolean;
  /** What `value` and `source` are to be read as: an INI inventory has Python’s literals. */
  notation?: 'ini';
  at: Position;
}

/** `!vault`: opened by who needs it, so that other people’s vaults stay shut. */
export interface Vaulted {
  kind: 'vaulted';
  open(): { ok: true; value: string } | { ok: false; message: string };
  at: Position;
}

export interface Mapping {
  kind: 'mapping';
  entries: ReadonlyMap<string, Entry>;
  at: Position;
}

export interface Entry {
  /** Of the name. */
  at: Position;
  value: Value;
}

export interface Sequence {
  kind: 'sequence';
  items: readonly Value[];
  at: Position;
}

export function isNothing(value: Value): boolean {
  return value.kind === 'scalar' && value.value === null;
}

/** Without its places; what a vault holds is not there. */
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
