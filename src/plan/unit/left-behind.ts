import { loadedFiles, saidOf, type DataFile } from '../../domain/redis/data-file.ts';
import type { HostFacts } from '../../domain/facts.ts';
import type { Risk } from '../../domain/plan.ts';
import { ASIDE_PREFIX } from '../../domain/redis/remains.ts';
import type { Pair } from '../roles/topology.ts';

/** A save or a synchronization that was broken off. */
const UNFINISHED = /\/temp-[^/\d]*\d[^/]*$/;

/** Data on the disk of a node that would start empty, while no running node has data for it. */
export function leftBehindRisks({ desired }: Pair, { dataFiles }: HostFacts, master: Pair | null): readonly Risk[] {
  const { name, redisConf, dataDirectory } = desired;
  if (master?.redis || loadedFiles(redisConf.content, dataDirectory, dataFiles).length > 0) return [];
  const left = dataFiles.filter(mayHoldKeys);
  if (left.length === 0) return [];
  const message = `${name} starts empty and leaves behind ${saidOf(left)}. Move the file to ${dataDirectory}/${redisConf.content.get('dbfilename') ?? 'dump.rdb'} first if it is needed.`;
  return [{ code: 'DATA_NOT_LOADED', node: name, message }];
}

function mayHoldKeys({ path, keys }: DataFile): boolean {
  return keys !== 0 && !path.includes(`/${ASIDE_PREFIX}`) && !UNFINISHED.test(path);
}
