import type { DirectiveChange, HeldData } from '../../domain/action.ts';
import type { DesiredCluster, DesiredNode } from '../../domain/desired.ts';
import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import type { Risk } from '../../domain/plan.ts';
import { persistenceSettings } from '../../domain/redis/remains.ts';
import type { Pair, Roles } from '../roles/topology.ts';
import { keysAtMost, mayLoseKeys } from './lose-keys.ts';
import { obstacleTo } from './saved-data.ts';

/** The fate of a master’s keys when it is restarted without a hand-over. */
export interface InPlace {
  /** Null if it is not restarted. */
  data: HeldData | null;
  /** Why its keys cannot be saved and loaded; null if they can. */
  obstacle: string | null;
}

/**
 * A master whose role no replica can take saves its data at the stop and loads it at the start. Only if the saved file
 * is the one its new settings load; otherwise its keys are lost, if redisops.yml allows it.
 */
export function restartInPlace(
  pair: Pair,
  host: HostFacts,
  redis: RedisUp,
  restart: readonly DirectiveChange[],
  cluster: DesiredCluster,
  { pairs }: Roles,
): InPlace {
  const wanted = pair.desired.redisConf.content.values;
  const settings = persistenceSettings(wanted);
  const wait = reasonToWait(pairs);
  if (wait !== null) return { data: null, obstacle: wait };
  const obstacle = obstacleTo(pair, host, redis, { wanted, settings, restart });
  if (obstacle === null)
    return { data: { kept: settings.appendonly === 'yes' ? 'append-only file' : 'snapshot' }, obstacle };
  if (redis.keys === 0) return { data: null, obstacle };
  if (!mayLoseKeys(pair, redis, cluster)) return { data: null, obstacle };
  return { data: { kept: null, keysAtMost: keysAtMost(redis.keys) }, obstacle };
}

/** Reasons to restart later, or not through redisops. */
function reasonToWait(pairs: readonly Pair[]): string | null {
  const watched = pairs.find(({ redis }) => redis?.watchedBySentinel);
  if (watched) return `Sentinel watches ${watched.desired.name} and would promote another node meanwhile`;
  const syncing = pairs.find(({ redis }) => redis?.master && (redis.loading || redis.master.syncInProgress));
  return syncing ? `${syncing.desired.name} is synchronizing from it; wait for that` : null;
}

/** For the approver. Contains no changing figures, since it is approved. */
export function fateOf(data: HeldData): string {
  if (data.kept === null)
    return `Its keys are lost, ${data.keysAtMost} at most: redisops.yml allows this where they cannot be saved.`;
  return `No replica can take its role: its data is saved (${data.kept}), verified, saved again up to the last write, and loaded at the start.`;
}

export function inPlaceRisks({ name }: DesiredNode, redis: RedisUp, inPlace: InPlace | null): readonly Risk[] {
  if (!inPlace?.data) return [];
  const holds = `${name} holds ${redis.keys} keys in ${redis.usedMemoryBytes} bytes`;
  const message = inPlace.data.kept
    ? `${holds}: it does not answer while it saves them and loads them again.`
    : `${holds}, which cannot be saved: ${inPlace.obstacle}. They are lost.`;
  return [{ code: inPlace.data.kept ? null : 'MASTER_RESTART_HOLDS_DATA', node: name, message }];
}
