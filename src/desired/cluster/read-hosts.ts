import { Reading } from '../../jinja/index.ts';
import { readAnsibleConfig } from '../plays/ansible-cfg.ts';
import { printConfs, type PrintedConfs } from '../confs/print-confs.ts';
import {
  hostsOf,
  inventoriesOf,
  configMissing,
  readInventory,
  type ClusterReading,
} from '../inventory/read-inventory.ts';
import type { Problems } from '../source/problems.ts';
import { destinationOf, refuseConnection } from '../variables/connection-variables.ts';
import { readLayers, renderingOf } from '../variables/host-layers.ts';
import { HostVariables, type Rendering } from '../variables/host-variables.ts';
import {
  known,
  readClusterVariables,
  readNodeVariables,
  refuseClusterVariables,
  refuseUnknown,
  type Variables,
} from '../variables/node-variables.ts';
import { readSentinelVariables } from '../variables/sentinel-variables.ts';
import { placesOf } from '../variables/places.ts';
import { RepositoryVariables, type LayeredVariables } from '../variables/repository-variables.ts';
import { resolved } from '../variables/resolved-variables.ts';
import type { HostReading } from './host-reading.ts';
import { refuseNoMaster } from './nominate.ts';

/** The cluster’s hosts; empty if its group has mistakes, which are then among the problems. @throws CONFIG_MISSING */
export async function readHosts(reading: ClusterReading): Promise<readonly HostReading[]> {
  const { source, settings, problems } = reading;
  const inventory = await readInventory(reading);
  const inGroup = inventory ? hostsOf(inventory, reading) : [];
  const files = new RepositoryVariables(reading, placesOf(settings, inventory ?? inventoriesOf(settings)[0] ?? ''));
  if (!(await files.hasGroup())) throw configMissing(settings.group_vars);

  const hosts = await readLayers(inGroup, files);
  for (const { layers } of hosts) {
    if (settings.template === undefined)
      for (const variables of [layers.ofGroups, layers.own])
        refuseUnknown(variables, problems, settings.sentinel_template !== undefined);
    refuseClusterVariables(layers.own, problems);
  }
  const config = await readAnsibleConfig(source, inventory?.file ?? inventoriesOf(settings)[0] ?? '', problems);
  const rendering = renderingOf(inventory, hosts, new Reading(config));
  const printed = inventory
    ? await printConfs({ inventory, hosts: inGroup, config, reading: rendering.reading }, hosts, reading)
    : new Map<string, PrintedConfs>();
  if (hosts.length === 0) checkGroup(await files.ofGroup(), rendering, reading);
  return hosts.map(({ host, layers }) => {
    const { name } = host;
    const own = new HostVariables(name, rendering);
    refuseConnection(new Map([...layers.ofGroups, ...layers.own]), own, problems);
    const variables = rendered(layers, own, problems);
    return { host, layers, variables, groups: rendering.all.groups, ...printed.get(name) };
  });
}

function rendered(
  { ofGroups, own }: LayeredVariables,
  host: HostVariables,
  problems: Problems,
): HostReading['variables'] {
  const ofCluster = resolved(known(ofGroups), host, problems);
  const ofHost = resolved(known(own), host, problems);
  const destination = resolved(destinationOf(new Map([...ofGroups, ...own])), host, problems);
  return { ofGroups: ofCluster, all: new Map([...ofCluster, ...ofHost, ...destination]) };
}

/** Without hosts: mistakes that would affect any host. */
function checkGroup(variables: Variables, rendering: Rendering, { settings, problems }: ClusterReading): void {
  refuseUnknown(variables, problems, settings.sentinel_template !== undefined);
  const ofGroup = resolved(known(variables), new HostVariables('', rendering), problems);
  readNodeVariables(ofGroup, problems);
  const sentinels = readSentinelVariables(ofGroup, problems);
  const cluster = { ...readClusterVariables(ofGroup, problems), sentinels, variables: ofGroup };
  refuseNoMaster(cluster, settings.group_vars, problems);
}
