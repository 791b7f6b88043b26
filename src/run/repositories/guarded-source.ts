import { guardedValues, holdsSecrets } from '../../desired/questions.ts';
import type { GuardedValue } from '../../desired/variables/guarded-values.ts';
import type { DesiredCluster, DesiredNode } from '../../domain/desired.ts';
import type { ConfigSource } from '../../ports/git.ts';
import { withSecretLinesOf } from './secret-lines.ts';

/** Number of files searched for one change. */
const MOST_FILES = 200;

/**
 * The path where a change has a vaulted value or a template that the base does not have there; null if there is none.
 * Rendering would decrypt the vault into it, or extract a secret letter by letter.
 */
export async function foreignVault(
  paths: readonly string[],
  base: ConfigSource,
  wanted: ConfigSource,
): Promise<string | null> {
  if (paths.length > MOST_FILES) return `one of more than ${MOST_FILES} files`;
  const { brought } = await changeOf(paths, base, wanted);
  const vaulted = brought.find(({ kind }) => kind === 'vaulted');
  if (vaulted) return [vaulted.path, vaulted.names.join('.')].filter((part) => part !== '').join(' ');
  const template = brought.find(({ kind }) => kind === 'template');
  return template ? `a template in ${template.path}` : null;
}

/**
 * Whether a change adds, removes or moves a secret, or writes it differently. Compares what the files say, never what a
 * secret is: a guess is answered alike, right or wrong.
 */
export async function changesSecret(
  paths: readonly string[],
  base: ConfigSource,
  wanted: ConfigSource,
): Promise<boolean> {
  if (paths.length > MOST_FILES) return true;
  const { brought, removed } = await changeOf(paths, base, wanted);
  return [...brought, ...removed].some(({ kind }) => kind === 'secret');
}

/** Why a plan may show no values: someone without the vault’s password could read a secret from them. */
export type Revealing = 'vault' | 'template';

/**
 * Whether the plan of a change could show a secret to its author: the change has a vaulted value where plans show one,
 * or it brings or changes a template while templates can read a secret. Null if neither is so.
 */
export async function couldReveal(
  paths: readonly string[],
  base: ConfigSource,
  wanted: ConfigSource,
  clusters: readonly string[],
): Promise<Revealing | null> {
  if (paths.length > MOST_FILES) return 'template';
  const values = await guardedValues(wanted, paths);
  if (values.some((value) => value.kind === 'vaulted' && isShown(value))) return 'vault';
  const { brought } = await changeOf(paths, base, wanted);
  if (!brought.some(({ kind }) => kind === 'template')) return null;
  for (const cluster of clusters)
    if ((await holdsSecrets(wanted, cluster)) || (await holdsSecrets(base, cluster))) return 'template';
  return null;
}

/** Variables read by redisops; other vaults are none of its business. */
const READ = /^(?:redis_|ansible_(?:host|port|user)$)/;

/** Whether plans would show the value; a vaulted file has any. */
function isShown({ names }: GuardedValue): boolean {
  if (names.length === 0) return true;
  return names.some((name) => READ.test(name)) && !/^(?:redis_password|redis_masterauth)$/.test(names.at(-1) ?? '');
}

interface Change {
  brought: readonly GuardedValue[];
  removed: readonly GuardedValue[];
}

async function changeOf(paths: readonly string[], base: ConfigSource, wanted: ConfigSource): Promise<Change> {
  const [before, after] = await Promise.all([guardedValues(base, paths), guardedValues(wanted, paths)]);
  return { brought: without(after, before), removed: without(before, after) };
}

function without(values: readonly GuardedValue[], others: readonly GuardedValue[]): readonly GuardedValue[] {
  const known = new Set(others.map(identityOf));
  return values.filter((value) => !known.has(identityOf(value)));
}

function identityOf({ kind, path, names, text }: GuardedValue): string {
  return JSON.stringify([kind, path, names, text]);
}

/**
 * A stranger’s cluster as it is planned: with the base’s secrets in place of its own. A variable can choose which of
 * several passwords applies, and the plan must not show whether they are equal.
 * @returns What it must not change, in words: nodes are reached at the base’s addresses and with its password.
 */
export function asStranger(base: DesiredCluster, wanted: DesiredCluster): DesiredCluster | string {
  if (JSON.stringify(base.nodes.map(placeOf)) !== JSON.stringify(wanted.nodes.map(placeOf)))
    return 'the set of nodes or their addresses';
  const nodes: DesiredNode[] = [];
  for (const [index, node] of wanted.nodes.entries()) {
    const known = base.nodes[index];
    const content = known && withSecretLinesOf(known.redisConf.content, node.redisConf.content);
    if (!content) return 'a password or another secret';
    nodes.push({ ...node, redisConf: { ...node.redisConf, content } });
  }
  const { password: _, masterauth: __, ...others } = wanted;
  const { password, masterauth } = base;
  return { ...others, ...(password ? { password } : {}), ...(masterauth ? { masterauth } : {}), nodes };
}

function placeOf({ name, address, sshPort, sshUser, redisPort }: DesiredNode): readonly unknown[] {
  return [name, address, sshPort, sshUser, redisPort];
}
