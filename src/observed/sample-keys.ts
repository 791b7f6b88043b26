import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import type { RedisUp } from '../domain/facts.ts';
import type { RedisLink } from '../ports/nodes.ts';

const MOST = 5;
/** Most slots of an emptied table are empty, so a few looks may find nothing. */
const MOST_LOOKS = 20;
const LONGEST = 48;

/**
 * Sample key names of a master without replicas that Git does not nominate: it may have to give its keys up. At least
 * one from every database with keys. Empty for any other node, and if Redis refuses.
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

/** The part before the first separator tells the kind of key; the rest may be personal data. */
export function displayName(key: string, plainly: boolean): string {
  const printable = key.replaceAll(/\p{Cc}/gu, '?');
  const short = printable.length > LONGEST ? `${printable.slice(0, LONGEST)}…` : printable;
  if (plainly) return short;
  const kind = /^([\w-]{1,24}:)./.exec(short)?.[1] ?? '';
  return `${kind}••••`;
}
