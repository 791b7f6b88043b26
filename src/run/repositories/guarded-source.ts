import { templateTexts, vaultedPlaces } from '../../desired/questions.ts';
import { isMaskedPlace } from '../../desired/variables/vaulted-places.ts';
import type { DesiredCluster, DesiredNode } from '../../domain/desired.ts';
import { SECRET_DIRECTIVES } from '../../domain/redis/directives.ts';
import type { ConfigSource } from '../../ports/git.ts';

/** Number of files searched for one stranger. */
const MOST_FILES = 200;

/**
 * The path where a change has a vaulted value or a template that the base does not have; null if there is none.
 * Rendering would decrypt the vault into it.
 */
export async function foreignVault(
  paths: readonly string[],
  base: ConfigSource,
  wanted: ConfigSource,
): Promise<string | null> {
  if (paths.length > MOST_FILES) return `one of more than ${MOST_FILES} files`;
  const [known, now] = await Promise.all([base, wanted].map((source) => vaultedPlaces(source, paths)));
  return [...(now ?? [])].find((place) => known?.has(place) !== true) ?? (await foreignTemplate(paths, base, wanted));
}

/** A template can read every variable and extract a secret letter by letter: strangers may not bring one. */
async function foreignTemplate(
  paths: readonly string[],
  base: ConfigSource,
  wanted: ConfigSource,
): Promise<string | null> {
  for (const path of paths) {
    const [known, now] = await Promise.all([base, wanted].map((source) => templateTexts(source, path)));
    if ([...(now ?? [])].some((text) => known?.has(text) !== true)) return `a template in ${path}`;
  }
  return null;
}

/**
 * Whether a changed file has a vaulted value where a plan would show it: someone without the vault’s password could
 * copy any vaulted value there.
 */
export async function wouldShowVault(paths: readonly string[], wanted: ConfigSource): Promise<boolean> {
  return [...(await vaultedPlaces(wanted, paths))].some((place) => !isMaskedPlace(place));
}

/**
 * What a stranger’s change must not touch, since nodes are reached as the base says: addresses, and every password.
 * Returns the difference in words; null if there is none.
 */
export function strangersReach(base: DesiredCluster, wanted: DesiredCluster): string | null {
  if (JSON.stringify(base.nodes.map(placeOf)) !== JSON.stringify(wanted.nodes.map(placeOf)))
    return 'the set of nodes or their addresses';
  const secrets = ({ nodes, password, masterauth }: DesiredCluster): string =>
    JSON.stringify([password?.reveal(), masterauth?.reveal(), ...nodes.map(secretsOf)]);
  return secrets(base) === secrets(wanted) ? null : 'a password or another secret';
}

function placeOf({ name, address, sshPort, sshUser, redisPort }: DesiredNode): readonly unknown[] {
  return [name, address, sshPort, sshUser, redisPort];
}

function secretsOf({ redisConf }: DesiredNode): readonly string[] {
  return redisConf.content.all
    .filter(({ name }) => SECRET_DIRECTIVES.has(name))
    .map(({ name, value }) => `${name} ${value}`);
}
