import type { FailoverMode } from '../../domain/goal.ts';
import type { RenderedFile } from '../../domain/rendered-file.ts';

/** Approvals given on the command line. */
export interface Consent {
  yes: boolean;
  /** Maximum number of keys the plan may give up. */
  giveUpKeys: number;
  /** Maximum number of bytes known to be written that a failover may lose. */
  loseBytes?: number;
  /** The digest of the plan that was read, or its first 12 digits: no other plan is carried out. */
  plan?: string;
  /** The reason for breaking a freeze. */
  breakGlass: string | null;
}

/** Each verb’s own options. */
export interface Options {
  status: object;
  acknowledge: { yes: boolean };
  plan: object;
  apply: Consent;
  rollback: Consent & { run: string | null };
  resync: Consent & { node: string };
  purge: Consent & { node: string | null };
  failover: Consent & { mode: FailoverMode; node: string | null };
  pause: Consent & { forMs: number; reason: string };
  resume: Consent;
  drain: Consent & { node: string };
  undrain: Consent & { node: string };
  drill: Consent;
  verify: object;
  doctor: object;
  drift: object;
  history: object;
  runs: object;
  run: { run: string };
  audit: { export: boolean };
  check: { format: 'text' | 'github' };
  render: { node: string; file: RenderedFile; reveal: boolean };
  lock: {
    reason: string;
    /** Milliseconds; null: until unlocked. */
    forMs: number | null;
  };
  unlock: object;
  serve: { only: 'bot' | 'worker' | null };
}

export type Verb = keyof Options;

export interface Common {
  repo: string;
  /** Whether --repo was given. */
  repoGiven: boolean;
  cluster: string | undefined;
  json: boolean;
}

/** One verb with its options. */
export type Asked<V extends Verb> = { verb: V } & Common & Options[V];

/** A parsed command line. */
export type Invocation = { [V in Verb]: Asked<V> }[Verb] | { verb: 'help' } | { verb: 'version' };
