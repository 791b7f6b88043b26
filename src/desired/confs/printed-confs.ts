import { readTemplate, renderFor, roleOf, type Rendering } from './cluster-template.ts';
import { placesOf, type ClusterReading } from '../inventory/cluster-inventory.ts';
import { readLayers, renderingOf, type HostLayers } from '../variables/host-layers.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { RenderedTemplate } from '../../jinja/index.ts';
import type { Problems } from '../problems.ts';
import { RepositoryVariables } from '../variables/repository-variables.ts';
import { readSentinelConf, type SentinelConf } from './sentinel-conf.ts';
import { readTemplateConf, type TemplateConf } from './template-conf.ts';

/** What the repository’s template makes for each host; null where there is none, or where it cannot be rendered. */
export async function readConfs(
  layers: readonly HostLayers[],
  rendering: Rendering,
  reading: ClusterReading,
): Promise<readonly TemplateConf[] | null> {
  return readPrinted(reading.settings.template, layers, rendering, reading, readTemplateConf);
}

/** The same for sentinel.conf. Its template may be of another role, with variables of its own. */
export async function readSentinels(
  inventory: Inventory | null,
  layers: readonly HostLayers[],
  rendering: Rendering,
  reading: ClusterReading,
): Promise<readonly SentinelConf[] | null> {
  const { template, sentinel_template: own } = reading.settings;
  if (own === undefined || !inventory) return null;
  if (roleOf(own) === roleOf(template)) return readPrinted(own, layers, rendering, reading, readSentinelConf);
  const files = new RepositoryVariables(reading, placesOf(reading.settings, inventory.file, own));
  const others = await readLayers(
    layers.map(({ host }) => host),
    files,
  );
  return readPrinted(own, others, renderingOf(inventory, others, rendering.reading), reading, readSentinelConf);
}

async function readPrinted<T>(
  template: string | undefined,
  layers: readonly HostLayers[],
  rendering: Rendering,
  { source, problems }: ClusterReading,
  read: (file: string, made: RenderedTemplate, secrets: readonly string[], problems: Problems) => T,
): Promise<readonly T[] | null> {
  const text = template === undefined ? null : await readTemplate(source, template, problems);
  if (template === undefined || text === null) return null;
  const rendered = layers.map(({ host }) => renderFor(host.name, text, rendering, problems));
  const made = rendered.filter((each) => each !== null);
  if (made.length < rendered.length) return null;
  return made.map((each) => read(template, each, rendering.reading.secrets.all, problems));
}
