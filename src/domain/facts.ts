import type { Code } from './code.ts';
import type { LoadedModule } from './traces/modules.ts';
import type { PlantedKey } from './traces/planted-value.ts';
import type { Drained } from './maintenance/drained.ts';
import type { SeenSign } from './traces/seen-sign.ts';
import type { EntryFacts } from './entry/facts.ts';
import type { AclUser } from './redis/acl.ts';
import type { DataFile } from './redis/data-file.ts';
import type { Dataset } from './redis/dataset.ts';
import { RedisConf } from './redis/redis-conf.ts';
import type { RefusedCommand } from './redis/step-commands.ts';
import type { Remain } from './redis/remains.ts';
import type { Announced, ResolvedNames } from './replication/identity.ts';
import type { MasterHome } from './replication/master-home.ts';
import type { ReplicationView } from './replication/view.ts';
import type { Secret, SensitiveText } from './secret.ts';
import type { SentinelFacts } from './sentinel/facts.ts';
import type { ServerFound } from './server/found.ts';
import type { ResolvedUnit } from './unit/resolved-unit.ts';

/** Facts read from one node. An unreadable node counts neither as healthy nor as absent. */
export type NodeFacts = ReachableNode | UnreachableNode;

/** The node that was read. */
interface OfNode {
  name: string;
  address: string;
  redisPort: number;
  /** What Git tells the node to announce. */
  asked: Announced;
  /** Signs of an intrusion, including those of earlier looks; absent without a memory. */
  signs?: readonly SeenSign[];
}

export interface UnreachableNode extends OfNode {
  reachable: false;
  code: Code;
  reason: string;
  /** Where to look next, given by the code that failed. */
  hint: string | null;
}

export interface ReachableNode extends OfNode {
  reachable: true;
  host: HostFacts;
  redis: RedisFacts;
  /** Absent where no Sentinel runs and Git asks for none. */
  sentinel?: SentinelFacts;
  /** Absent where Git names no entry. */
  entry?: EntryFacts;
}

/** Facts about the host, read over SSH in one round trip. */
export interface HostFacts {
  package: { installed: boolean; version?: string };
  /** The servers that are installed: Redis, Valkey, both or none. Absent where nothing was said. */
  servers?: readonly ServerFound[];
  unit: UnitFacts;
  /** By path: every file and directory named by the desired state, and remains in the data directory. */
  files: ReadonlyMap<string, FileFacts>;
  /** Data files that a start could load, in the current folder and in the one Git asks for. */
  dataFiles: readonly DataFile[];
  /** Files left in the data directory by persistence and earlier purges, sorted by path. */
  remains: readonly Remain[];
  /** Redis and Sentinel processes that belong to no systemd unit. */
  /** What redis.conf is beside itself. */
  confParts: readonly ConfPart[];
  strayProcesses: readonly StrayProcess[];
  /** Other Redis processes on the host: of another unit, or in a container. No Sentinels. */
  otherRedis: readonly OtherRedis[];
  /**
   * Whether the running Redis can write its data directory, as seen through its own mounts; unknown if Redis is not
   * running.
   */
  dataDirectoryWritable: boolean | 'unknown';
  /** The running Redis’s hard limit of open files; absent if unlimited or unknown. */
  openFiles?: number;
  /** Free bytes on the file system of the data directory (or of its nearest existing parent). */
  freeBytes: number;
  memoryAvailableBytes: number;
  preflight: Preflight;
  /** Files of cron and SSH that begin like an RDB file: Redis saved them. */
  savedElsewhere?: readonly string[];
  /** Null unless a run left the master’s role here temporarily. */
  masterHome: MasterHome | null;
  /** Absent unless a person drained the host. */
  drained?: Drained;
  /** Last lines of Redis’s log at level warning or about synchronization, newest last; masked. */
  log: readonly string[];
}

/** Host facts that a step may need; null if unreadable, or if no step needs them. */
export interface Preflight {
  /** Processes listening on Redis’s port while the unit is stopped. */
  listeners: readonly Listener[] | null;
  /** Whether apt knows the package; null once it is installed. */
  apt: 'known' | 'unknown' | 'no lists' | null;
  memory: MemoryCommitment | null;
  /** Milliseconds by which the node’s clock is ahead of this program’s: between the two figures. */
  clock: { leastAheadMs: number; mostAheadMs: number } | null;
}

export interface Listener {
  /** `0.0.0.0`, `[::]`, `*`, `127.0.0.1`. */
  address: string;
  /** As named by `ss`; null if `ss` does not say. */
  process: { name: string; pid: number; controlGroup?: string } | null;
}

/** The kernel’s overcommit rule: a fork commits as much memory as the process has. */
export interface MemoryCommitment {
  /** `vm.overcommit_memory`: 0, 1, 2. */
  overcommit: 'heuristic' | 'always' | 'never';
  /** Memory that can still be committed under `never`. */
  uncommittedBytes: number;
}

