import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import type { RedisUp } from '../domain/facts.ts';
import type { RedisLink } from '../ports/nodes.ts';

const MOST = 5;
/** In a table that was emptied, a look at a few places may find nothing. */
const MOST_LOOKS = 20;
const LONGEST = 48;

/**
 * Some names of keys of a master that Git does not nominate and nobody follows: it may be asked to give them up. Of every
 * database that holds any, one at least. Empty for any other node, and where Redis does not say.
 */
export async function sampleKeys(
  link: RedisLink,
  { name }: DesiredNode,
  redis: RedisUp,
  { replication, nominatedMaster, policy }: DesiredCluster,
): Promise<readonly string[]> {
  const isAlone = redis.role === 'master' && redis.replicas.length === 0;
  if (!replication || !isAlone || redis.keys === 0 || name === nominatedMaster) return [];
  const databases = [...redis.keyspace].filter(([, keys]) => keys > 0).map(([index]) => index);
  const each = Math.max(1, Math.floor(MOST / databases.length));
  const names: string[] = [];
  for (const database of databases.slice(0, MOST))
    names.push(...(await namesIn(database, each, link).catch((): readonly string[] => [])));
  return names.map((key) => displayName(key, policy.showKeyNames === true));
}

async function namesIn(database: number, most: number, link: RedisLink): Promise<readonly string[]> {
  await link.command('SELECT', String(database));
  const names: string[] = [];
  let cursor = '0';
  for (let look = 0; look < MOST_LOOKS && names.length < most; look += 1) {
    const reply = await link.command('SCAN', cursor, 'COUNT', String(most));
    if (!Array.isArray(reply) || !Array.isArray(reply[1])) break;
    names.push(...reply[1].map(String));
    cursor = String(reply[0]);
    if (cursor === '0') break;
  }
  return names.slice(0, most);
}

/** What stands before the first separator says what kind of key it is; the rest may be a person’s. */
export function displayName(key: string, plainly: boolean): string {
  const printable = key.replaceAll(/\p{Cc}/gu, '?');
  const short = printable.length > LONGEST ? `${printable.slice(0, LONGEST)}…` : printable;
  if (plainly) return short;
  const kind = /^([\w-]{1,24}:)./.exec(short)?.[1] ?? '';
  return `${kind}••••`;
}
