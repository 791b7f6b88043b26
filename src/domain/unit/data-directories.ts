import type { DesiredDirectory } from '../desired.ts';
import { ASIDE_PREFIX } from '../redis/remains.ts';

/** What Redis, its package and redisops put into a data directory; `lost+found` is at the top of a file system. */
const NAMES_OF_REDIS =
  /^(?:[^/]+\.(?:rdb|aof|manifest)|appendonly[^/]*|nodes[^/]*\.conf|[^/]*\.pid|(?:redis|valkey)[^/]*\.log[^/]*|lost\+found)$/;

/** The directories that Redis writes: its data directory, and below it the one of the append-only file. */
export function dataDirectories(
  folder: string,
  appendOnly = 'appendonlydir',
  user = 'redis',
): readonly DesiredDirectory[] {
  const ofServer = { owner: user, group: user, mode: '750' };
  return [
    { path: folder, ...ofServer },
    { path: `${folder}/${appendOnly}`, ...ofServer },
  ];
}

/** A directory as found on the node. */
interface Found {
  type: string;
  owner: string;
  group: string;
  mode: string;
}

/** Whether Redis can use a directory as it is: it then keeps its owner and mode. */
export function isUsable(
  present: ({ exists: true } & Found) | { exists: false } | undefined,
  { owner, group }: Pick<DesiredDirectory, 'owner' | 'group'>,
): boolean {
  if (!present?.exists || present.type !== 'directory') return false;
  const [ofOwner = '0', ofGroup = '0'] = present.mode.padStart(3, '0').slice(-3);
  return (present.owner === owner && ofOwner === '7') || (present.group === group && ofGroup === '7');
}

/** @param name Of an entry of the directory. */
export function isOfRedis(name: string): boolean {
  return name.startsWith(ASIDE_PREFIX) || NAMES_OF_REDIS.test(name);
}

/** The folders above, nearest first, without the root. */
export function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(1, -1);
  return parts.map((_, at) => `/${parts.slice(0, at + 1).join('/')}`).toReversed();
}
