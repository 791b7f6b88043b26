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
import { besideTemplate } from '../variables/beside-template.ts';
import { readLayers, renderingOf, type HostLayers } from '../variables/host-layers.ts';
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
  const hosts = await readLayers(inGroup, files);
  const isOurs = settings.template === undefined;
  // With a template, no file is mandatory.
  if (isOurs && !hosts.some(hasVariables) && !(await files.hasGroup())) throw configMissing(settings.group_vars);
  if (isOurs) for (const { layers } of hosts) refuseMistakes(layers, reading);
  const config = await readAnsibleConfig(source, inventory?.file ?? inventoriesOf(settings)[0] ?? '', problems);
  const rendering = renderingOf(inventory, hosts, new Reading(config));
  const printed = inventory
    ? await printConfs({ inventory, hosts: inGroup, config, reading: rendering.reading }, hosts, reading)
    : new Map<string, PrintedConfs>();
  if (hosts.length === 0 && isOurs) checkGroup(await files.ofGroup(), rendering, reading);
  return hosts.map(({ host, layers }) => {
    const { name } = host;
    const own = new HostVariables(name, rendering);
    refuseConnection(new Map([...layers.ofGroups, ...layers.own]), own, problems);
    const variables = isOurs ? rendered(layers, own, problems) : besideTemplate(layers, own, problems);
    return { host, layers, variables, groups: rendering.all.groups, ...printed.get(name) };
  });
}

/** Whether anything is there for redisops to read by name: in the inventory, if in no file. */
function hasVariables({ layers: { ofGroups, own } }: HostLayers): boolean {
  return [...ofGroups.keys(), ...own.keys()].some((name) => name.startsWith('redis_'));
}

function refuseMistakes({ ofGroups, own }: LayeredVariables, { settings, problems }: ClusterReading): void {
  for (const variables of [ofGroups, own]) refuseUnknown(variables, problems, settings.sentinel_template !== undefined);
  refuseClusterVariables(own, problems);
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
