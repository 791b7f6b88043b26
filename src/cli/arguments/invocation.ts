import type { RenderedFile } from '../../domain/rendered-file.ts';

/** What the person at the terminal agreed to before they were asked. */
export interface Consent {
  yes: boolean;
  /** How many keys the plan may give up. */
  giveUpKeys: number;
  /** Why a freeze is broken. */
  breakGlass: string | null;
}

/** What each verb takes beside the common options. */
export interface Options {
  status: object;
  plan: object;
  apply: Consent;
  rollback: Consent & { run: string | null };
  resync: Consent & { node: string };
  purge: Consent & { node: string | null };
  verify: object;
  doctor: object;
  drift: object;
  history: object;
  check: { format: 'text' | 'github' };
  render: { node: string; file: RenderedFile; reveal: boolean };
  lock: {
    reason: string;
    /** Milliseconds; null: until somebody unlocks. */
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

/** A command line, read. */
export type Invocation = { [V in Verb]: Asked<V> }[Verb] | { verb: 'help' } | { verb: 'version' };
