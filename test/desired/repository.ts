import { ConfigInvalid } from '../../src/domain/error.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import type { Secret } from '../../src/domain/secret.ts';
import { readDesired } from '../../src/desired/read-desired.ts';
import type { ConfigSource } from '../../src/ports/git.ts';

export const INVENTORY = 'ansible/inventory/hosts.yml';
export const VARIABLES = 'ansible/group_vars/redis.yml';

/** Three example hosts. */
export const THREE_HOSTS = `all:
  children:
    redis:
      hosts:
        redis-01: { ansible_host: 10.0.0.123 }
        redis-02: { ansible_host: 10.0.0.124 }
        redis-03: { ansible_host: 10.0.0.125 }
`;

export const REPLICATED = `redis_enable_replication: true
redis_master_host: redis-01
redis_master_ip: "10.0.0.123"
`;

export function sourceOf(files: Readonly<Record<string, string>>): ConfigSource {
  return {
    revision: 'working tree',
    read: async (path) => files[path] ?? null,
    list: async (folder) => {
      const prefix = folder === '' ? '' : `${folder}/`;
      const inside = Object.keys(files).filter((path) => path.startsWith(prefix));
      return [...new Set(inside.map((path) => path.slice(prefix.length).replace(/\/.*/, '/')))];
    },
  };
}

/** The three hosts with these group variables and other files; a file given as '' is absent. */
export function repository(variables: string, files: Readonly<Record<string, string>> = {}): ConfigSource {
  const all = { [INVENTORY]: THREE_HOSTS, [VARIABLES]: variables, ...files };
  return sourceOf(Object.fromEntries(Object.entries(all).filter(([, text]) => text !== '')));
}

export function desiredOf(
  variables: string,
  files: Readonly<Record<string, string>> = {},
  options: { cluster?: string; vaultPassword?: Secret } = {},
): Promise<DesiredCluster> {
  return readDesired(repository(variables, files), options);
}

/** `file:line:column: message` of each mistake; fails without mistakes. */
export async function problemsOf(reading: Promise<unknown>): Promise<readonly string[]> {
  const error: unknown = await reading.then(
    () => new Error('There is no mistake.'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConfigInvalid)) throw error;
  return error.problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
}

/** A node's redis.conf, unmasked. */
export function confOf(desired: DesiredCluster, node: string): string {
  return desired.nodes.find(({ name }) => name === node)?.redisConf.content.reveal() ?? '';
}