/** `systemctl show`, in systemd’s terms. */
export interface UnitFacts extends ResolvedUnit {
  activeState: string;
  subState: string;
  unitFileState: string;
  result: string;
  mainPid: number;
  restarts: number;
  /** As reported by systemd, which misses a newly created drop-in folder. */
  needDaemonReload: boolean;
  /** Whether systemd has a job queued or running for the unit. */
  jobPending: boolean;
  /** systemd’s limit for a start, loading included; absent if there is none. */
  startTimeoutMs?: number;
  /** The hard limit of open files that a start gets: LimitNOFILE=, or the container’s own; absent if unlimited or unknown. */
  openFiles?: number;
  /** When it was active last, ISO 8601; absent if never since boot. An active unit may have one, too. */
  inactiveSince?: string;
  /** systemd refuses a start by hand (RefuseManualStart=, or a mask). */
  cannotStart?: true;
  /** Why systemd cannot load it; absent if it can. */
  loadError?: string;
}

/** A file that redis.conf includes, or one of ACL users; empty if the redis user cannot read it. */
export interface ConfPart {
  kind: 'include' | 'aclfile' | 'wanted aclfile';
  path: string;
  content: RedisConf;
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
  /** The path itself is a symbolic link; the other fields describe its target. */
  isLink?: true;
  /** The resolved path, if different: of a link, and of the data directory. */
  realPath?: string;
  /** Names in the data directory, as far as it has few; absent for an empty one. */
  holds?: readonly string[];
  /** Why root cannot replace it. Only for managed configuration files. */
  locked?: 'immutable' | 'append-only' | 'read-only' | 'mount point';
  sha256?: string;
  /** Unchanged since its package installed it. Only for managed configuration files. */
  isPackaged?: boolean;
  /** Only for managed configuration files that the redis user may read. redis.conf is a `RedisConf`. */
  content?: SensitiveText;
}

/** redis.conf as found on the node; null if absent or unreadable. */
export function presentConf({ files }: Pick<HostFacts, 'files'>, { path }: { path: string }): RedisConf | null {
  const file = files.get(path);
  return file?.exists && file.content ? RedisConf.parse(file.content) : null;
}

export interface OtherRedis {
  pid: number;
  /** The innermost control group: `redis_6379.service`, `docker-ab12….scope`. */
  owner: string;
  inContainer: boolean;
  /** From its title; null if the title has none. */
  port: number | null;
  /** Its working directory, which is Redis’s `dir`; in a container as that sees it. */
  directory: string | null;
}

export interface StrayProcess {
  pid: number;
  command: string;
  /** Its working directory, which is Redis’s `dir`. */
  directory?: string;
  /** Start time in clock ticks since boot (`/proc/PID/stat`, field 22): with the PID it identifies the process. */
  startTicks: string;
}

export type RedisFacts = RedisUp | RedisDown | RedisUnreadable;

/** Nothing listens on the port. */
export interface RedisDown {
  state: 'down';
  reason: string;
}

/** Something listens but cannot be read: wrong password, hung, or loading for too long. */
export interface RedisUnreadable {
  state: 'unreadable';
  code: Code;
  reason: string;
  /** What to look at. */
  hint?: string;
}

export interface RedisUp extends ReplicationView, Dataset {
  state: 'up';
  version: string;
  /** Absent for Redis itself. Its own version: `version` is the one of Redis that it is compatible with. */
  valkeyVersion?: string;
  /** Absolute path of the redis.conf it was started with; empty if started without one. */
  configFile: string;
  runId: string;
  processId: number;
  /** Sample key names of a master that may have to give its keys up; masked unless redisops.yml shows them. */
  keyNames?: readonly string[];
  /** Bytes per second that replicas must receive: the current rate or the mean since start, whichever is larger. */
  writeBytesPerSecond: number;
  persistence: {
    rdbLastSaveOk: boolean;
    rdbSaveInProgress: boolean;
    aofEnabled: boolean;
    aofLastWriteOk: boolean;
  };
  /** INFO stats counters: sync_full, sync_partial_ok, sync_partial_err. */
  syncs: { full: number; partialOk: number; partialErr: number };
  /** What Redis holds against `maxmemory`: without its replicas’ output buffers. Absent where INFO does not say. */
  countedMemoryBytes?: number;
  /** Keys with an expiry, of all databases. */
  expiringKeys?: number;
  /** Replicas that count for `min-replicas-to-write`; absent if that is 0. */
  goodReplicas?: number;
  /** Loaded modules, with their files. */
  modules?: readonly LoadedModule[];
  /** Keys whose values only make sense in a file of cron or SSH. */
  plantedKeys?: readonly PlantedKey[];
  /** ACL LIST; absent if Redis refuses it. */
  aclUsers?: readonly AclUser[];
  failoverInProgress: boolean;
  /** Addresses of the host names by which the node knows its master and replicas. */
  resolved: ResolvedNames;
  /** CONFIG GET for the directives in the desired state and a fixed list; never for secrets. */
  configuration: ReadonlyMap<string, string>;
  /** Commands needed by steps that Redis would refuse, as far as it says. */
  refuses?: readonly RefusedCommand[];
  /** Whether Redis accepts each directive at run time, as it says itself; only for directives that differ from Git. */
  takesLive?: ReadonlyMap<string, boolean>;
  /** CONFIG GET masterauth. */
  masterauth?: Secret;
  /** Whether the running process requires a password. */
  requiresPassword: boolean;
  /** Whether a Sentinel is connected: a client subscribed to `__sentinel__:hello`. */
  watchedBySentinel: boolean;
}
