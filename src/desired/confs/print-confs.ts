import { posix } from 'node:path';
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Decision, RenderedTemplate } from '../../jinja/index.ts';
import type { ClusterReading } from '../inventory/read-inventory.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { Problems } from '../source/problems.ts';
import { readLayers, renderingOf, type HostLayers } from '../variables/host-layers.ts';
import type { Rendering } from '../variables/host-variables.ts';
import { RepositoryVariables } from '../variables/repository-variables.ts';
import { placesOf, roleOf } from '../variables/places.ts';
import { includeFolder, readTemplate, renderFor } from './cluster-template.ts';
import { readSentinelConf, type SentinelConf } from './sentinel-conf.ts';
import { readTemplateConf, refuseShownSecrets, type TemplateConf } from './template-conf.ts';

/** The output of the repository’s own templates for a host. */
export interface PrintedConfs {
  conf?: TemplateConf;
  sentinel?: SentinelConf;
}

/** By host name; empty without templates. A template that fails for one host is dropped for all. */
export async function printConfs(
  inventory: Inventory | null,
  hosts: readonly HostLayers[],
  rendering: Rendering,
  reading: ClusterReading,
): Promise<ReadonlyMap<string, PrintedConfs>> {
  const { template, sentinel_template: ofSentinel } = reading.settings;
  const confs = await printed(template, hosts, rendering, reading, readTemplateConf);
  const sentinels = inventory
    ? await printedSentinels(ofSentinel, await forSentinel(inventory, hosts, rendering, reading), reading)
    : new Map<string, SentinelConf>();
  return new Map(
    hosts.map(({ host: { name } }) => {
      const [conf, sentinel] = [confs.get(name), sentinels.get(name)];
      return [name, { ...(conf ? { conf } : {}), ...(sentinel ? { sentinel } : {}) }];
    }),
  );
}

/** Only for hosts that run Sentinel: the others may lack its variables. */
async function printedSentinels(
  template: string | undefined,
  [hosts, rendering]: readonly [readonly HostLayers[], Rendering],
  reading: ClusterReading,
): Promise<ReadonlyMap<string, SentinelConf>> {
  const group = hosts[0]?.layers.ofGroups.get('redis_sentinel_group')?.value;
  const members = group?.kind === 'scalar' ? rendering.all.groups.get(group.source) : undefined;
  const wanted = members ? hosts.filter(({ host }) => members.includes(host.name)) : hosts;
  return printed(template, wanted, rendering, reading, readSentinelConf);
}

/** sentinel.conf of hosts outside the cluster’s group; its template may refer to the cluster’s hosts. */
export async function printSentinelConfs(
  inventory: Inventory,
  hosts: readonly HostLayers[],
  others: readonly HostLayers[],
  reading: ClusterReading,
): Promise<ReadonlyMap<string, SentinelConf>> {
  const all = [...hosts, ...others];
  const [layered, rendering] = await forSentinel(inventory, all, renderingOf(inventory, all), reading);
  const wanted = layered.filter(({ host }) => others.some((other) => other.host.name === host.name));
  return printed(reading.settings.sentinel_template, wanted, rendering, reading, readSentinelConf);
}

/** sentinel.conf’s template may belong to another role, with its own variables. */
async function forSentinel(
  inventory: Inventory,
  hosts: readonly HostLayers[],
  rendering: Rendering,
  reading: ClusterReading,
): Promise<[readonly HostLayers[], Rendering]> {
  const { template, sentinel_template: own } = reading.settings;
  if (own === undefined || roleOf(own) === roleOf(template)) return [hosts, rendering];
  const files = new RepositoryVariables(reading, placesOf(reading.settings, inventory, own));
  const others = await readLayers(
    hosts.map(({ host }) => host),
    files,
  );
  return [others, renderingOf(inventory, others, rendering.reading)];
}

async function printed<T>(
  template: string | undefined,
  hosts: readonly HostLayers[],
  rendering: Rendering,
  { source, problems }: ClusterReading,
  read: (file: string, made: RenderedTemplate, secrets: readonly string[], problems: Problems) => T,
): Promise<ReadonlyMap<string, T>> {
  const text = template === undefined ? null : await readTemplate(source, template, problems);
  if (template === undefined || text === null) return new Map();
  const made = new Map<string, RenderedTemplate>();
  for (const { host } of hosts) {
    await othersTurn();
    const rendered = renderFor(host.name, text, rendering, problems);
    if (rendered?.decided) refuseDecision(template, rendered, rendered.decided, problems);
    else if (rendered) made.set(host.name, rendered);
  }
  if (made.size < hosts.length) return new Map();
  const secrets = rendering.reading.secrets.all;
  return new Map([...made].map(([name, rendered]) => [name, read(template, rendered, secrets, problems)]));
}

/** Says where secrets are shown, or where one decides. No other mistake is looked for: any could depend on the secret. */
function refuseDecision(template: string, rendered: RenderedTemplate, decision: Decision, problems: Problems): void {
  const found = new Problems();
  refuseShownSecrets(rendered, (line, message) => found.addOfSecret({ file: template, line, column: 1 }, message));
  const place = decision.file === null ? template : posix.join(includeFolder(template), decision.file);
  if (found.found.length === 0)
    found.addOfSecret(
      { file: place, line: Math.max(1, decision.line), column: 1 },
      'decides by a secret what is printed, which plans and reports show: decide within the value, {{ a if b else c }}',
    );
  problems.addAll(found);
}
