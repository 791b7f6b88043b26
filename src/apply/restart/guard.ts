import type { Endpoint } from '../../domain/replication/endpoint.ts';
import { RedisopsError } from '../../domain/error.ts';
import { isInSync, silenceLimit } from '../../domain/replication/in-sync.ts';
import type { MasterLink } from '../../domain/replication/view.ts';
import { awaitOtherReplicas } from './await-other-replicas.ts';
import { nodeAt, stateOf } from '../node/redis-on.ts';
import { readState, type ReplicationState } from '../node/replication-state.ts';
import { guardStart, startOf } from '../unit/start-guard.ts';
import { runOrFail, type Step } from '../node/step.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import { sh } from '../../domain/shell.ts';

/** Maximum write pause, in case nobody is left to restart. */
const PAUSE_MS = '10000';

/**
 * $1 unit. Whether its process listens anywhere: if so, a Redis is running but was not reached, perhaps on another
 * port.
 */
const LISTENS = sh`
pid=$(systemctl show --property MainPID --value "$1")
[ "$pid" != 0 ] && ss -Hltnp | grep -q "pid=$pid," && echo yes
true
`;

/**
 * Refuses a restart that could lose data, by what Redis says right now. An empty master’s writes stay held back until
 * the restart, so that none is acknowledged and lost.
 * @throws MASTER_RESTART_HOLDS_DATA, REPLICA_HOLDS_DATA, MASTER_DOWN, STALE_PLAN or REDIS_UNREADABLE.
 */
export async function guardRestart(step: Step): Promise<void> {
  if (step.disabledGuards.has('restart')) return;
  const link = await openIfRunning(step);
  if (!link) return guardStart(step);
  try {
    const state = await readState(link);
    if (state.loading) throw unreadable(step, 'it is loading its data');
    await refuseAnotherRole(state.master, step);
    if (state.master) return await guardReplica(state, state.master, step);
    refuseDataOf(state, step);
    await guardStart(step);
    await holdWritesBack(link, step);
  } finally {
    link.close();
  }
}

async function openIfRunning(step: Step): Promise<RedisLink | null> {
  try {
    return await step.session.redis(step.desired.password);
  } catch (error) {
    if (!(error instanceof RedisopsError)) throw error;
    if (error.code !== 'REDIS_UNREACHABLE') throw unreadable(step, error.message);
    const listens = await runOrFail(step, 'Looking at the unit', LISTENS, { parameters: [step.node.unit] });
    if (listens.trim() === 'yes') throw unreadable(step, `it listens, but not on port ${step.node.redisPort}`);
    return null;
  }
}

/** A restart obeys the file: if it names another master than the observed one, the role would change unasked. */
export async function refuseAnotherRole(master: Endpoint | null, step: Step): Promise<void> {
  const { replicaof, identities } = await startOf(step);
  if (identities.isSame(replicaof, master, step.node.name)) return;
  const said = (endpoint: Endpoint | null) =>
    endpoint ? `a replica of ${endpoint.host}:${endpoint.port}` : 'a master';
  throw new RedisopsError(
    'STALE_PLAN',
    `${step.node.name} is ${said(master)}, but its redis.conf makes it ${said(replicaof)}.`,
    { hint: 'It was left running: a restart would change its role. Make a new plan and read it.' },
  );
}

/** Clients may have written between the first look and the pause. */
async function holdWritesBack(link: RedisLink, step: Step): Promise<void> {
  await link.command('CLIENT', 'PAUSE', PAUSE_MS, 'WRITE');
  try {
    refuseDataOf(await readState(link), step);
  } catch (error) {
    await link.command('CLIENT', 'UNPAUSE');
    throw error;
  }
}

function refuseDataOf({ keys }: ReplicationState, { node }: Step): void {
  if (keys === 0) return;
  throw new RedisopsError(
    'MASTER_RESTART_HOLDS_DATA',
    `${node.name} is a master that holds ${keys} keys; a restart could lose them.`,
    { hint: 'It was left running. Hand its role to a replica first.' },
  );
}

/** A replica’s data may be lost only if its master has it too. */
async function guardReplica(state: ReplicationState, link: MasterLink, step: Step): Promise<void> {
  if (state.keys === 0) return;
  const masterNode = nodeAt(link, step);
  if (!masterNode && isInSync(state, silenceLimit(null))) return;
  const master = masterNode ? await stateOf(masterNode, step).catch(() => null) : null;
  const masterHasIt = master?.role === 'master' && (link.up ? master.keys > 0 : master.keys >= state.keys);
  if (masterHasIt) return link.up ? awaitOtherReplicas(link, step) : undefined;
  const unread = masterNode ? 'its master cannot be read' : 'its master is not a node of this cluster';
  const why = master ? `its master holds ${master.keys}` : unread;
  throw new RedisopsError('REPLICA_HOLDS_DATA', `${step.node.name} holds ${state.keys} keys, and ${why}.`, {
    hint: 'It was left running: it may be the only copy. Fix the master first.',
  });
}

function unreadable(step: Step, why: string): RedisopsError {
  return new RedisopsError('REDIS_UNREADABLE', `What Redis on ${step.node.name} holds is unknown: ${why}`, {
    hint: 'It was left running, as a restart could lose data.',
  });
}
