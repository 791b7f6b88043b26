import type { Endpoint } from '../replication/endpoint.ts';
import type { SettingDifference } from '../sentinel/differences.ts';
import type { Pause } from '../sentinel/pause.ts';
import type { Common } from './common.ts';

/** Those that need a host’s Sentinel only. */
export type SentinelAction =
  | SetUpSentinel
  | SentinelSet
  | ForgetMaster
  | WatchMaster
  | ResetSentinel
  | AwaitSentinels
  | StopSentinel
  | PauseFailover
  | ResumeFailover;

const OF_SENTINEL: ReadonlySet<string> = new Set<SentinelAction['kind']>([
  'set-up-sentinel',
  'sentinel-set',
  'forget-master',
  'watch-master',
  'reset-sentinel',
  'await-sentinels',
  'stop-sentinel',
  'pause-failover',
  'resume-failover',
]);

export function isSentinelAction(action: { kind: string }): action is SentinelAction {
  return OF_SENTINEL.has(action.kind);
}

/** Writes sentinel.conf and starts Sentinel; one that watches the cluster already keeps what it wrote itself. */
export interface SetUpSentinel extends Common {
  kind: 'set-up-sentinel';
  unit: string;
  port: number;
  path: string;
  masterName: string;
  master: Endpoint;
  keepsState: boolean;
  /** Number of other Sentinels that it must come to know. */
  others: number;
  replicas: number;
}

/** SENTINEL SET on a running Sentinel. Passwords are masked: the step takes them from the desired state. */
export interface SentinelSet extends Common {
  kind: 'sentinel-set';
  port: number;
  masterName: string;
  changes: readonly SettingDifference[];
}

/** SENTINEL REMOVE: from then on that Sentinel moves no role of this cluster. */
export interface ForgetMaster extends Common {
  kind: 'forget-master';
  port: number;
  /** As that Sentinel calls it. */
  masterName: string;
}

/** SENTINEL MONITOR and SET on a running Sentinel, after a REMOVE where it watches another address. */
export interface WatchMaster extends Common {
  kind: 'watch-master';
  port: number;
  masterName: string;
  master: Endpoint;
  /** Number of other Sentinels, and of replicas, that it must come to know. */
  others: number;
  replicas: number;
}

/** SENTINEL RESET: that Sentinel forgets all replicas and other Sentinels, and finds those that exist. */
export interface ResetSentinel extends Common {
  kind: 'reset-sentinel';
  port: number;
  masterName: string;
  master: Endpoint;
  /** `replica 10.0.0.126:6379`. */
  ghosts: readonly string[];
  others: number;
  replicas: number;
}

/** Waits until all Sentinels see each other and every replica, name the same master, and have a quorum. */
export interface AwaitSentinels extends Common {
  kind: 'await-sentinels';
  count: number;
}

export interface StopSentinel extends Common {
  kind: 'stop-sentinel';
  unit: string;
}

/** A Sentinel’s place, as observed: it may be one that Git does not mention. */
interface OfSentinel {
  unit: string;
  port: number;
  path: string;
}

/** Keeps a Sentinel from calling the master down. The host ends that by itself, at the time given. */
export interface PauseFailover extends Common, OfSentinel {
  kind: 'pause-failover';
  pause: Pause;
}

/** Gives a Sentinel its own `down-after-milliseconds` back. */
export interface ResumeFailover extends Common, OfSentinel {
  kind: 'resume-failover';
  masterName: string;
  downAfterMs: number;
}
