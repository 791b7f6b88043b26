import type { Code } from './code.ts';
import type { DesiredEntry } from './entry/entry.ts';
import type { ConfigProblem } from './error.ts';
import type { Drained } from './maintenance/drained.ts';
import type { RedisConf } from './redis/redis-conf.ts';
import { HIDES_COMMENTS, SensitiveText, type Secret } from './secret.ts';
import type { SentinelHostFacts } from './sentinel/facts.ts';
import type { SentinelFile } from './sentinel/sentinel-file.ts';
import type { Limits } from './limits.ts';
import type { ServerName } from './server/server.ts';
import type { Policy } from './run/policy.ts';

/** Where a node is reached: SSH at `address:sshPort`, Redis at `address:redisPort`. */
export interface NodeAddress {
  /** The inventory name, such as `redis-02`. */
  name: string;
  /** An IP address: redisops resolves no names, because a resolver can fail in the middle of a run. */
  address: string;
  sshPort: number;
  /** `ansible_user`; default: the setting SSH_USER. */
  sshUser?: string;
  redisPort: number;
  /** The systemd unit that listens there; absent where none is known. */
  unit?: string;
  /** Absent: Redis. The node’s scripts find it as `$NODE_SERVER`. */
  server?: ServerName;
}

export interface DesiredFile<Content extends SensitiveText = SensitiveText> {
  path: string;
  owner: string;
  group: string;
  /** Octal, as printed by `stat -c %a`: `640`. */
  mode: string;
  content: Content;
}

export interface DesiredDirectory {
  path: string;
  owner: string;
  group: string;
  mode: string;
}

/** What Git asks of one node. */
export interface DesiredNode extends NodeAddress {
  /** What Git says of the server, if anything. */
  serverAsked?: ServerName;
  packageName: string;
  unit: string;
  dataDirectory: string;
  directories: readonly DesiredDirectory[];
  /** redis.conf with the role nominated by Git; the plan replaces it with the observed role (`withRole`). */
  redisConf: DesiredFile<RedisConf>;
  /**
   * Directives of redis.conf set only by redisops’s defaults, not by Git. Absent with a template of the repository’s own,
   * which says everything.
   */
  unsaid?: ReadonlySet<string>;
  /** As the host’s note says. redis.conf then has `replica-priority 0`, whatever Git says. */
  drained?: Drained;
  /** Lines of redis.conf that the node keeps because Git does not set them; secrets masked. */
  kept?: readonly string[];
  /** Absent where Git asks for no Sentinel on the host. */
  sentinel?: DesiredSentinel;
  /** sentinel.conf as rendered, from the repository’s template or from the variables. */
  sentinelConf?: SensitiveText;
  dropIn: DesiredFile;
  /** Unsafe or missing settings in the repository’s own templates; redisops adds nothing to them. */
  templateGaps?: readonly TemplateGap[];
}

/** The Sentinel that Git asks for on a host. */
export interface DesiredSentinel {
  packageName: string;
  unit: string;
  port: number;
  /** Names the master that Git nominates; the plan replaces it with the observed one (`withMaster`). */
  file: DesiredFile<SentinelFile>;
  /** The name under which the file monitors this cluster. */
  masterName: string;
  /** A crashed master does not wait for a failover before it starts again. */
  startsAtOnce?: true;
}

/** A host that runs Sentinel and no Redis. Its `redisPort` is Sentinel’s. */
export interface SentinelHost extends NodeAddress {
  sentinel: DesiredSentinel;
  templateGaps?: readonly TemplateGap[];
  /** As last read; absent before the first look. */
  facts?: SentinelHostFacts;
}

export interface TemplateGap {
  /** True: blocks every change. False: a warning. */
  blocks: boolean;
  /** Default: TEMPLATE_UNSAFE. */
  code?: Code;
  message: string;
  hint: string;
}

/** What Git asks of one cluster, at one revision. */
export interface DesiredCluster {
  cluster: string;
  /** A commit, or `working tree` for a checkout read from disk. */
  revision: string;
  replication: boolean;
  sentinel: boolean;
  /** Git says that there is to be none; absent where it does not say. */
  sentinelOff?: true;
  /** Inventory name of the master that Git nominates; used only while the cluster has none. */
  nominatedMaster: string;
  /** `requirepass`; absent for nodes without a password. */
  password?: Secret;
  /** `masterauth`; default: the password. */
  masterauth?: Secret;
  /** Absent where Git allows a Redis without a password that other hosts reach. */
  needsPassword?: true;
  nodes: readonly DesiredNode[];
  /** Hosts of `redis_sentinel_group` that run no Redis; absent without any. */
  sentinelHosts?: readonly SentinelHost[];
  /** The clients’ way in; absent where Git names none. */
  entry?: DesiredEntry;
  policy: Policy;
  limits: Limits;
  /** Mistakes in the files as printed, which refuse every plan. Only where the files are for a reader, not for a node. */
  mistakes?: readonly ConfigProblem[];
}

/** A host as far as its Sentinel goes: with Redis, or without. */
export type ClusterHost = NodeAddress & Pick<DesiredNode, 'sentinel'>;

/** Every host that a run may change: those with Redis first, then those with Sentinel only. */
export function hostsOf({ nodes, sentinelHosts = [] }: DesiredCluster): readonly (DesiredNode | SentinelHost)[] {
  return [...nodes, ...sentinelHosts];
}

/** The cluster’s own passwords, which no text may contain. */
export function secretsOf({ password, masterauth, nodes }: DesiredCluster): readonly Secret[] {
  const hidesComments = nodes.some(({ redisConf: { content } }) =>
    SensitiveText.secretsOf(content).some((secret) => secret.equals(HIDES_COMMENTS)),
  );
  return [password, masterauth, hidesComments ? HIDES_COMMENTS : undefined].filter((secret) => secret !== undefined);
}
