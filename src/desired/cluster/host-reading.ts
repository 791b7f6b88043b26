import type { PrintedConfs } from '../confs/print-confs.ts';
import type { HostLayers } from '../variables/host-layers.ts';
import type { Variables } from '../variables/node-variables.ts';

/** A host of the cluster, as read from the repository. */
export interface HostReading extends HostLayers, PrintedConfs {
  /** The variables used by redisops, with templates rendered: those of groups, and all that apply to the host. */
  variables: { ofGroups: Variables; all: Variables };
  /** All host names by group of the inventory. */
  groups: ReadonlyMap<string, readonly string[]>;
}
