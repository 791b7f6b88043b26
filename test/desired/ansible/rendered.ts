import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkout } from '../../../src/adapters/disk/checkout.ts';
import { readTemplate } from '../../../src/desired/confs/cluster-template.ts';
import { HostVariables } from '../../../src/desired/variables/host-variables.ts';
import { inventoryOfYaml } from '../../../src/desired/inventory/yaml.ts';
import { Reading, renderTemplate } from '../../../src/jinja/index.ts';
import { ParsedSource } from '../../../src/desired/source/parsed-source.ts';
import { Problems } from '../../../src/desired/source/problems.ts';
import { inventoried, RepositoryVariables } from '../../../src/desired/variables/repository-variables.ts';
import { readYamlMapping } from '../../../src/desired/yaml/mapping.ts';

export const REPOSITORY = resolve(import.meta.dirname, 'repository');
const ROLE = 'ansible/roles/redis';
const INVENTORY = 'ansible/inventory/hosts.yml';

export async function templates(): Promise<readonly string[]> {
  const entries = await readdir(join(REPOSITORY, ROLE, 'templates'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted();
}

/** redisops’ output of every template for every host, by `HOST/FILE`. */
export async function rendered(): Promise<ReadonlyMap<string, string>> {
  const problems = new Problems();
  const source = ParsedSource.of(checkout(REPOSITORY));
  const mapping = await readYamlMapping(INVENTORY, (await source.read(INVENTORY)) ?? '', { problems });
  if (!mapping) throw new Error('The inventory is none.');
  const inventory = inventoryOfYaml(mapping, problems);
  if (!inventory) throw new Error('The inventory is too large.');
  const places = {
    inventory: INVENTORY,
    group: 'redis',
    groupVariables: 'ansible/group_vars/redis.yml',
    hostVariables: 'ansible/host_vars',
    role: ROLE,
  };
  const files = new RepositoryVariables({ source, problems, vaultPassword: undefined }, places);
  const hosts = await Promise.all(
    (inventory.hostsOf('redis') ?? []).map(async (host) => {
      const { ofGroups, own } = await files.ofHost(host);
      return [host.name, { host, variables: new Map([...ofGroups, ...own]) }] as const;
    }),
  );
  if (problems.found.length > 0) throw new Error(JSON.stringify(problems.found));
  const all = inventoried(inventory, new Map(hosts));
  const made = new Map<string, string>();
  for (const [host] of hosts)
    for (const name of await templates()) {
      const template = await readTemplate(source, `${ROLE}/templates/${name}`, problems);
      if (!template) throw new Error(JSON.stringify(problems.found));
      const reading = new Reading();
      const variables = new HostVariables(host, { all, reading }, new Map([['ansible_managed', 'Ansible managed']]));
      made.set(
        `${host}/${name.replace(/\.j2$/, '')}`,
        renderTemplate(template.file, variables, reading, template.includes).text,
      );
    }
  return made;
}
