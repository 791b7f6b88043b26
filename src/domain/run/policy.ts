import type { FreezeWindow } from './freeze.ts';

/** Who may do what on a cluster, from `redisops.yml`. Slack user IDs (`U…`) and user group IDs (`S…`). */
export interface Policy {
  /** Slack channel of the runs’ threads; the setting SLACK_CHANNEL where it is not given. */
  channel?: string;
  /** Who may ask for a change. Empty: everybody in the workspace’s channel. */
  requesters: readonly string[];
  /** Who may approve. Empty: everybody but the requester. */
  approvers: readonly string[];
  allowOwnApproval: boolean;
  /** Slack user IDs by GitHub login, in lower case: which Slack user merged a pull request. */
  people?: ReadonlyMap<string, string>;
  approvalMinutes: number;
  /** False: a master that gave its role away for a restart stays a replica. */
  handBack?: false;
  /** Times in which no run that changes something starts. */
  freeze?: readonly FreezeWindow[];
  /** Whether plans show names of keys. */
  showKeyNames?: boolean;
  /** Nodes, by inventory name, whose keys may go at a restart where they cannot be saved; each time with an approval. */
  mayLoseData?: readonly string[];
}
