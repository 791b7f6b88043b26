import type { Resync } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { hasNearlyAll } from '../../domain/replication/in-sync.ts';
import type { MasterLink } from '../../domain/replication/view.ts';
import { awaitCondition } from '../node/await-condition.ts';
import { watchLink } from './await-link.ts';
import { nodeAt, stateOf, withRedis } from '../node/redis-on.ts';
import { readState, type ReplicationState } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** A reconnect waits for a once-a-second cron; after this limit it is not coming. */
const PARTIAL_LIMIT_MS = 5000;

/**
 * Makes a replica load its master’s data again, in the least disruptive way: waits for a running synchronization;
 * `partial` cuts the link, which Redis restores from the backlog; otherwise `full`. A full one detaches and attaches
 * the node in one transaction: no crash can leave it detached.
 * @throws RESYNC_NOT_A_REPLICA, RESYNC_MASTER_UNREACHABLE, RESYNC_MASTER_HAS_FEWER_KEYS, SYNC_IN_PROGRESS, and what
 * waiting for the link throws.
 */
export async function resync(action: Resync, step: Step): Promise<boolean> {
  return withRedis(step, async (link) => {
    const watch = watchLink(action.master, step);
    await watch.begun;
    const { syncInProgress } = await guard(action, link, step);
    if (syncInProgress) {
      await watch.synchronized();
      return false;
    }
    if (action.mode === 'partial' && (await cut(link, step)) && (await comesBack(watch))) return true;
    await detachAndAttach(action, link, step);
    await watch.synchronized();
    return true;
  });
}

/** Returns whether there was a link to cut. */
async function cut(link: RedisLink, step: Step): Promise<boolean> {
  step.progress({ message: 'cutting the link, for a partial resynchronization' });
  return Number(await link.command('CLIENT', 'KILL', 'TYPE', 'master')) > 0;
}

async function comesBack(watch: { synchronized(limitMs: number): Promise<void> }): Promise<boolean> {
  try {
    await watch.synchronized(PARTIAL_LIMIT_MS);
    return true;
  } catch (error) {
    if (error instanceof RedisopsError && error.code === 'TIMED_OUT') return false;
    throw error;
  }
}

async function detachAndAttach(action: Resync, link: RedisLink, step: Step): Promise<void> {
  const { syncInProgress } = await guard(action, link, step);
  if (syncInProgress) return;
  const { host, port } = action.master;
  step.progress({ message: 'detaching and attaching in one transaction, for a full resynchronization' });
  await link.transaction([
    ['REPLICAOF', 'NO', 'ONE'],
    ['REPLICAOF', host, String(port)],
  ]);
}

/** Conditions right before the link is touched; returns the replica’s side of it. */
async function guard(action: Resync, link: RedisLink, step: Step): Promise<MasterLink> {
  const own = ownLink(action, await readState(link), step);
  const master = await masterState(action, step);
  const masterNode = nodeAt(action.master, step);
  const other = master.replicas.find(({ address, port, state }) => {
    const isOwn = masterNode !== null && nodeAt({ host: address, port }, step, masterNode.name) === step.node;
    return state !== 'online' && !isOwn;
  });
  if (other)
    throw resyncRefused('SYNC_IN_PROGRESS', `A full synchronization to ${other.address}:${other.port} is running.`, {
      hint: 'Wait for its end and ask again.',
    });
  await guardKeys(action, link, step);
  return own;
}

function ownLink({ master }: Resync, { master: link }: ReplicationState, { node, identities }: Step): MasterLink {
  if (link && identities.isSame(link, master, node.name)) return link;
  const follows = link ? `follows ${link.host}:${link.port}` : 'is a master';
  throw resyncRefused('RESYNC_NOT_A_REPLICA', `${node.name} ${follows} now, and not ${master.host}:${master.port}.`, {
    hint: 'It was not changed. Make a new plan and read it.',
  });
}

async function masterState({ master }: Resync, step: Step): Promise<ReplicationState> {
  const node = nodeAt(master, step);
  const state = node ? await stateOf(node, step).catch(() => null) : null;
  if (state?.role === 'master' && !state.loading) return state;
  const why = node === null ? 'is not a node of this cluster' : whyUnusable(state);
  throw resyncRefused('RESYNC_MASTER_UNREACHABLE', `${master.host}:${master.port} ${why}.`, {
    hint: 'The replica keeps its data. Fix the master first.',
  });
}

function whyUnusable(state: ReplicationState | null): string {
  if (!state) return 'cannot be read';
  return state.loading ? 'is loading its data' : 'is not a master';
}

/** Only a lasting difference counts. */
async function guardKeys(action: Resync, link: RedisLink, step: Step): Promise<void> {
  let seen = { replica: 0, master: 0 };
  await awaitCondition(
    async () => {
      const replica = await readState(link);
      const master = await masterState(action, step);
      seen = { replica: replica.keys, master: master.keys };
      // Expired and evicted keys disappear on the master first, and on an attached replica a moment later.
      const isEnough = replica.master?.up ? hasNearlyAll(master.keys, replica.keys) : master.keys >= replica.keys;
      return isEnough ? { done: true, value: true } : { done: false, progress: '' };
    },
    {
      everyMs: 100,
      limitMs: 500,
      clock: step.clock,
      stop: step.stop,
      givenUp: () =>
        resyncRefused(
          'RESYNC_MASTER_HAS_FEWER_KEYS',
          `${step.node.name} holds ${seen.replica} keys, its master ${seen.master}: a resynchronization would lose data.`,
          { hint: 'Find out why the master holds fewer keys. The replica was not changed.' },
        ),
    },
  );
}

function resyncRefused(
  code: 'SYNC_IN_PROGRESS' | 'RESYNC_NOT_A_REPLICA' | 'RESYNC_MASTER_UNREACHABLE' | 'RESYNC_MASTER_HAS_FEWER_KEYS',
  message: string,
  options: { hint: string },
): RedisopsError {
  return new RedisopsError(code, message, options);
}
