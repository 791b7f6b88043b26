import { posix } from 'node:path';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { Reading, type Decision, type RenderedTemplate } from '../../jinja/index.ts';
import type { Inventory, InventoryHost } from '../inventory/inventory.ts';
import type { ClusterReading } from '../inventory/read-inventory.ts';
import { Problems } from '../source/problems.ts';
import { readAnsibleConfig } from '../plays/ansible-cfg.ts';
import type { HostLayers } from '../variables/host-layers.ts';
import type { FoundTemplate } from '../plays/found-template.ts';
import { readPlays, templatesOf, type PlaysRead, type PlaySubject } from '../plays/read-plays.ts';
import { OutsideHosts } from './outside-hosts.ts';
import { usedNames } from './used-names.ts';
import { includeFolder, readTemplate, renderFor, type Template } from './cluster-template.ts';
import { readSentinelConf, type SentinelConf } from './sentinel-conf.ts';
import { readTemplateConf, refuseShownSecrets, type TemplateConf } from './template-conf.ts';

/** The output of the repository’s own templates for a host. */
export interface PrintedConfs {
  conf?: TemplateConf;
  sentinel?: SentinelConf;
}

/** By host name; empty without templates. A template that fails for one host is dropped for all. */
export async function printConfs(
  subject: PlaySubject,
  ofHosts: readonly HostLayers[],
  reading: ClusterReading,
): Promise<ReadonlyMap<string, PrintedConfs>> {
  const plays = await readPlays(reading, subject);
  const { template, sentinel_template: ofSentinel } = reading.settings;
  const confs = await printed(template, plays, subject, reading, readTemplateConf);
  const wanted = sentinelHosts(subject, ofHosts);
  const sentinels = await printed(ofSentinel, plays, subject, reading, readSentinelConf, wanted);
  return new Map(
    subject.hosts.map(({ name }) => {
      const [conf, sentinel] = [confs.get(name), sentinels.get(name)];
      return [name, { ...(conf ? { conf } : {}), ...(sentinel ? { sentinel } : {}) }];
    }),
  );
}

/** Only hosts that run Sentinel: the others may lack its variables. */
function sentinelHosts({ inventory, hosts }: PlaySubject, [first]: readonly HostLayers[]): readonly InventoryHost[] {
  const group = first?.layers.ofGroups.get('redis_sentinel_group')?.value;
  const members = group?.kind === 'scalar' ? inventory.members.get(group.source) : undefined;
  return members ? hosts.filter(({ name }) => members.includes(name)) : hosts;
}

/** sentinel.conf of hosts outside the cluster’s group; its template may refer to the cluster’s hosts. */
export async function printSentinelConfs(
  inventory: Inventory,
  hosts: readonly HostLayers[],
  others: readonly HostLayers[],
  cluster: ClusterReading,
): Promise<ReadonlyMap<string, SentinelConf>> {
  const { source, problems, settings } = cluster;
  const config = await readAnsibleConfig(source, inventory.file, problems);
  const all = [...hosts, ...others].map(({ host }) => host);
  const subject = { inventory, hosts: all, config, reading: new Reading(config) };
  const plays = await readPlays(cluster, subject);
  const wanted = others.map(({ host }) => host);
  return printed(settings.sentinel_template, plays, subject, cluster, readSentinelConf, wanted);
}

async function printed<T>(
  template: string | undefined,
  plays: PlaysRead,
  subject: PlaySubject,
  cluster: ClusterReading,
  read: (file: string, made: RenderedTemplate, secrets: readonly string[], problems: Problems) => T,
  wanted: readonly InventoryHost[] = subject.hosts,
): Promise<ReadonlyMap<string, T>> {
  if (template === undefined) return new Map();
  const { source, problems } = cluster;
  const { reading, config } = subject;
  const textOf = (each: FoundTemplate): Promise<Template | null> =>
    readTemplate(source, each.path, problems, config, each.options);
  const found = await templatesOf(template, plays, cluster, subject, async (each) =>
    usedNames(each, await textOf(each), reading),
  );
  if (found.size === 0) await readTemplate(source, template, problems, config);
  const outside = new OutsideHosts(cluster, subject.inventory, config.merges);
  const made = new Map<string, { path: string; rendered: RenderedTemplate }>();
  for (const { name: host } of wanted) {
    const each = found.get(host);
    if (!each) continue;
    await othersTurn();
    const text = await textOf(each);
    const rendered =
      text && (await outside.rendered(each, (again, found) => renderFor(again, text, reading, config, found)));
    if (rendered?.decided) refuseDecision(each.path, rendered, rendered.decided, problems);
    else if (rendered) made.set(host, { path: each.path, rendered });
  }
  if (made.size < wanted.length) return new Map();
  const secrets = reading.secrets.all;
  return new Map([...made].map(([name, { path, rendered }]) => [name, read(path, rendered, secrets, problems)]));
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
