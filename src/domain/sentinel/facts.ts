import type { Code } from '../code.ts';
import type { Pause } from './pause.ts';
import type { SentinelMaster } from './replies.ts';
import type { SentinelFile } from './sentinel-file.ts';

/** A host’s Sentinel. Read only where one runs or Git asks for one. */
export interface SentinelFacts {
  port: number;
  unit: { name: string; loadState: string; activeState: string; unitFileState: string; mainPid: number };
  file: SentinelFileFacts;
  process: SentinelProcess;
  /** PING from this host to the port of every other Sentinel: what that one really answers. */
  pings: readonly Ping[];
  /** Holds on automatic failover that the host will end by itself; absent if there are none. */
  pauses?: readonly Pause[];
}

/** What was read from a host that runs Sentinel and no Redis. */
export type SentinelHostFacts =
  { reachable: true; sentinel: SentinelFacts } | { reachable: false; code: Code; reason: string; hint: string | null };

export interface SentinelFileFacts {
  path: string;
  /** Null if there is none. */
  stat: { owner: string; group: string; mode: string } | null;
  /** Unchanged since its package installed it. */
  isPackaged: boolean;
  /** Null if absent or unreadable. */
  content: SentinelFile | null;
  /**
   * Whether Sentinel can replace it, as seen by the running process: it writes a new file in the folder, and renames it.
   * Unknown if none runs.
   */
  writable: boolean | 'unknown';
}

export type SentinelProcess = SentinelUp | SentinelDown | SentinelUnreadable;

export interface SentinelUp {
  state: 'up';
  id: string;
  version: string;
  /** Empty if started without one. */
  configFile: string;
  processId: number;
  /** It takes no action: the clock jumped, or the process stood still. */
  tilt: boolean;
  masters: readonly SentinelMaster[];
}

/** Nothing listens on the port. */
export interface SentinelDown {
  state: 'down';
  reason: string;
}

export interface SentinelUnreadable {
  state: 'unreadable';
  code: Code;
  reason: string;
  hint: string | null;
}

export interface Ping {
  host: string;
  port: number;
  answer: PingAnswer;
  /** What came back, or why nothing did. */
  said: string;
}

/** `answered`: PONG, or NOAUTH, which a peer with the password passes. */
export type PingAnswer = 'answered' | 'denied' | 'refused' | 'silent' | 'other';

/** @param said The first line of the reply; empty if none came. @param status Of the connection’s script. */
export function pingAnswer(said: string, status: number): PingAnswer {
  if (/^\+PONG|^-NOAUTH/.test(said)) return 'answered';
  if (said.startsWith('-DENIED')) return 'denied';
  if (said !== '') return 'other';
  // `timeout` ends with 124.
  return status === 1 ? 'refused' : 'silent';
}
