import type { Replicate } from '../../domain/action.ts';
import { isSameWritten, type Backup, type Written } from '../../domain/redis/backup.ts';
import { RedisopsError } from '../../domain/error.ts';
import { sharesHistory } from '../../domain/replication/history.ts';
import { setMasterauth } from './masterauth.ts';
import { nodeAt, stateOf, withRedis } from '../node/redis-on.ts';
import { readState, type ReplicationState } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';
import { readWritten } from './written.ts';

/** Maximum write pause, in case nobody is left to end it. */
const PAUSE_MS = 5000;
/** Observations hold for the length of the pause; the rest is for the command’s way. */
const DECIDE_WITHIN_MS = 3000;

/**
 * REPLICAOF. It empties the node, which must therefore hold nothing that its new master lacks; writes are paused
 * between that check and the change of role. Keys given up by an approval are dropped only with a backup that no write
 * has outdated.
 * @throws REPLICA_HOLDS_DATA; STALE_PLAN if the node was written to since its backup.
 */
export async function replicate(action: Replicate, step: Step): Promise<boolean> {
  const { host, port } = action.master;
  return withRedis(step, async (link) => {
    const masterauthChanged = await setMasterauth(link, step);
    const before = await readState(link);
    if (step.identities.isPointedAt(before.master, action.master, step.node.name)) return masterauthChanged;
    // Read before the pause, as it takes time: the master’s history only grows.
    const master = before.keys === 0 ? null : await masterState(action, step);
    const backup = action.drops === undefined ? null : await backupOf(step);
    await link.command('CLIENT', 'PAUSE', String(PAUSE_MS), 'WRITE');
    const pausedAt = step.clock.elapsed();
    try {
      const paused = await readState(link);
      if (action.drops === undefined) refuseOwnData(paused, master, step);
      else refuseUnsaved({ paused, drops: action.drops, master, backup }, await readWritten(link), step);
      if (step.clock.elapsed() - pausedAt > DECIDE_WITHIN_MS) throw tooSlow(step);
      await link.command('REPLICAOF', host, String(port));
    } finally {
      await link.command('CLIENT', 'UNPAUSE');
    }
    return true;
  });
}

async function masterState({ master }: Replicate, step: Step): Promise<ReplicationState | null> {
  const node = nodeAt(master, step);
  return node ? stateOf(node, step).catch(() => null) : null;
}

function refuseOwnData(node: ReplicationState, master: ReplicationState | null, step: Step): void {
  if (node.keys === 0 || step.disabledGuards.has('replicate')) return;
  if (master?.role === 'master' && sharesHistory(node, master)) return;
  const why = master ? 'which its new master does not have' : 'and its new master cannot be read';
  throw new RedisopsError('REPLICA_HOLDS_DATA', `${step.node.name} holds ${node.keys} keys, ${why}.`, {
    hint: 'It was not changed. Save its data, or empty it, then run again.',
  });
}

async function backupOf({ keeping, desired, node }: Step): Promise<Backup | null> {
  return keeping ? keeping.backups.newest(desired.cluster, node.name) : null;
}

/** Keys that an approval gives up, and their backup. */
interface GivenUp {
  paused: ReplicationState;
  drops: number;
  master: ReplicationState | null;
  backup: Backup | null;
}

function refuseUnsaved({ paused, drops, master, backup }: GivenUp, written: Written, step: Step): void {
  if (paused.keys === 0 || step.disabledGuards.has('replicate')) return;
  if (master?.role !== 'master' || master.keys === 0) return refuseOwnData(paused, master, step);
  const { name } = step.node;
  const why =
    paused.keys > drops
      ? `now holds ${paused.keys} keys; ${drops} were approved`
      : backup === null
        ? 'has no backup'
        : isSameWritten(backup.written, written)
          ? null
          : `has taken writes since its backup of ${backup.at}`;
  if (why === null) return;
  throw new RedisopsError('STALE_PLAN', `${name} ${why}.`, {
    hint: 'It was not changed. Stop its clients, make a new plan and read it.',
  });
}

function tooSlow({ node }: Step): RedisopsError {
  return new RedisopsError('REDIS_TIMEOUT', `${node.name} took too long while its writes were held back.`, {
    hint: 'It was not changed: a write could have arrived in between. Run again.',
  });
}
