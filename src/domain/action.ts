import type { Common } from './actions/common.ts';
import type {
  SetUpSentinel,
  SentinelSet,
  ForgetMaster,
  WatchMaster,
  ResetSentinel,
  AwaitSentinels,
  StopSentinel,
  PauseFailover,
  ResumeFailover,
} from './actions/of-sentinel.ts';
import type { Drained } from './maintenance/drained.ts';
import type { Endpoint } from './replication/endpoint.ts';
import type { ThroughSentinel } from './sentinel/switchover.ts';

/**
 * One planned change of one node: a value without secrets that can be shown, stored and compared. The new content of a
 * file comes from the desired state, not from here.
 */
export type Action =
  | InstallPackage
  | StopStrayProcess
  | ResetFailed
  | MakeDirectory
  | WriteFile
  | DaemonReload
  | EnableUnit
  | StartUnit
  | RestartUnit
  | ConfigSet
  | BackUp
  | Replicate
  | AwaitLink
  | HandOver
  | Promote
  | Resync
  | MoveAside
  | DeleteAside
  | SetUpSentinel
  | SentinelSet
  | AwaitSentinels
  | ForgetMaster
  | WatchMaster
  | ResetSentinel
  | StopSentinel
  | PauseFailover
  | ResumeFailover
  | NoteDrained;

export type ActionKind = Action['kind'];

export type { Opening } from './actions/common.ts';
export type {
  SetUpSentinel,
  SentinelSet,
  ForgetMaster,
  WatchMaster,
  ResetSentinel,
  AwaitSentinels,
  StopSentinel,
  PauseFailover,
  ResumeFailover,
} from './actions/of-sentinel.ts';

export interface InstallPackage extends Common {
  kind: 'install-package';
  packageName: string;
  /** The unit that stays off during the installation; default: Redis’s. */
  unit?: string;
}

export interface StopStrayProcess extends Common {
  kind: 'stop-stray-process';
  pid: number;
  startTicks: string;
}

export interface ResetFailed extends Common {
  kind: 'reset-failed';
  unit: string;
}

export interface MakeDirectory extends Common {
  kind: 'make-directory';
  path: string;
  owner: string;
  group: string;
  mode: string;
}

export interface WriteFile extends Common {
  kind: 'write-file';
  file: 'redis.conf' | 'override.conf';
  path: string;
  owner: string;
  group: string;
  mode: string;
  /** The role in the file: the master’s address, or null for a master. Null for files other than redis.conf. */
  replicaof: Endpoint | null;
  /** Someone else wrote the current file: replacing it needs an approval, and the original is kept permanently. */
  adopts?: true;
  /** SHA-256 of the current file; null if absent. The step refuses a file that has changed since. */
  replaces: string | null;
  /** Sentinel moved the role, and had Redis rewrite the file with it. */
  rewritten?: true;
  /** Secrets masked. */
  diff: readonly DiffLine[];
}

export interface DiffLine {
  sign: '+' | '-' | ' ' | '…';
  text: string;
}

export interface DaemonReload extends Common {
  kind: 'daemon-reload';
}

export interface EnableUnit extends Common {
  kind: 'enable-unit';
  unit: string;
}

export interface StartUnit extends Common {
  kind: 'start-unit';
  unit: string;
}

export interface RestartUnit extends Common {
  kind: 'restart-unit';
  unit: string;
  /** The fate of a master’s keys when no other node takes them over. */
  data?: HeldData;
  /** The expected effect, checked once Redis is running again. */
  effect?: RestartEffect;
}

export interface RestartEffect {
  /** Read at start only. */
  directives: readonly DirectiveChange[];
  /** The data directory, if the process could not write it; otherwise null. */
  writable: string | null;
}

/** Saved before the stop, read back, and loaded on start; or lost, up to `keysAtMost`. */
export type HeldData = { kept: 'snapshot' | 'append-only file' } | { kept: null; keysAtMost: number };

export interface ConfigSet extends Common {
  kind: 'config-set';
  /** Set in one CONFIG SET: Redis takes all or none. Secret values are masked. */
  changes: readonly DirectiveChange[];
}

export interface DirectiveChange {
  directive: string;
  from: string;
  to: string;
  /** If true, the step takes the value from the desired state: the change itself holds no secret. */
  secret: boolean;
}

/** A copy of everything the node holds, kept and read back by redisops. */
export interface BackUp extends Common {
  kind: 'back-up';
  keys: number;
}

/** REPLICAOF at run time. */
export interface Replicate extends Common {
  kind: 'replicate';
  master: Endpoint;
  /** The node’s own keys that will be dropped, at most; only with a backup of them. */
  drops?: number;
}

/** Wait until the link to the master is up and the offset caught up. */
export interface AwaitLink extends Common {
  kind: 'await-link';
  master: Endpoint;
}

/** Moves the master’s role to a replica in sync while writes are paused; the other replicas follow. */
export interface HandOver extends Common {
  kind: 'hand-over';
  to: { name: string } & Endpoint;
  /** The node the role belongs to afterwards: it returns there, or stays for good. Absent if Git’s nomination says it. */
  home?: string;
  /** Sentinel moves the role. Absent where no Sentinel watches the nodes. */
  sentinel?: ThroughSentinel;
}

/** REPLICAOF NO ONE, and a note that a person decided it: for a lost master, or for one history among several. */
export interface Promote extends Common {
  kind: 'promote';
  /** Nodes whose own claim to be the master counts no more. */
  over: readonly string[];
  /** The master that must be dead right before; absent where none is missed. */
  lost?: LostMaster;
}

export interface LostMaster {
  name: string;
  /** The candidate’s offset: it may not have less when it is promoted. Bytes. */
  offset: number;
  /** Known to have been written, and not there any more. Bytes. */
  losesBytes: number;
}

export interface Resync extends Common {
  kind: 'resync';
  master: Endpoint;
  /**
   * `partial`: CLIENT KILL TYPE master; becomes `full` if the master cannot continue. `full`: detach and attach in one
   * transaction.
   */
  mode: 'partial' | 'full';
}

/** A file below the data directory as it was observed. A file that has changed since is left alone. */
export interface AsideFile {
  path: string;
  bytes: number;
  /** Seconds since 1970, with fraction. */
  modified: string;
  /** Whether the file may hold keys. */
  holdsData: boolean;
}

/** Moves files that no Redis uses into a folder beside them, with a manifest. Nothing is lost yet. */
export interface MoveAside extends Common {
  kind: 'move-aside';
  directory: string;
  /** Name of the folder below the data directory. */
  folder: string;
  files: readonly AsideFile[];
}

/** Deletes the files moved aside, once the cluster is verified and the node still has its keys. */
export interface DeleteAside extends Common {
  kind: 'delete-aside';
  directory: string;
  /** Folders below the data directory; removed if empty. */
  folders: readonly string[];
  /** `aside`: the current path below the data directory. */
  files: readonly (AsideFile & { aside: string })[];
}

/** Writes or removes the note on the host that it is drained. */
export interface NoteDrained extends Common {
  kind: 'note-drained';
  /** Null: not any more. */
  drained: Drained | null;
}
