import { CLUSTERS_FILE } from '../desired/clusters.ts';
import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import { SECRET_DIRECTIVES } from '../domain/directives.ts';
import { directivesOf } from '../domain/redis-conf.ts';
import type { ConfigSource } from '../ports.ts';

/** A pull request’s files, under the base branch’s redisops.yml: who may do what, where, is never the author’s to say. */
export function underRulesOf(base: ConfigSource, source: ConfigSource): ConfigSource {
  return { ...source, read: (path) => (path === CLUSTERS_FILE ? base : source).read(path) };
}

/** Lines that open or refer to a vault. A stranger’s must stand in the base as they are: else they would be opened into another place. */
const VAULT = /!vault|^\$ANSIBLE_VAULT/;

/** Files that are looked through for one stranger. */
const MOST_FILES = 200;

/** The path of a file with a vault in it that the base has not there; null where there is none. */
export async function foreignVault(
  paths: readonly string[],
  base: ConfigSource,
  source: ConfigSource,
): Promise<string | null> {
  if (paths.length > MOST_FILES) return `One of more than ${MOST_FILES} files`;
  for (const path of paths) {
    const [before, after] = await Promise.all([base, source].map((each) => each.read(path).catch(() => null)));
    const known = (before ?? '').split('\n');
    if ((after ?? '').split('\n').some((line) => VAULT.test(line) && !known.includes(line))) return path;
    if (after?.startsWith('$ANSIBLE_VAULT') === true && before !== after) return path;
  }
  return null;
}

/**
 * What a stranger’s change must leave as it is, for the nodes are looked at with what the base says: where they are
 * reached, and every password. Answers what differs, in words; null where nothing does.
 */
export function strangersReach(base: DesiredCluster, wanted: DesiredCluster): string | null {
  if (JSON.stringify(base.nodes.map(placeOf)) !== JSON.stringify(wanted.nodes.map(placeOf)))
    return 'which nodes there are, or where they are reached';
  const secrets = ({ nodes, password, masterauth }: DesiredCluster): string =>
    JSON.stringify([password?.reveal(), masterauth?.reveal(), ...nodes.map(secretsOf)]);
  return secrets(base) === secrets(wanted) ? null : 'a password or another secret';
}

function placeOf({ name, address, sshPort, sshUser, redisPort }: DesiredNode): readonly unknown[] {
  return [name, address, sshPort, sshUser, redisPort];
}

function secretsOf({ redisConf }: DesiredNode): readonly string[] {
  return directivesOf(redisConf.content)
    .filter(({ name }) => SECRET_DIRECTIVES.has(name))
    .map(({ name, value }) => `${name} ${value}`);
}
