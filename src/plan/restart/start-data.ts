import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import type { Blocker, Risk } from '../../domain/plan.ts';
import { loadedFiles, saidOf } from '../../domain/redis/data-file.ts';
import { growsOld, startData, upkeepOf } from '../../domain/redis/start-data.ts';
import { sameValue } from '../../domain/redis/directive-value.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import { follows, type Pair, type Roles } from '../roles/topology.ts';

/** What a restart loads, for the approver. Contains no changing figures, since it is approved. */
export function loadsText(node: DesiredNode, redis: RedisUp): string {
  const next = node.redisConf.content.values;
  const data = startData(next, node.dataDirectory);
  if (!data) return 'It loads nothing at its start.';
  const path = `${data.folder}/${data.names[0] ?? ''}`;
  const served = growsOld(next) ? ' The file is moved aside once loaded.' : '';
  switch (upkeepOf(redis.configuration, next, isSameFolder(node, redis))) {
    case 'redis':
      return `It loads ${path}, which Redis keeps up to date.${served}`;
    case 'save':
      return `It loads ${path}, saved right before.${served}`;
    case 'nobody':
      return `It loads nothing: what is at ${path} is older, and is moved aside.`;
  }
}

/** Files that a start would load, and that are older than the running node’s memory. */
export function olderFileRisks(node: DesiredNode, host: HostFacts, redis: RedisUp): readonly Risk[] {
  const { name, redisConf, dataDirectory } = node;
  const next = redisConf.content.values;
  const files = loadedFiles(redisConf.content, dataDirectory, host.dataFiles);
  const upkeep = upkeepOf(redis.configuration, next, isSameFolder(node, redis));
  if (files.length === 0 || upkeep === 'redis') return [];
  const fate = upkeep === 'save' ? 'replaced by a new snapshot' : 'moved aside';
  const message = `${name} has ${saidOf(files)}, older than the ${redis.keys} keys it holds: ${fate} before the restart.`;
  return [{ code: null, node: name, message }];
}

/** What the start of a stopped node loads. */
export function startRisks({ desired }: Pair, host: HostFacts): readonly Risk[] {
  const files = loadedFiles(desired.redisConf.content, desired.dataDirectory, host.dataFiles);
  if (files.length === 0) return [];
  return [{ code: null, node: desired.name, message: `${desired.name} starts from ${saidOf(files)}.` }];
}

/**
 * A stopped master whose replicas have followed it into an empty data set, while its file still has keys: they were
 * deleted since. An append-only file includes the deletion.
 */
export function oldDataBlockers(master: Pair, { pairs }: Roles): readonly Blocker[] {
  const { desired, facts, redis } = master;
  if (!facts.reachable || redis) return [];
  const data = startData(desired.redisConf.content.values, desired.dataDirectory);
  const files = loadedFiles(desired.redisConf.content, desired.dataDirectory, facts.host.dataFiles);
  const emptied = pairs.filter((pair) => pair.redis && follows(pair, master) && wasEmptied(pair.redis));
  if (data?.kind !== 'snapshot' || files.length === 0 || emptied.length === 0) return [];
  const names = emptied.map((pair) => pair.desired.name).join(', ');
  return [
    {
      code: 'START_LOADS_OLD_DATA',
      node: desired.name,
      message: `${desired.name} would start from ${saidOf(files)}, but its replicas hold no keys any more (${names}): deleted keys would come back.`,
      hint: `If the keys were deleted on purpose, move the file away. If you need them, stop ${names} first. Then plan again.`,
    },
  ];
}

/** A node that never reached its master still has its initial offset. */
function wasEmptied({ role, keys, offset }: RedisUp): boolean {
  return role === 'replica' && keys === 0 && offset > 1;
}

/** The step itself resolves links on the node. */
function isSameFolder({ redisConf, dataDirectory }: DesiredNode, { configuration }: RedisUp): boolean {
  const folder = startData(redisConf.content.values, dataDirectory)?.folder ?? dataDirectory;
  return sameValue('dir', configuration.get('dir') ?? '', folder);
}
