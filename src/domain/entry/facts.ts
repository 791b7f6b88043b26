import type { Code } from '../code.ts';
import type { ProxyServer } from './servers.ts';
import type { Endpoint } from '../replication/endpoint.ts';
import type { Role } from '../replication/view.ts';

/** The clients’ way in, as one look found it. */
export interface EntryFacts {
  /** From this node, by address. */
  answers: readonly EntryAnswer[];
  /** HAProxy on hosts of the inventory. */
  proxies: readonly ProxyFacts[];
}

export type ProxyFacts = { host: string } & (
  { read: true; servers: readonly ProxyServer[] } | { read: false; reason: string }
);

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
