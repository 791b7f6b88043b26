import type { Action, Resync } from '../../domain/action.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';
import { hasNearlyAll } from '../../domain/replication/in-sync.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import type { RedisUp } from '../../domain/facts.ts';
import type { ResyncGoal } from '../../domain/goal.ts';
import { didYouMean } from '../../domain/text/nearest.ts';
import type { Blocker, Plan, Wave } from '../../domain/plan.ts';
import { snapshotBlockers } from './snapshots.ts';
import { follows, type Pair, type Roles } from '../roles/topology.ts';

/** Makes one replica load its master’s data again. Unreadable other nodes do not block it. */
export function planResync(
  goal: ResyncGoal,
  desired: DesiredCluster,
  roles: Roles,
): Pick<Plan, 'waves' | 'blockers' | 'risks'> {
  const pair = pairNamed(goal.node, roles);
  const master = masterOf(pair, roles);
  const blockers = [...resyncBlockers(pair, master, roles, desired), ...(master ? snapshotBlockers(pair, master) : [])];
  const action = resyncAction(pair);
  const waves: readonly Wave[] = action ? [{ actions: [action] }] : [];
  return { waves, blockers, risks: [] };
}

/** @throws UNKNOWN_NODE, with the nearest names. */
export function pairNamed(name: string, { pairs }: Roles): Pair {
  const names = pairs.map(({ desired }) => desired.name);
  const pair = pairs.find(({ desired }) => desired.name === name);
  if (pair) return pair;
  throw new RedisopsError('UNKNOWN_NODE', `There is no node “${name.slice(0, 60)}”.${didYouMean(name, names)}`, {
    hint: `The nodes are: ${names.join(', ')}.`,
  });
}

function masterOf(pair: Pair, { pairs }: Roles): Pair | null {
  return pairs.find((other) => follows(pair, other)) ?? null;
}

/** Its master, as reported by the node. */
export function masterEndpointOf({ redis }: Pair): Endpoint | null {
  return redis?.master ? { host: redis.master.host, port: redis.master.port } : null;
}

/**
 * Least disruptive first: without a link, a new connection may be enough; with one, only a full synchronization helps.
 */
function resyncAction(pair: Pair): Action | null {
  const master = masterEndpointOf(pair);
  if (!master || !pair.redis?.master) return null;
  const mode: Resync['mode'] = pair.redis.master.up ? 'full' : 'partial';
  const how =
    mode === 'full' ? 'by a full synchronization' : 'by a new connection, then by a full synchronization if needed';
  return {
    kind: 'resync',
    node: pair.desired.name,
    summary: `Resynchronize ${pair.desired.name} with ${master.host}:${master.port} ${how}`,
    disruptive: true,
    reason: 'The replica drops its data and loads the master’s; the master forks. The replica is never detached.',
    master,
    mode,
  };
}

function resyncBlockers(pair: Pair, master: Pair | null, roles: Roles, desired: DesiredCluster): readonly Blocker[] {
  const { name } = pair.desired;
  const blocker = (code: Blocker['code'], message: string, hint: string): Blocker => ({
    code,
    node: name,
    message,
    hint,
  });
  if (!pair.facts.reachable)
    return [blocker(pair.facts.code, `${name} cannot be read: ${pair.facts.reason}`, 'Restore access to it first.')];
  const { redis } = pair;
  if (!redis) {
    const reason = pair.facts.redis.state === 'up' ? '' : pair.facts.redis.reason;
    return [
      blocker(
        'REDIS_UNREADABLE',
        `Redis on ${name} cannot be read: ${reason}`,
        'Start it, or restore access to it, first.',
      ),
    ];
  }
  if (redis.role === 'master') return [notAReplica(name, redis, roles, desired)];
  return [...masterBlockers(redis, master, blocker), ...syncBlockers(roles), ...localBlockers(pair, redis, blocker)];
}

function notAReplica(name: string, redis: RedisUp, { master }: Roles, { replication }: DesiredCluster): Blocker {
  const isTheMaster = !replication || master?.desired.name === name;
  if (!isTheMaster && redis.replicas.length === 0)
    return {
      code: 'RESYNC_NOT_A_REPLICA',
      node: name,
      message: `${name} does not replicate.`,
      hint: '`apply` makes it a replica if Git says so.',
    };
  return {
    code: 'RESYNC_MASTER',
    node: name,
    message: `${name} is a master: it has nothing to synchronize from.`,
    hint: 'Name a replica.',
  };
}

type Blocking = (code: Blocker['code'], message: string, hint: string) => Blocker;

function masterBlockers(redis: RedisUp, master: Pair | null, blocker: Blocking): readonly Blocker[] {
  const where = `${redis.master?.host ?? '?'}:${redis.master?.port ?? 0}`;
  const source = master?.redis;
  if (!master || !source)
    return [
      blocker(
        'RESYNC_MASTER_UNREACHABLE',
        `Its master ${where} cannot be read.`,
        'A replica that cannot reach its master keeps its data. Wait until the master is back.',
      ),
    ];
  if (source.role !== 'master' || source.loading)
    return [
      blocker(
        'RESYNC_MASTER_UNREACHABLE',
        `Its master ${where} is ${source.loading ? 'loading its data' : 'itself a replica'}.`,
        'Wait, or fix the topology first.',
      ),
    ];
  if (hasNearlyAll(source.keys, redis.keys)) return [];
  return [
    blocker(
      'RESYNC_MASTER_HAS_FEWER_KEYS',
      `The master ${where} holds ${source.keys} keys, the replica ${redis.keys}: the rest would be lost.`,
      'Find out which of the two is right first.',
    ),
  ];
}

function syncBlockers({ pairs }: Roles): readonly Blocker[] {
  return pairs.flatMap(({ desired, redis }): readonly Blocker[] => {
    const link = redis?.master;
    if (!link?.syncInProgress) return [];
    const read = link.syncReadBytes === null ? '' : ` ${link.syncReadBytes} bytes received so far`;
    const total = link.syncTotalBytes === null ? '' : ` of ${link.syncTotalBytes}`;
    return [
      {
        code: 'SYNC_IN_PROGRESS',
        node: desired.name,
        message: `A full synchronization of ${desired.name} is running.${read}${total}`,
        hint: 'Wait for it: a restart would begin at zero.',
      },
    ];
  });
}

/** The cause of the last failed synchronization, if on this node, would fail the next one too. */
function localBlockers({ desired, facts }: Pair, redis: RedisUp, blocker: Blocking): readonly Blocker[] {
  if (!facts.reachable || redis.configuration.get('repl-diskless-load') === 'swapdb') return [];
  if (facts.host.dataDirectoryWritable === false)
    return [
      blocker(
        'RESYNC_WOULD_FAIL',
        `Redis on ${desired.name} cannot write ${desired.dataDirectory}: the synchronization would fail at its temporary file.`,
        '`apply` fixes that.',
      ),
    ];
  if (redis.configuration.get('dbfilename') === '')
    return [
      blocker(
        'RESYNC_WOULD_FAIL',
        `dbfilename is empty on ${desired.name}: the synchronization would fail at its end.`,
        '`apply` fixes that.',
      ),
    ];
  return [];
}
