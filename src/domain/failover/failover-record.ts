import type { Acknowledgement } from '../chat/acknowledgement.ts';
import type { MessageReference } from '../chat/message.ts';
import type { Endpoint } from '../replication/endpoint.ts';
import { fingerprintOf } from '../text/fingerprint.ts';

/** The cluster’s master as the Sentinels name it, and the failover that made it so. */
export interface WatchedMaster extends Endpoint {
  /** Sentinel’s `config-epoch`: each failover takes a new one. */
  epoch: number;
  /** Name of the last recorded failover; null before the first. */
  last: string | null;
}

/**
 * `down`: the Sentinels agreed that the master was down. `asked`: somebody sent SENTINEL FAILOVER. `run`: a run of
 * redisops did. `unknown`: redisops was not listening.
 */
export type FailoverCause =
  { kind: 'down'; quorum: string | null } | { kind: 'asked' } | { kind: 'run'; run: string } | { kind: 'unknown' };

/** A vote: each Sentinel’s host, and the host of the Sentinel that it voted for. */
export interface Vote {
  by: string;
  leader: string;
}

export const ABORT_EVENTS = [
  '-failover-abort-no-good-slave',
  '-failover-abort-not-elected',
  '-failover-abort-slave-timeout',
] as const;

/** An event with which Sentinel gives a failover up. */
export type Abort = (typeof ABORT_EVENTS)[number];

export const ABORTS: Readonly<Record<Abort, string>> = {
  '-failover-abort-no-good-slave': 'no replica can be promoted: they are down, too far behind, or have priority 0',
  '-failover-abort-not-elected': 'no Sentinel got enough votes',
  '-failover-abort-slave-timeout': 'the chosen replica did not become a master in time',
};

export interface GivenUp {
  event: Abort;
  /** How many times in a row. */
  tries: number;
  /** When Sentinel may try again: twice `failover-timeout` after the last try began. Null if that is unknown. */
  nextTryAt: string | null;
}

/** What the old master does. `away`: it does not answer. `elsewhere`: it follows another node. */
export type OldMasterState = 'away' | 'master' | 'following' | 'in-sync' | 'elsewhere';

export interface OldMaster {
  state: OldMasterState;
  /** When it answered again; null if it has not yet. */
  backAt: string | null;
  /** Milliseconds for which it still acted as a master after it came back. */
  masterMs: number;
  /** How it was synchronized with the new master. */
  sync: 'full' | 'partial' | null;
}

/** Clients connected to the old master, by address: `10.0.0.50 (worker) × 3`. */
export type HangingClients = readonly string[];

/** A failover by Sentinel, done or given up. Times: ISO 8601. */
export interface FailoverRecord {
  failover: string;
  cluster: string;
  at: string;
  /** Inventory names, or addresses of what the inventory does not have. */
  from: string;
  /** Null if it was given up. */
  to: string | null;
  epoch: number;
  cause: FailoverCause;
  votes: readonly Vote[];
  /** Number of Sentinels that were heard; what they voted. */
  sentinels: number;
  givenUp: GivenUp | null;
  /** About how long no write was possible, in milliseconds; null if unknown. */
  noWritesMs: number | null;
  /** Bytes of replication history that the new master lacked, as far as the old one was read; null if unknown. */
  lackedBytes: number | null;
  old: OldMaster;
  clients: HangingClients;
  /** The failover before, if that was recent: somebody must look. */
  after: { failover: string; minutes: number } | null;
  /** When there was nothing left to wait for. */
  closedAt: string | null;
  acknowledged: Acknowledgement | null;
  pullRequest: { number: number; url: string } | null;
  /** The run that plans the way back. */
  wayBack: string | null;
  message: MessageReference | null;
  /** `failoverShown` of the message as posted. */
  shown: string | null;
}

/** A failover of ours is reported by its run. */
export function isReported({ cause }: Pick<FailoverRecord, 'cause'>): boolean {
  return cause.kind !== 'run';
}

/** Whether somebody must acknowledge it. */
export function needsAcknowledgement({ after, givenUp, closedAt, acknowledged }: FailoverRecord): boolean {
  if (acknowledged) return false;
  return after !== null || (givenUp !== null && closedAt === null);
}

/** For buttons: stays the same for one failover. */
export function failoverFingerprint({ failover }: Pick<FailoverRecord, 'failover'>): string {
  return fingerprintOf(failover);
}

/** Differs whenever the message would. */
export function failoverShown(record: FailoverRecord): string {
  const { shown: _shown, message: _message, ...said } = record;
  return fingerprintOf(JSON.stringify(said));
}
