import { posix } from 'node:path';
import { Problems } from '../source/problems.ts';
import type { FileReading } from '../source/parsed-source.ts';
import { readYamlMapping } from '../yaml/mapping.ts';
import type { Mapping } from '../yaml/value.ts';
import { inventoryOfIni } from './ini.ts';
import type { Inventory } from './inventory.ts';
import { inventoryOfYaml } from './yaml.ts';

/** Extensions that Ansible’s plugin `yaml` takes; it tries files without one, too. */
const YAML = ['.yml', '.yaml', '.json'];

/** Parses an inventory file by its content, as Ansible’s plugins `yaml` and `ini` do. Null if it has mistakes. */
export async function parseInventory(path: string, text: string, reading: FileReading): Promise<Inventory | null> {
  const { problems } = reading;
  const extension = posix.extname(path);
  const top = { file: path, line: 1, column: 1 };
  if (text.startsWith('#!') || extension === '.toml') {
    const what = extension === '.toml' ? 'TOML' : 'a script';
    problems.add(top, `is ${what}: commit what ansible-inventory --list --yaml prints, and name that file`);
    return null;
  }
  if (YAML.includes(extension)) {
    const mapping = await readYamlMapping(path, text, reading);
    return mapping && ofMapping(mapping, problems);
  }
  const mapping = extension === '' ? await triedAsYaml(path, text, reading) : null;
  return mapping ? ofMapping(mapping, problems) : inventoryOfIni(path, text, problems);
}

/** Null if it is no YAML mapping, or an empty one. */
async function triedAsYaml(path: string, text: string, reading: FileReading): Promise<Mapping | null> {
  const problems = new Problems();
  const mapping = await readYamlMapping(path, text, { ...reading, problems });
  return mapping && problems.found.length === 0 && mapping.entries.size > 0 ? mapping : null;
}

function ofMapping(mapping: Mapping, problems: Problems): Inventory | null {
  const plugin = mapping.entries.get('plugin');
  if (!plugin) return inventoryOfYaml(mapping, problems);
  problems.add(
    plugin.at,
    'configures an inventory plugin, which redisops does not run: commit what ansible-inventory --list --yaml prints, and name that file',
  );
  return null;
}
