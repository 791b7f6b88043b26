import { loadedFiles, saidOf, type DataFile } from '../../domain/redis/data-file.ts';
import { presentConf, type HostFacts } from '../../domain/facts.ts';
import type { Blocker } from '../../domain/plan.ts';
import type { Pair } from '../roles/topology.ts';

/**
 * A stopped node may have data on disk, possibly the only copy after an outage of all nodes. A master must load the
 * same data with its new settings as with the old ones. A replica overwrites its own data: a former master keeps it,
 * and a former replica needs a master that holds the data.
 */
export function diskDataBlockers(pair: Pair, host: HostFacts, master: Pair | null): readonly Blocker[] {
  const { redisConf, dataDirectory } = pair.desired;
  const before = presentConf(host, redisConf);
  const loadedBefore = before && before.all.length > 0 ? loadedFiles(before, dataDirectory, host.dataFiles) : [];
  const loaded = loadedAfter(pair, host);
  if (!master) {
    const missed = loadedBefore.filter((file) => !loaded.includes(file));
    if (missed.length > 0) return [notLoaded(pair, missed)];
    const others = before && before.all.length > 0 ? loaded.filter((file) => !loadedBefore.includes(file)) : [];
    return others.length > 0 ? [otherData(pair, others)] : [];
  }
  const wasReplica = before !== null && before.replicaof !== null;
  const own = wasReplica ? loaded : [...new Set([...loadedBefore, ...loaded])];
  if (own.length === 0 || (wasReplica && hasTheData(master, own))) return [];
  return [overwritten(pair, own, wasReplica ? master : null)];
}

function loadedAfter({ desired }: Pair, { dataFiles }: HostFacts): readonly DataFile[] {
  return loadedFiles(desired.redisConf.content, desired.dataDirectory, dataFiles);
}

/**
 * A snapshot is smaller than the same data in memory: a master that uses less does not have it all. For a stopped one
 * its own files decide; the step checks again once it is running.
 */
function hasTheData(master: Pair, files: readonly DataFile[]): boolean {
  const largest = Math.max(0, ...files.filter(({ path }) => path.endsWith('.rdb')).map(({ bytes }) => bytes));
  if (master.redis) return master.redis.keys > 0 && master.redis.usedMemoryBytes >= largest;
  return master.facts.reachable && loadedAfter(master, master.facts.host).length > 0;
}

function notLoaded({ desired: { name } }: Pair, files: readonly DataFile[]): Blocker {
  return {
    code: 'DATA_NOT_LOADED',
    node: name,
    message: `${name} is not running. Its current redis.conf would load ${saidOf(files)}; the new one would not, and it would start empty.`,
    hint: 'Start it with the old settings first, so that the change is made while it runs. Or move the files away if you do not need them.',
  };
}

function otherData({ desired: { name } }: Pair, files: readonly DataFile[]): Blocker {
  return {
    code: 'START_LOADS_OLD_DATA',
    node: name,
    message: `${name} is not running. Its current redis.conf would start it empty; the new one would load ${saidOf(files)}.`,
    hint: 'If you need that data, start Redis by hand with these settings. If not, move the files away. Then plan again.',
  };
}

function overwritten({ desired: { name } }: Pair, files: readonly DataFile[], master: Pair | null): Blocker {
  const why = master
    ? `its master ${master.desired.name} ${master.redis ? `holds ${master.redis.keys} keys` : 'does not run'}`
    : 'its redis.conf does not make it a replica';
  return {
    code: 'REPLICA_HOLDS_DATA',
    node: name,
    message: `${name} does not run, ${why}, and has data on disk: ${saidOf(files)}. As a replica it would lose that data.`,
    hint: 'If you need that data, start this node first: the running node with data is the master. If not, move the files away.',
  };
}
