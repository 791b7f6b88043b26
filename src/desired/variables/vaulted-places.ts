import { Problems } from '../source/problems.ts';
import { ParsedSource } from '../source/parsed-source.ts';
import { isVault } from '../yaml/vault.ts';
import { readYamlMapping } from '../yaml/mapping.ts';
import type { Value } from '../yaml/value.ts';
import type { ConfigSource } from '../../ports/git.ts';

/** Variables read by redisops; other vaults are none of its business. */
const READ = /^(?:redis_|ansible_(?:host|port|user)$)/;

/**
 * Vaulted values that redisops would decrypt: `file redis_config.dir`, and only `file` for a fully vaulted one. As the
 * parser sees them: however the tag is written, and through aliases.
 */
export async function vaultedPlaces(from: ConfigSource, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const source = ParsedSource.of(from);
  const found = new Set<string>();
  for (const path of paths) {
    const problems = new Problems();
    const file = await source.text(path, problems);
    if (file.state !== 'read') continue;
    if (isVault(file.value)) found.add(path);
    else {
      // Variables files may lack .yml; a file that is not YAML has no vaulted values.
      const mapping = await source.parse(path, readYamlMapping, { problems });
      if (mapping.state !== 'read' || !mapping.value) continue;
      for (const place of vaultedIn(mapping.value, [])) found.add(`${path} ${place}`);
    }
  }
  return found;
}

/** Whether plans mask the value at that place, as for passwords. */
export function isMaskedPlace(place: string): boolean {
  return /[ .](?:redis_password|redis_masterauth)$/.test(place);
}

function* vaultedIn(value: Value, names: readonly string[]): Generator<string> {
  switch (value.kind) {
    case 'scalar':
      return;
    case 'vaulted':
      if (names.some((name) => READ.test(name))) yield names.join('.');
      return;
    case 'sequence':
      for (const item of value.items) yield* vaultedIn(item, names);
      return;
    case 'mapping':
      for (const [name, entry] of value.entries) yield* vaultedIn(entry.value, [...names, name]);
  }
}
