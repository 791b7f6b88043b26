import type { RedisUp } from '../facts.ts';
import { memoryBytes } from '../redis/directive-value.ts';
import { bytes } from '../text/figures.ts';

/** Why a master refuses writes, from its facts. */
export interface RefusedWrites {
  /** How Redis’s reply begins. */
  reply: 'MISCONF' | 'OOM' | 'NOREPLICAS';
  /** What follows the node’s name. */
  why: string;
  hint: string;
}

/** So full that the next write is refused, or one of the next. */
const NEARLY_FULL = 0.98;

/** Empty for a replica, which refuses writes by its role. */
export function refusedWrites(redis: RedisUp): readonly RefusedWrites[] {
  if (redis.role !== 'master') return [];
  return [failedSave(redis), failedAppend(redis), fullMemory(redis), missingReplicas(redis)].filter(
    (refusal) => refusal !== null,
  );
}

/** Three things together, in the running process: the setting, a save point, and a failed save. */
export function failedSave({ role, configuration, persistence }: RedisUp): RefusedWrites | null {
  const stops = configuration.get('stop-writes-on-bgsave-error') === 'yes';
  if (role !== 'master' || persistence.rdbLastSaveOk || !stops || (configuration.get('save') ?? '') === '') return null;
  return {
    reply: 'MISCONF',
    why: 'refuses writes: its last save failed, and stop-writes-on-bgsave-error is yes.',
    hint: 'Fix its disk: Redis saves again by itself.',
  };
}

/** Whatever the other settings: a master that cannot append takes no writes. */
export function failedAppend({ role, persistence }: RedisUp): RefusedWrites | null {
  if (role !== 'master' || !persistence.aofEnabled || persistence.aofLastWriteOk) return null;
  return {
    reply: 'MISCONF',
    why: 'refuses writes: it cannot write its append-only file.',
    hint: 'Fix its disk: Redis retries by itself.',
  };
}

/** Under `volatile-…` only keys with an expiry are evicted. */
function fullMemory({ configuration, countedMemoryBytes, expiringKeys }: RedisUp): RefusedWrites | null {
  const limit = memoryBytes(configuration.get('maxmemory') ?? '') ?? 0;
  const policy = configuration.get('maxmemory-policy') ?? 'noeviction';
  const evicts = policy.startsWith('allkeys') || (policy.startsWith('volatile') && expiringKeys !== 0);
  if (limit === 0 || countedMemoryBytes === undefined || evicts) return null;
  if (countedMemoryBytes < limit * NEARLY_FULL) return null;
  return {
    reply: 'OOM',
    why: `is full and refuses writes (OOM), or is about to: ${bytes(countedMemoryBytes)} of maxmemory ${bytes(limit)}, and ${policy} evicts nothing.`,
    hint: 'Raise maxmemory, or choose a policy that evicts keys, in Git.',
  };
}

function missingReplicas({ configuration, goodReplicas }: RedisUp): RefusedWrites | null {
  const needed = Number(configuration.get('min-replicas-to-write') ?? '0');
  if (goodReplicas === undefined || goodReplicas >= needed) return null;
  return {
    reply: 'NOREPLICAS',
    why: `refuses writes (NOREPLICAS): only ${goodReplicas} of the ${needed} replicas that min-replicas-to-write asks for are in sync.`,
    hint: 'Bring its replicas back, or lower min-replicas-to-write in Git.',
  };
}
