import { createHash } from 'node:crypto';
import type { AuditEntry } from '../run/run.ts';
import { canonical } from '../text/canonical.ts';

/** The last entry that a chain is known to have. */
export interface AuditHead {
  /** Counts from 1. */
  number: number;
  hash: string;
}

/** An entry as it stands in the file: it carries the hash of the one before. */
export interface ChainedEntry extends AuditEntry, AuditHead {
  /** The machine that wrote it. */
  host: string;
  /** Null for the first entry. */
  previous: string | null;
}

/** The next entry of the chain. `hash` is the SHA-256 of the canonical JSON of everything else. */
export function chained(entry: AuditEntry, host: string, head: AuditHead | null): ChainedEntry {
  const unsigned = { ...entry, host, number: (head?.number ?? 0) + 1, previous: head?.hash ?? null };
  return { ...unsigned, hash: hashOf(unsigned) };
}

/** One line of the file, without its end. */
export function lineOf(entry: ChainedEntry): string {
  return canonical(entry);
}

function hashOf(unsigned: object): string {
  return createHash('sha256').update(canonical(unsigned)).digest('hex');
}

/** Whether the line is canonical JSON, and its hash that of the rest: otherwise somebody else wrote it. */
export function isGenuine(line: string): boolean {
  const value = json(line);
  if (typeof value !== 'object' || value === null || !('hash' in value)) return false;
  const { hash, ...unsigned } = value;
  return hash === hashOf(unsigned) && line === canonical(value);
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
