import type { AsideFile } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { hasNearlyAll, isInSync, silenceLimit } from '../../domain/replication/in-sync.ts';
import {
  PERSISTENCE_DIRECTIVES,
  keepsData,
  persistenceSettings,
  useOf,
  type PersistenceSettings,
} from '../../domain/redis/remains.ts';
import { nodeAt, readSettings, stateOf, withRedis } from '../node/redis-on.ts';
import { readInfo, readState, type ReplicationState } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/**
 * Conditions right before a file is moved or deleted: Redis is running, idle and does not use it, and its possible
 * content is in memory here and kept elsewhere as well. Returns the node’s key count.
 * @throws STALE_PLAN, PURGE_NOT_NOW or PURGE_LAST_COPY; what reading a node throws.
 */
export async function guardPurge(files: readonly AsideFile[], step: Step): Promise<number> {
  return withRedis(step, async (link) => {
    const settings = await settingsOf(link);
    refuseUsed(files, settings, step);
    const state = await readState(link);
    await refuseBusy(state, link, step);
    const held = files.filter((file) => file.holdsData);
    if (held.length > 0 && !step.disabledGuards.has('purge')) await refuseLastCopy(held, state, settings, step);
    return state.keys;
  });
}

/** @throws PURGE_LAST_COPY if keys have been lost since the files were moved aside. */
export function refuseLoss(before: number, now: number, { node, disabledGuards }: Step): void {
  if (hasNearlyAll(now, before) || disabledGuards.has('purge')) return;
  throw lastCopy(`${node.name} held ${before} keys when its files were moved aside, and holds ${now} now.`);
}

async function settingsOf(link: RedisLink): Promise<PersistenceSettings> {
  return persistenceSettings(await readSettings(link, ...PERSISTENCE_DIRECTIVES));
}

function refuseUsed(files: readonly AsideFile[], settings: PersistenceSettings, { node }: Step): void {
  for (const { path } of files) {
    const use = useOf(path, settings);
    if (use === null) continue;
    throw new RedisopsError('STALE_PLAN', `Redis on ${node.name} now uses ${path}: ${use}.`, {
      hint: 'It was not moved. Make a new plan and read it.',
    });
  }
}

async function refuseBusy({ loading, master }: ReplicationState, link: RedisLink, { node }: Step): Promise<void> {
  const info = await readInfo(link, 'persistence');
  const saves = info.flag('rdb_bgsave_in_progress') || info.flag('aof_rewrite_in_progress');
  if (!loading && !saves && !master?.syncInProgress) return;
  const what = loading ? 'loads its data' : saves ? 'saves' : 'synchronizes';
  throw notNow(`Redis on ${node.name} ${what} right now.`);
}

/** A snapshot is smaller than the same data in memory. */
async function refuseLastCopy(
  files: readonly AsideFile[],
  state: ReplicationState,
  settings: PersistenceSettings,
  step: Step,
): Promise<void> {
  const { name } = step.node;
  const largest = Math.max(0, ...files.filter(({ path }) => path.endsWith('.rdb')).map(({ bytes }) => bytes));
  const holder = state.master ? await masterOf(state, step) : state;
  if (holder.keys === 0 || holder.usedMemoryBytes < largest)
    throw lastCopy(
      `${holder.keys} keys in ${holder.usedMemoryBytes} bytes are all that is in memory of what ${name} has on disk.`,
    );
  if (state.master || keepsData(settings)) return;
  if (!(await isHeldByReplica(state, step)))
    throw lastCopy(`${name} keeps nothing on disk, and no replica in sync holds its ${state.keys} keys.`);
}

async function masterOf(state: ReplicationState, step: Step): Promise<ReplicationState> {
  const node = nodeAt(state.master, step);
  const master = node ? await stateOf(node, step) : null;
  const isOfUse = master?.role === 'master' && !master.loading;
  if (node && isOfUse && isInSync(state, silenceLimit(node.redisConf.content)) && sameData(state, master))
    return master;
  throw notNow(`${step.node.name} is not in sync with a master of this cluster.`);
}

async function isHeldByReplica(master: ReplicationState, step: Step): Promise<boolean> {
  const others = step.desired.nodes.filter((other) => other !== step.node);
  const states = await Promise.all(others.map((other) => stateOf(other, step).catch(() => null)));
  const limit = silenceLimit(step.node.redisConf.content);
  return states.some((state, at) => {
    const isOurs = state && nodeAt(state.master, step, others[at]?.name) === step.node;
    return isOurs && isInSync(state, limit) && sameData(state, master);
  });
}

function sameData(replica: ReplicationState, master: ReplicationState): boolean {
  return replica.replicationId === master.replicationId && hasNearlyAll(replica.keys, master.keys);
}

function notNow(message: string): RedisopsError {
  return new RedisopsError('PURGE_NOT_NOW', message, {
    hint: 'No file was touched. Fix that, or wait for it, then ask again.',
  });
}

function lastCopy(message: string): RedisopsError {
  return new RedisopsError('PURGE_LAST_COPY', message, {
    hint: 'The files on disk may be the last copy. They were not moved. Check the data first.',
  });
}
