import { isWritableByRedis } from './places.ts';

/** A module that the running Redis has loaded. */
export interface LoadedModule {
  name: string;
  /** The file it came from; null if Redis does not say. */
  path: string | null;
}

/** Parts of Redis 8, and of Redis Stack before it: https://redis.io/docs/latest/develop/whats-new/8-0/ */
const BUNDLED: ReadonlySet<string> = new Set([
  'search',
  'ReJSON',
  'timeseries',
  'bf',
  'vectorset',
  'redisgears_2',
  'rediscompat',
  'graph',
  'json',
  'ldap',
]);

/** Valkey 9’s own scripts: no file, its name in place of one. A library of that name without a folder cannot be loaded. */
const BUILT_IN = 'lua';

/** Public modules that run commands on the host, such as RedisModules-ExecuteCommand (`system.exec`). */
const RUNS_COMMANDS: ReadonlySet<string> = new Set(['system', 'exec', 'shell', 'rce', 'cmd', 'revshell']);

/** What may have loaded modules besides a client. */
export interface ModuleSources {
  /** Paths of `loadmodule` in Git. */
  git: readonly string[];
  /** Paths of `loadmodule` in the files on the node, and in the unit’s command. */
  node: readonly string[];
  /** `enable-module-command`, running: whether clients can load modules at all; undefined before Redis 7. */
  enabled: string | undefined;
  /** Folders in which Redis writes. */
  folders: readonly string[];
}

/** Whether the module came from a client. */
export function isPlantedModule({ name, path }: LoadedModule, { git, node, enabled, folders }: ModuleSources): boolean {
  if (path !== null && git.includes(path)) return false;
  if (name === BUILT_IN && path === BUILT_IN) return false;
  if (path !== null && path !== '' && isWritableByRedis(path, folders)) return true;
  if (RUNS_COMMANDS.has(name.toLowerCase())) return true;
  // Without MODULE LOAD only a start loads modules: from a file or a command that root wrote.
  if (BUNDLED.has(name) || enabled === 'no') return false;
  const declared = [...git, ...node];
  return path === null || path === '' ? declared.length === 0 : !declared.includes(path);
}

/** The modules in a reply to INFO: `module:name=ReJSON,ver=20609,…`. Their paths are not in it. */
export function modulesIn(info: string): readonly LoadedModule[] {
  const names = [...info.matchAll(/^module:name=([^,\r\n]{1,200})/gm)].map(([, name = '']) => name);
  return names.slice(0, 50).map((name) => ({ name, path: null }));
}

/** MODULE LIST’s reply, by name: pairs of field and value, or nothing of use. */
export function modulePathsIn(reply: unknown): ReadonlyMap<string, string> {
  const modules: readonly unknown[] = Array.isArray(reply) ? reply : [];
  return new Map(
    modules.flatMap((module) => {
      const fields: readonly unknown[] = Array.isArray(module) ? module : [];
      const of = (field: string): unknown => fields[fields.indexOf(field) + 1];
      const [name, path] = [of('name'), fields.includes('path') ? of('path') : undefined];
      return typeof name === 'string' && typeof path === 'string' ? [[name, path] as const] : [];
    }),
  );
}
