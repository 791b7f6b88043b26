import { asRedisopsError } from '../domain/error.ts';
import type { RedisUp } from '../domain/facts.ts';
import { modulePathsIn, type LoadedModule } from '../domain/traces/modules.ts';
import {
  FEW_KEYS,
  PLANTED_BYTES,
  PLANTED_NAMES,
  plantedKind,
  type PlantedKey,
} from '../domain/traces/planted-value.ts';
import type { RedisLink, RedisReply } from '../ports/nodes.ts';

/** EXISTS with every suspicious name: it counts them, and marks no key as used (db.c). */
export const PLANTED = ['EXISTS', ...PLANTED_NAMES] as const;

/** Redis’s answer to `PLANTED`, or an error. */
export type PlantedCount = RedisReply | Error;

/**
 * Where modules came from, and keys that only make sense in a file of cron or SSH. Most nodes have neither: then nothing
 * is asked. Reads the first bytes of a few values, and keeps none.
 */
export async function intruderTraces(
  link: RedisLink,
  redis: RedisUp,
  planted: PlantedCount,
): Promise<Pick<RedisUp, 'modules' | 'plantedKeys'>> {
  const { modules = [] } = redis;
  const [withPaths, plantedKeys] = await Promise.all([
    modules.length === 0 ? modules : pathsOf(link, modules),
    plantedIn(link, redis, planted),
  ]);
  return {
    ...(withPaths.length > 0 ? { modules: withPaths } : {}),
    ...(plantedKeys.length > 0 ? { plantedKeys } : {}),
  };
}

async function pathsOf(link: RedisLink, modules: readonly LoadedModule[]): Promise<readonly LoadedModule[]> {
  const paths = modulePathsIn(await link.command('MODULE', 'LIST').catch(asRedisopsError));
  return modules.map(({ name, path }) => ({ name, path: paths.get(name) ?? path }));
}

async function plantedIn(
  link: RedisLink,
  { keyspace, loading }: RedisUp,
  planted: PlantedCount,
): Promise<readonly PlantedKey[]> {
  if (loading) return [];
  const keys = keyspace.get(0) ?? 0;
  const isKnown = typeof planted === 'number' && planted > 0;
  const few = keys > 0 && keys <= FEW_KEYS ? await namesIn(link) : [];
  const names = [...new Set([...(isKnown ? PLANTED_NAMES : []), ...few])];
  const found = await Promise.all(names.map((name) => plantedAt(link, name)));
  return found.filter((key) => key !== null);
}

async function namesIn(link: RedisLink): Promise<readonly string[]> {
  const reply = await link.command('SCAN', '0', 'COUNT', '100').catch(asRedisopsError);
  const names: readonly unknown[] = Array.isArray(reply) && Array.isArray(reply[1]) ? reply[1] : [];
  return names.slice(0, FEW_KEYS).map(String);
}

/** Null for data, and for a value of another type. */
async function plantedAt(link: RedisLink, name: string): Promise<PlantedKey | null> {
  const value = await link.command('GETRANGE', name, '0', String(PLANTED_BYTES - 1)).catch(asRedisopsError);
  const kind = typeof value === 'string' ? plantedKind(name, value) : null;
  return kind && { name, kind };
}
