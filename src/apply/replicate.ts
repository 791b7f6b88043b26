import type { Replicate } from '../domain/action.ts';
import { RedisopsError } from '../domain/error.ts';
import type { RedisLink } from '../ports.ts';
import { nodeAt, stateOf, withRedis } from './redis-on.ts';
import { readState, type ReplicationState } from './replication-state.ts';
import { sharesHistory } from './shares-history.ts';
import type { Step } from './step.ts';

/** Writes are held back so long at most, should nobody be left to go on. */
const PAUSE_MS = '5000';

/**
 * REPLICAOF. It empties the node, so the node must hold nothing, or nothing that its new master does not have; writes
 * are held back between that look and the change of role.
 * @throws REPLICA_HOLDS_DATA.
 */
export async function replicate(action: Replicate, step: Step): Promise<boolean> {
  const { host, port } = action.master;
  return withRedis(step, async (link) => {
    const masterauthChanged = await setMasterauth(link, step);
    const before = await readState(link);
    if (before.link?.master.host === host && before.link.master.port === port) return masterauthChanged;
    await link.command('CLIENT', 'PAUSE', PAUSE_MS, 'WRITE');
    try {
      await guardData(await readState(link), action, step);
      await link.command('REPLICAOF', host, String(port));
    } finally {
      await link.command('CLIENT', 'UNPAUSE');
    }
    return true;
  });
}

async function setMasterauth(link: RedisLink, { desired }: Step): Promise<boolean> {
  const wanted = desired.masterauth ?? desired.password;
  if (!wanted) return false;
  const reply = await link.command('CONFIG', 'GET', 'masterauth');
  if (Array.isArray(reply) && wanted.equals(String(reply[1] ?? ''))) return false;
  await link.command('CONFIG', 'SET', 'masterauth', wanted);
  return true;
}

async function guardData(node: ReplicationState, { master }: Replicate, step: Step): Promise<void> {
  if (node.keys === 0) return;
  const masterNode = nodeAt(master, step);
  const state = masterNode ? await stateOf(masterNode, step).catch(() => null) : null;
  if (state?.role === 'master' && sharesHistory(node, state)) return;
  const why = state ? 'which its new master does not have' : 'and its new master cannot be read';
  throw new RedisopsError('REPLICA_HOLDS_DATA', `${step.node.name} holds ${node.keys} keys, ${why}.`, {
    hint: 'It was left as it is. Save what it holds, or empty it, and run again.',
  });
}
