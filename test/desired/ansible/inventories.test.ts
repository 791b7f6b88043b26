import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout } from '../../../src/adapters/disk/checkout.ts';
import { inventoryOfIni } from '../../../src/desired/inventory/ini.ts';
import { inventoryOfYaml } from '../../../src/desired/inventory/yaml.ts';
import { HostVariables } from '../../../src/desired/variables/host-variables.ts';
import { Reading } from '../../../src/jinja/index.ts';
import { jsonText } from '../../../src/jinja/values/json-text.ts';
import { ParsedSource } from '../../../src/desired/source/parsed-source.ts';
import { Problems } from '../../../src/desired/source/problems.ts';
import { inventoried, RepositoryVariables } from '../../../src/desired/variables/repository-variables.ts';
import { readYamlMapping } from '../../../src/desired/yaml/mapping.ts';
import { sourceOf } from '../repository.ts';
import { INVENTORIES, type Files } from './inventories.ts';
import { ANSIBLE, run } from './real-ansible.ts';
import { writeFiles } from '../../../lab/write-files.ts';

const KEPT = join(import.meta.dirname, 'expected-inventories.json');
const JSON_STYLE = { indent: null, sortsKeys: true, ascii: false, itemSeparator: ',', keySeparator: ':' };

interface Listed {
  /** Hosts of each group, in order. */
  groups: Record<string, readonly string[]>;
  /** Variables of each host. */
  hosts: Record<string, unknown>;
}

async function ours(files: Files, source = sourceOf(files)): Promise<Listed> {
  const problems = new Problems();
  const path = Object.keys(files).find((each) => /inventory\/hosts\.(?:ini|yml)$/.test(each)) ?? '';
  const mapping = path.endsWith('.yml') ? await readYamlMapping(path, files[path] ?? '', { problems }) : null;
  const inventory = mapping ? inventoryOfYaml(mapping, problems) : inventoryOfIni(path, files[path] ?? '', problems);
  if (!inventory) throw new Error('There is no inventory.');
  const variables = new RepositoryVariables(
    { source: ParsedSource.of(source), problems, vaultPassword: undefined },
    {
      inventory: path,
      group: 'redis',
      groupVariables: 'ansible/group_vars/redis.yml',
      hostVariables: 'ansible/host_vars',
      role: null,
    },
  );
  const groups = inventory.members;
  const hosts = await Promise.all(
    (inventory.hostsOf('redis') ?? []).map(async (host) => {
      const { ofGroups, own } = await variables.ofHost(host);
      return [host.name, { host, variables: new Map([...ofGroups, ...own]) }] as const;
    }),
  );
  expect(problems.found).toEqual([]);
  const all = inventoried(inventory, new Map(hosts));
  const values = hosts.map(([name, { variables: own }]) => {
    const reading = new Reading();
    const variables = new HostVariables(name, { all, reading });
    const each = [...own.keys()].map((key) => [
      key,
      JSON.parse(jsonText(variables.get(key)?.value ?? null, JSON_STYLE, reading.budget)),
    ]);
    return [name, Object.fromEntries(each)];
  });
  return { groups: Object.fromEntries(groups), hosts: Object.fromEntries(values) };
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redisops-inventories-'));
});
afterAll(() => rm(folder, { recursive: true }));

function folderOf(name: string): string {
  return name.replaceAll(/\W+/g, '-');
}

/** The same by `ansible-inventory --list`; groups as seen by a template, with their children’s hosts. */
async function theirs(name: string, files: Files): Promise<Listed> {
  const root = join(folder, folderOf(name));
  await writeFiles(root, files);
  const path = Object.keys(files).find((each) => /inventory\/hosts\.(?:ini|yml)$/.test(each)) ?? '';
  const { ok, output } = run('ansible-inventory', ['-i', path, '--playbook-dir', 'ansible', '--list'], { cwd: root });
  if (!ok) throw new Error(output);
  const listed: Record<string, { hosts?: string[]; children?: string[] }> & {
    ['_meta']: { hostvars: Record<string, unknown> };
  } = JSON.parse(output);
  const hostsOf = (group: string): string[] => {
    const { hosts = [], children = [] } = listed[group] ?? {};
    return [...new Set([...hosts, ...children.flatMap(hostsOf)])];
  };
  const redis = new Set(hostsOf('redis'));
  return {
    groups: Object.fromEntries(
      Object.keys(listed)
        .filter((group) => group !== '_meta')
        .map((group) => [group, hostsOf(group)]),
    ),
    hosts: Object.fromEntries([...redis].map((host) => [host, listed['_meta'].hostvars[host] ?? {}])),
  };
}

/** Without order, and without empty groups, which only one of them lists. */
function comparable({ groups, hosts }: Listed): unknown {
  const filled = Object.entries(groups).filter(([, names]) => names.length > 0);
  return { groups: Object.fromEntries(filled.map(([group, names]) => [group, names.toSorted()])), hosts };
}

describe('inventories', () => {
  it.each(Object.keys(INVENTORIES))('give what ansible-inventory gave: %s', async (name) => {
    const kept: Record<string, Listed> = JSON.parse(await readFile(KEPT, 'utf8'));
    expect(comparable(await ours(INVENTORIES[name] ?? {}))).toEqual(kept[name]);
  });

  it.skipIf(ANSIBLE === null)('give what the installed ansible-inventory gives', { timeout: 120_000 }, async () => {
    const all: Record<string, unknown> = {};
    for (const [name, files] of Object.entries(INVENTORIES)) {
      const real = comparable(await theirs(name, files));
      all[name] = real;
      const source = checkout(join(folder, folderOf(name)));
      expect({ name, is: comparable(await ours(files, source)) }).toEqual({ name, is: real });
    }
    if (process.env['KEEP_EXPECTED'] === '1') await writeFile(KEPT, `${JSON.stringify(all, null, 1)}\n`);
    expect(Object.keys(all).length).toBeGreaterThanOrEqual(10);
  });
});
