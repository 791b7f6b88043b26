import type { Judgement } from './verdict.ts';

/** What was seen from both ends, and what became of the probe key. */
export interface Verification extends Judgement {
  master: string | null;
  /** The probe key, `redisops:probe:<nonce>`; null where no write was tried. */
  key: string | null;
  /** Replicas that acknowledged the write (WAIT), and how many were asked. */
  acknowledged: number;
  expected: number;
  replicas: readonly ReplicaProbe[];
}

export interface ReplicaProbe {
  name: string;
  /** What GET answered; null: nothing. */
  value: string | null;
  /** Whether it is what was SET. */
  matches: boolean;
  /** Milliseconds from the SET’s answer until the replica returned the value. */
  latencyMs: number | null;
  /** Master’s offset minus the replica’s, in bytes. */
  offsetLag: number | null;
  /** Whether the replica refused a write, as it must. */
  refusedWrite: boolean;
}
