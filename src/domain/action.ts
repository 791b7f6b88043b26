import type { Endpoint } from './replication/endpoint.ts';

/**
 * One planned change of one node: a value, free of secrets, that can be shown, stored and compared. What a file's new
 * content is follows from the desired state, not from here.
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
  | Resync
  | MoveAside
  | DeleteAside;

export type ActionKind = Action['kind'];

/** Exhaustive, so that a new kind has to say it. */
const MOVES_MASTER: Readonly<Record<ActionKind, boolean>> = {
  'install-package': false,
  'stop-stray-process': false,
  'reset-failed': false,
  'make-directory': false,
  'write-file': false,
  'daemon-reload': false,
  'enable-unit': false,
  'start-unit': false,
  'restart-unit': false,
  'config-set': false,
  'back-up': false,
  replicate: false,
  'await-link': false,
  'hand-over': true,
  resync: false,
  'move-aside': false,
  'delete-aside': false,
};

const MASTER_MOVERS: ReadonlySet<string> = new Set(
  Object.entries(MOVES_MASTER).flatMap(([kind, moves]) => (moves ? [kind] : [])),
);

/** Whether an action of this kind gives the master’s role to another node: a run stops only once every file has the new roles. */
export function movesMaster({ kind }: { kind: string }): boolean {
  return MASTER_MOVERS.has(kind);
}

interface Common {
  node: string;
  /** One line for people. */
  summary: string;
  /** Whether people notice: a restart, a full synchronisation, keys or clients or a protection that go. It needs an approval. */
  disruptive: boolean;
  /** Why it is needed, and why it disturbs. */
  reason: string;
}

export interface InstallPackage extends Common {
  kind: 'install-package';
  packageName: string;
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
  /** The role that the file gives the node: its master’s address, or null for a master. Null for other files. */
  replicaof: Endpoint | null;
  /** SHA-256 of what the file holds now; null where it is absent. The step refuses a file that changed since. */
  replaces: string | null;
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
  /** Of a master that holds keys which no other node takes over: what becomes of them. */
  data?: HeldData;
  /** What it is for, read back once Redis runs again. */
  effect?: RestartEffect;
}

export interface RestartEffect {
  /** Read at start only. */
  directives: readonly DirectiveChange[];
  /** The data directory, where the process could not write it; else null. */
  writable: string | null;
}

/** Saved before it ends, read back, and loaded as it starts; or lost, at most so many keys. */
export type HeldData = { kept: 'snapshot' | 'append-only file' } | { kept: null; keysAtMost: number };

export interface ConfigSet extends Common {
  kind: 'config-set';
  /** Set together, in one CONFIG SET: Redis takes all or none. Secret values are masked. */
  changes: readonly DirectiveChange[];
}

export interface DirectiveChange {
  directive: string;
  from: string;
  to: string;
  /** The value is taken from the desired state at the step, as the change holds no secret. */
  secret: boolean;
}

/** A copy of all that a node holds, kept by redisops and read back. */
export interface BackUp extends Common {
  kind: 'back-up';
  keys: number;
}

/** REPLICAOF at run time. */
export interface Replicate extends Common {
  kind: 'replicate';
  master: Endpoint;
  /** Keys of its own that go, as the approver sees them: no more, and only with a backup of them. */
  drops?: number;
}

/** Wait until the link to the master is up and the offset caught up. */
export interface AwaitLink extends Common {
  kind: 'await-link';
  master: Endpoint;
}

/** The master’s role goes to a replica in sync, with writes held back meanwhile; the others follow it. */
export interface HandOver extends Common {
  kind: 'hand-over';
  to: { name: string } & Endpoint;
  /** The node that the role goes back to later; absent where it stays. */
  home?: string;
}

export interface Resync extends Common {
  kind: 'resync';
  master: Endpoint;
  /** `partial`: CLIENT KILL TYPE master, falling to `full` when the master cannot continue. `full`: detach and attach in one transaction. */
  mode: 'partial' | 'full';
}

/** A file below the data directory, as it was seen; one that changed since is not touched. */
export interface AsideFile {
  /** Below the data directory. */
  path: string;
  bytes: number;
  /** Seconds since 1970, with their fraction. */
  modified: string;
  /** Whether it may hold keys. */
  holdsData: boolean;
}

/** Files that no Redis uses go into a folder beside them, with a manifest: nothing is lost yet. */
export interface MoveAside extends Common {
  kind: 'move-aside';
  /** The data directory. */
  directory: string;
  /** The folder’s name below it. */
  folder: string;
  files: readonly AsideFile[];
}

/** Deletes what was moved aside, once the cluster was verified and the node’s keys are there. */
export interface DeleteAside extends Common {
  kind: 'delete-aside';
  directory: string;
  /** Names below the data directory; removed where nothing else is in them. */
  folders: readonly string[];
  /** `aside`: where it stands now, below the data directory. */
  files: readonly (AsideFile & { aside: string })[];
}
