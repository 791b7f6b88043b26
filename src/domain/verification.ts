import type { Judgement } from './verdict.ts';

/** The state of replication from both ends, and the result of the probe write. */
export interface Verification extends Judgement {
  master: string | null;
  /** The probe key, `redisops:probe:<nonce>`; null if no write was tried. */
  key: string | null;
  /** How many replicas acknowledged the write (WAIT), out of how many. */
  acknowledged: number;
  expected: number;
  replicas: readonly ReplicaProbe[];
  /** By address; absent where Git names no entry. */
  entry?: readonly EntryProbe[];
}

/** What came of writes through an address of the entry. */
export interface EntryProbe {
  /** `HOST:PORT` */
  address: string;
  /** The nodes that answered. */
  nodes: readonly string[];
  connections: number;
  /** How many of them took a write and returned it, on the master. */
  writes: number;
  /** From SET to the value’s return, the longest; null if nothing answered. */
  latencyMs: number | null;
}

export interface ReplicaProbe {
  name: string;
  /** GET’s reply; null if there was none. */
  value: string | null;
  /** Whether GET returned the value that was SET. */
  matches: boolean;
  /** Milliseconds from SET’s reply to the value’s arrival on the replica. */
  latencyMs: number | null;
  /** The master’s offset minus the replica’s, in bytes. */
  offsetLag: number | null;
  /** Whether the replica rejected a write, as it must; null if none was tried, or the reply says neither. */
  refusedWrite: boolean | null;
}

/** Whether the replica was read at all: nothing is known of one that was not. */
export function wasAsked({ offsetLag, refusedWrite }: ReplicaProbe): boolean {
  return offsetLag !== null || refusedWrite !== null;
}

/** Whether the master refused the probe write: no replica was asked then. */
export function isWriteRefused({ master, reasons }: Verification): boolean {
  return reasons.some(({ code, node }) => code === 'WRITES_REFUSED' && node === master);
}
