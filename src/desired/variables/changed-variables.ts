import { canonicalName } from '../../domain/redis/directives.ts';
import type { Secret } from '../../domain/secret.ts';
import { Problems } from '../source/problems.ts';
import { ParsedSource } from '../source/parsed-source.ts';
import { isVault } from '../yaml/vault.ts';
import { readYamlMapping } from '../yaml/mapping.ts';
import type { Entry, Value } from '../yaml/value.ts';
import type { ConfigSource } from '../../ports/git.ts';

/** A changed variable, at its position in the newer version. */
export interface ChangedVariable {
  path: string;
  line: number;
  /** `redis_maxmemory`, or `redis_config maxclients`. */
  name: string;
  /** The directive it sets; null if it is not a single one. */
  directive: string | null;
}

const DIRECTIVE_OF: Readonly<Record<string, string>> = {
  redis_maxmemory: 'maxmemory',
  redis_maxmemory_policy: 'maxmemory-policy',
  redis_repl_backlog_size: 'repl-backlog-size',
  redis_repl_diskless_sync: 'repl-diskless-sync',
  redis_port: 'port',
  redis_bind: 'bind',
  redis_dir: 'dir',
  redis_password: 'requirepass',
  redis_masterauth: 'masterauth',
};

/**
 * Compares values and forgets them: a vaulted one counts as changed only if its plain value is. Without the password,
 * its ciphertext counts, and whether it equals a plain value does not show.
 */
export async function changedVariables(
  after: ConfigSource,
  before: ConfigSource,
  paths: readonly string[],
  vaultPassword: Secret | undefined,
): Promise<readonly ChangedVariable[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const [old, now] = await Promise.all([before, after].map((source) => variablesOf(source, path, vaultPassword)));
      return [...(now ?? [])]
        .filter(([name, { value }]) => !isSame(old?.get(name)?.value, value))
        .map(([name, { at }]) => ({ path, line: at.line, name, directive: directiveOf(name) }));
    }),
  );
  return found.flat();
}

/**
 * By name, with each directive under `redis_config` separately. Empty if it is not a mapping; a vaulted file has no
 * lines.
 */
async function variablesOf(
  from: ConfigSource,
  path: string,
  vaultPassword: Secret | undefined,
): Promise<ReadonlyMap<string, Entry>> {
  const problems = new Problems();
  const source = ParsedSource.of(from);
  const file = await source.text(path, problems);
  if (file.state !== 'read' || isVault(file.value)) return new Map();
  const mapping = await source.parse(path, readYamlMapping, { problems, vaultPassword });
  const variables = new Map<string, Entry>();
  const entries = mapping.state === 'read' ? mapping.value?.entries : undefined;
  for (const [name, entry] of entries ?? []) {
    // Other variables, and their vaults, are the team’s own business.
    if (!name.startsWith('redis_')) continue;
    if (name !== 'redis_config' || entry.value.kind !== 'mapping') variables.set(name, entry);
    else for (const [directive, inner] of entry.value.entries) variables.set(`redis_config ${directive}`, inner);
  }
  return variables;
}

function directiveOf(name: string): string | null {
  const [variable = '', directive] = name.split(' ');
  return directive === undefined ? (DIRECTIVE_OF[variable] ?? null) : canonicalName(directive);
}

function isSame(one: Value | undefined, other: Value): boolean {
  return one !== undefined && JSON.stringify(comparable(one)) === JSON.stringify(comparable(other));
}

function comparable(value: Value): unknown {
  switch (value.kind) {
    case 'scalar':
      return value.value;
    case 'vaulted': {
      const opened = value.open();
      return opened.ok ? opened.value : [value.ciphertext];
    }
    case 'sequence':
      return value.items.map(comparable);
    case 'mapping':
      return [...value.entries].map(([name, entry]) => [name, comparable(entry.value)]);
  }
}
