import type { PrintedConfs } from '../confs/print-confs.ts';
import type { HostLayers } from '../variables/host-layers.ts';
import type { Variables } from '../variables/node-variables.ts';

/** A host of the cluster, as the repository has it. */
export interface HostReading extends HostLayers, PrintedConfs {
  /** Those that redisops reads, their templates rendered: of the groups, and all that count for the host. */
  variables: { ofGroups: Variables; all: Variables };
}
