import type { FreezeWindow } from './freeze.ts';

/** A cluster’s permissions, from `redisops.yml`: Slack user IDs (`U…`) and user group IDs (`S…`). */
export interface Policy {
  /** Slack channel for the runs’ threads; default: the setting SLACK_CHANNEL. */
  channel?: string;
  /** People who may request changes. Empty: everyone in the channel. */
  requesters: readonly string[];
  /** People who may approve. Empty: everyone except those who brought the change. */
  approvers: readonly string[];
  allowOwnApproval: boolean;
  /** Slack user IDs by GitHub login in lower case, to identify who merged, opened and wrote a pull request. */
  people?: ReadonlyMap<string, string>;
  approvalMinutes: number;
  /** False: a master that moved its role away for a restart stays a replica. */
  handBack?: false;
  /** Times when no changing run starts. */
  freeze?: readonly FreezeWindow[];
  /** Whether plans show key names. */
  showKeyNames?: boolean;
  /**
   * Inventory names of nodes whose keys may be lost at a restart if they cannot be saved; each time with an approval.
   */
  mayLoseData?: readonly string[];
}
