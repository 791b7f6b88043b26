import type { Code } from './code.ts';
import type { DataFile } from './redis/data-file.ts';
import type { Dataset } from './redis/dataset.ts';
import { RedisConf } from './redis/redis-conf.ts';
import type { RefusedCommand } from './redis/step-commands.ts';
import type { Remain } from './redis/remains.ts';
import type { Announced, ResolvedNames } from './replication/identity.ts';
import type { MasterHome } from './replication/master-home.ts';
import type { ReplicationView } from './replication/view.ts';
import type { Secret, SensitiveText } from './secret.ts';
import type { ResolvedUnit } from './unit/resolved-unit.ts';

/** What was read of one node. A node that could not be read is not healthy and not absent. */
export type NodeFacts = ReachableNode | UnreachableNode;

/** Whose reading it is. */
interface OfNode {
  name: string;
  address: string;
  redisPort: number;
  /** What Git has it announce. */
  asked: Announced;
}

export interface UnreachableNode extends OfNode {
  reachable: false;
  code: Code;
  reason: string;
  /** What to look at, by those who know the code. */
  hint: string | null;
}

export interface ReachableNode extends OfNode {
  reachable: true;
  host: HostFacts;
  redis: RedisFacts;
}

/** Read over SSH in one round trip. */
export interface HostFacts {
  package: { installed: boolean; version?: string };
  unit: UnitFacts;
  /** By path: every file and directory that the desired state names, and the data directory’s remains. */
  files: ReadonlyMap<string, FileFacts>;
  /** What a start could load: where redis.conf keeps it now, and where Git wants it. */
  dataFiles: readonly DataFile[];
  /** What persistence and earlier purges left in the data directory, in order of their paths. */
  remains: readonly Remain[];
  /** Redis and Sentinel processes that systemd’s units do not own. */
  strayProcesses: readonly StrayProcess[];
  /** Whether the running Redis can write its data directory, seen through its own mounts; unknown when it does not run. */
  dataDirectoryWritable: boolean | 'unknown';
  /** Free bytes on the data directory’s file system (or its nearest existing parent). */
  freeBytes: number;
  memoryAvailableBytes: number;
  preflight: Preflight;
  /** Null where no run left the master’s role here for a while. */
  masterHome: MasterHome | null;
  /** The last lines of Redis’s log that are at level warning or speak of synchronisation, newest last; masked. */
  log: readonly string[];
}

/** What a step may need of a host; null where it could not be read, or nothing on the host asks for it. */
export interface Preflight {
  /** Who listens on Redis’s port while the unit does not run. */
  listeners: readonly Listener[] | null;
  /** Whether apt knows the package, while it is not installed. */
  apt: 'known' | 'unknown' | 'no lists' | null;
  memory: MemoryCommitment | null;
  /** How far the node’s clock is ahead of this program’s: it stands between the two, in milliseconds. */
  clock: { leastAheadMs: number; mostAheadMs: number } | null;
}

export interface Listener {
  /** `0.0.0.0`, `[::]`, `*`, `127.0.0.1`. */
  address: string;
  /** As `ss` names it; null where it does not. */
  process: { name: string; pid: number } | null;
}

/** The kernel’s rule for memory that is promised, not used: a fork promises all that the process has. */
export interface MemoryCommitment {
  /** `vm.overcommit_memory`: 0, 1, 2. */
  overcommit: 'heuristic' | 'always' | 'never';
  /** What may yet be promised under `never`. */
  uncommittedBytes: number;
}

/** `systemctl show`, with systemd’s words. */
export interface UnitFacts extends ResolvedUnit {
  activeState: string;
  subState: string;
  unitFileState: string;
  result: string;
  mainPid: number;
  restarts: number;
  /** By systemd’s own word, which does not know a new folder of drop-ins. */
  needDaemonReload: boolean;
  /** A job of systemd’s in flight for the unit. */
  jobPending: boolean;
  /** How long systemd lets a start take, loading included; absent where it has no limit. */
  startTimeoutMs?: number;
}

export type FileFacts = AbsentFile | PresentFile;

export interface AbsentFile {
  exists: false;
}

export interface PresentFile {
  exists: true;
  type: 'file' | 'directory' | 'other';
  owner: string;
  group: string;
  mode: string;
  size: number;
  /** The path itself is a symbolic link; the rest is of what it leads to. */
  isLink?: true;
  /** Where links lead it, its own and those of its parents: of a link, and of the data directory; where it differs. */
  realPath?: string;
  sha256?: string;
  /** Only of managed configuration files, and only where Redis’s user may read them. A redis.conf is a `RedisConf`. */
  content?: SensitiveText;
}

/** redis.conf as it stands on the node; null where it is absent or unreadable. */
export function presentConf({ files }: Pick<HostFacts, 'files'>, { path }: { path: string }): RedisConf | null {
  const file = files.get(path);
  return file?.exists && file.content ? RedisConf.parse(file.content) : null;
}

export interface StrayProcess {
  pid: number;
  command: string;
  /** Start time in clock ticks since boot (`/proc/PID/stat` field 22): with the PID it names the process for good. */
  startTicks: string;
}

export type RedisFacts = RedisUp | RedisDown | RedisUnreadable;

/** Nothing listens on the port. */
export interface RedisDown {
  state: 'down';
  reason: string;
}

/** Something listens, but it cannot be read: wrong password, hung, loading for too long. */
export interface RedisUnreadable {
  state: 'unreadable';
  code: Code;
  reason: string;
}

export interface RedisUp extends ReplicationView, Dataset {
  state: 'up';
  version: string;
  /** The redis.conf that it was started with, as an absolute path; empty without one. */
  configFile: string;
  runId: string;
  processId: number;
  /** Some names of keys of a master that may have to give them up; masked where redisops.yml does not show them. */
  keyNames?: readonly string[];
  /** What its replicas have to be sent: the larger of now and the mean since its start. Never less than it is. */
  writeBytesPerSecond: number;
  persistence: {
    rdbLastSaveOk: boolean;
    rdbSaveInProgress: boolean;
    aofEnabled: boolean;
    aofLastWriteOk: boolean;
  };
  /** INFO stats counters: sync_full, sync_partial_ok, sync_partial_err. */
  syncs: { full: number; partialOk: number; partialErr: number };
  failoverInProgress: boolean;
  /** Addresses of the host names that it names its master and its replicas by. */
  resolved: ResolvedNames;
  /** CONFIG GET of the directives that the desired state names and of a fixed list; never of secrets. */
  configuration: ReadonlyMap<string, string>;
  /** Of the commands that steps need, those that it would refuse, as far as it says. */
  refuses?: readonly RefusedCommand[];
  /** Whether it takes a directive while it runs, by its own word; of those that run otherwise than Git asks. */
  takesLive?: ReadonlyMap<string, boolean>;
  /** CONFIG GET masterauth. */
  masterauth?: Secret;
  /** Whether the running process asks for a password at all. */
  requiresPassword: boolean;
  /** A client that subscribed to `__sentinel__:hello` is connected. */
  watchedBySentinel: boolean;
}
