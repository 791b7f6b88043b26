import type { Code } from '../code.ts';
import type { Endpoint } from '../replication/endpoint.ts';
import type { Role } from '../replication/view.ts';

/** One connection through an address of the entry, opened from a node. */
export type EntryAnswer = { at: Endpoint; via: string } & (Answered | Unanswered);

/** The Redis behind it, by its own words. */
export interface Answered {
  answers: true;
  runId: string;
  role: Role;
}

export interface Unanswered {
  answers: false;
  code: Code;
  /** A verb phrase: `refuses connections`. */
  reason: string;
}
