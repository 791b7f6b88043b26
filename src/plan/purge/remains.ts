import type { Action, AsideFile } from '../../domain/action.ts';
import { presentConf, type ReachableNode, type RedisUp } from '../../domain/facts.ts';
import {
  ASIDE_MANIFEST,
  ASIDE_PREFIX,
  asideOf,
  holdsData,
  persistenceSettings,
  useOf,
  type PersistenceSettings,
  type Remain,
} from '../../domain/redis/remains.ts';
import type { Pair } from '../roles/topology.ts';

/** Removable and other files in a node’s data directory. */
export interface NodeRemains {
  pair: Pair;
  /** First step: makes the node use the settings Git asks for. */
  cure: readonly Action[];
  /** Persistence files that no Redis uses. */
  unused: readonly AsideFile[];
  /** Files moved aside by an earlier purge. */
  aside: readonly (AsideFile & { aside: string })[];
  /** Folders of an earlier purge. */
  folders: readonly string[];
  kept: readonly { path: string; why: string }[];
  /** Whether there is, or may be, anything to purge: a stopped Redis does not reveal which files it uses. */
  pending: boolean;
}

/** @param cure Runs first: afterwards no Redis uses files that Git does not ask for. */
export function remainsOf(pair: Pair, cure: readonly Action[] = []): NodeRemains {
  const { facts, redis } = pair;
  const none = { pair, cure: [], unused: [], aside: [], folders: [], kept: [] };
  if (!facts.reachable) return { ...none, pending: false };
  const { remains } = facts.host;
  if (!redis) return { ...none, pending: remains.length > 0 };

  const settings = settingsOf(pair, facts, redis).filter(({ whose }) => cure.length === 0 || whose === 'in Git');
  const judged = remains.filter(({ path }) => isInScope(path, settings)).map((remain) => judge(remain, settings));
  const unused = judged.flatMap((each) => ('why' in each ? [] : [each.file]));
  const kept = judged.flatMap((each) => ('why' in each ? [{ path: each.file.path, why: each.why }] : []));
  const { aside, folders, strange } = asideRemains(remains);
  const pending = unused.length + aside.length + folders.length > 0;
  return {
    pair,
    cure: pending ? cure : [],
    unused,
    aside,
    folders,
    kept: [...kept, ...strange],
    pending,
  };
}

/** As the running Redis has it, as in its file, which a restart would read, and as in Git. */
function settingsOf(
  { desired }: Pair,
  { host }: ReachableNode,
  redis: RedisUp,
): readonly { whose: string; settings: PersistenceSettings }[] {
  const onDisk = presentConf(host, desired.redisConf);
  return [
    { whose: 'in the running Redis', settings: persistenceSettings(redis.configuration) },
    ...(onDisk ? [{ whose: 'in redis.conf', settings: persistenceSettings(onDisk.values) }] : []),
    { whose: 'in Git', settings: persistenceSettings(desired.redisConf.content.values) },
  ];
}

type Settings = ReturnType<typeof settingsOf>;

/** Only where Redis itself puts such files: other folders belong to people. */
function isInScope(path: string, settings: Settings): boolean {
  const [folder = '', ...rest] = path.split('/');
  if (folder.startsWith(ASIDE_PREFIX)) return false;
  if (rest.length === 0) return /\.(?:rdb|aof)$/.test(path);
  return settings.some((each) => each.settings.appenddirname === folder) || folder === 'appendonlydir';
}

function judge(remain: Remain, settings: Settings): { file: AsideFile } | { file: AsideFile; why: string } {
  const file = fileOf(remain);
  if (remain.type !== 'file') return { file, why: 'it is not a regular file' };
  if (isUnnamable(remain.path)) return { file, why: 'its name is not UTF-8' };
  const use = settings.flatMap((each) => {
    const why = useOf(remain.path, each.settings);
    return why === null ? [] : [`${why} ${each.whose}`];
  });
  return use[0] === undefined ? { file } : { file, why: use[0] };
}

/** Invalid bytes were replaced when the name was read. */
function isUnnamable(path: string): boolean {
  return path.includes('\uFFFD');
}

function fileOf(remain: Remain): AsideFile {
  const { path, bytes, modified } = remain;
  return { path, bytes, modified, holdsData: holdsData(remain) };
}

/** Without its manifest a folder is not recognized as a purge’s. A purge may have created an empty one. */
function asideRemains(remains: readonly Remain[]): Pick<NodeRemains, 'aside' | 'folders'> & {
  strange: NodeRemains['kept'];
} {
  const within = remains.flatMap((remain) => {
    const place = asideOf(remain.path);
    return place ? [{ remain, ...place }] : [];
  });
  const folders = [...new Set(within.map(({ folder }) => folder))].map((folder) => {
    const inside = within.filter((each) => each.folder === folder && each.original !== '');
    const isManifest = ({ original }: { original: string }): boolean =>
      original === ASIDE_MANIFEST || original === `${ASIDE_MANIFEST}.new`;
    const files = inside.filter((each) => each.remain.type !== 'directory' && !isManifest(each));
    const own =
      within.some(
        ({ folder: name, original, remain }) => name === folder && original === '' && remain.type === 'directory',
      ) &&
      files.every(({ remain }) => remain.type === 'file' && !isUnnamable(remain.path)) &&
      (files.length === 0 || inside.some(({ original }) => original === ASIDE_MANIFEST));
    return { folder, files, own };
  });
  const ours = folders.filter(({ own }) => own);
  return {
    folders: ours.map(({ folder }) => folder),
    aside: ours.flatMap(({ files }) =>
      files.map(({ remain, original }) => ({ ...fileOf(remain), path: original, aside: remain.path })),
    ),
    strange: folders
      .filter(({ own }) => !own)
      .map(({ folder }) => ({ path: folder, why: 'it has changed since a purge left it' })),
  };
}
