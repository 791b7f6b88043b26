import { templateTexts, vaultedPlaces } from '../../desired/questions.ts';
import { isMaskedPlace } from '../../desired/variables/vaulted-places.ts';
import type { DesiredCluster, DesiredNode } from '../../domain/desired.ts';
import { SECRET_DIRECTIVES } from '../../domain/redis/directives.ts';
import type { ConfigSource } from '../../ports/git.ts';

/** Files that are looked through for one stranger. */
const MOST_FILES = 200;

/** Where the change has a vaulted value, or a template, that the base has not there; null where it has none. It would be opened into it. */
export async function foreignVault(
  paths: readonly string[],
  base: ConfigSource,
  wanted: ConfigSource,
): Promise<string | null> {
  if (paths.length > MOST_FILES) return `one of more than ${MOST_FILES} files`;
  const [known, now] = await Promise.all([base, wanted].map((source) => vaultedPlaces(source, paths)));
  return [...(now ?? [])].find((place) => known?.has(place) !== true) ?? (await foreignTemplate(paths, base, wanted));
}

/** A template can look into every variable, and ask for a secret letter by letter: a stranger brings none. */
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
 * Whether a changed file has a vaulted value in a place that a plan would show: who may not open the vault could put
 * anything of it there.
 */
export async function wouldShowVault(paths: readonly string[], wanted: ConfigSource): Promise<boolean> {
  return [...(await vaultedPlaces(wanted, paths))].some((place) => !isMaskedPlace(place));
}

/**
 * What a stranger’s change must leave as it is, for the nodes are looked at with what the base says: where they are
 * reached, and every password. Answers what differs, in words; null where nothing does.
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
