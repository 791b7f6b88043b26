import type { RedisConf } from './redis/redis-conf.ts';
import type { Secret, SensitiveText } from './secret.ts';
import type { Limits } from './limits.ts';
import type { Policy } from './run/policy.ts';

/** Where a node is reached: SSH at `address:sshPort`, Redis at `address:redisPort`. */
export interface NodeAddress {
  /** The inventory name: `redis-02`. */
  name: string;
  /** An IP address: names are resolved by nobody (the field report’s first failure). */
  address: string;
  sshPort: number;
  /** `ansible_user`; the setting SSH_USER where it is not given. */
  sshUser?: string;
  redisPort: number;
}

export interface DesiredFile<Content extends SensitiveText = SensitiveText> {
  path: string;
  owner: string;
  group: string;
  /** Octal, as `stat -c %a` prints it: `640`. */
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
  packageName: string;
  unit: string;
  dataDirectory: string;
  directories: readonly DesiredDirectory[];
  /** redis.conf with the role that Git nominates; the plan puts in the role that is observed (`withRole`). */
  redisConf: DesiredFile<RedisConf>;
  /** What the repository’s template of sentinel.conf prints. Nothing writes it to the node yet. */
  sentinelConf?: SensitiveText;
  /** The systemd drop-in. */
  dropIn: DesiredFile;
  /** What the repository’s own templates leave out or say that is not safe; nothing is added to them. */
  templateGaps?: readonly TemplateGap[];
}

export interface TemplateGap {
  /** Nothing is changed while it is so; else it is only worth knowing. */
  blocks: boolean;
  message: string;
  hint: string;
}

/** What Git asks of one cluster, at one revision. */
export interface DesiredCluster {
  cluster: string;
  /** A commit, or `working tree` for a checkout read as it stands on disk. */
  revision: string;
  replication: boolean;
  sentinel: boolean;
  /** Inventory name of the master that Git nominates for a cluster that has none. */
  nominatedMaster: string;
  /** `requirepass`. Nodes without a password have none. */
  password?: Secret;
  /** `masterauth`; the password where Git does not say otherwise. */
  masterauth?: Secret;
  nodes: readonly DesiredNode[];
  policy: Policy;
  limits: Limits;
}

/** The cluster’s own passwords, which must not be repeated in any text. */
export function secretsOf({ password, masterauth }: DesiredCluster): readonly Secret[] {
  return [password, masterauth].filter((secret) => secret !== undefined);
}
