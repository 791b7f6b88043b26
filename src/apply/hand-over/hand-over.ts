import { randomUUID } from 'node:crypto';
import type { HandOver } from '../../domain/action.ts';
import { RedisopsError, asRedisopsError } from '../../domain/error.ts';
import { isErrorReply } from '../../domain/redis/error-reply.ts';
import { isUntouchedCopy } from '../../domain/replication/history.ts';
import { awaitBuffers } from './await-buffers.ts';
import { caughtUp, type Pair } from './caught-up.ts';
import { watchLink } from '../synchronize/await-link.ts';
import { failover } from './failover.ts';
import { guardHandOver } from './guard.ts';
import { withEntryLead, type EntryLead } from './lead-entry.ts';
import { reattach } from './reattach.ts';
import { setMasterauth } from '../synchronize/masterauth.ts';
import { stateOf, withRedis } from '../node/redis-on.ts';
import { readState } from '../node/replication-state.ts';
import { noteHome } from './note-home.ts';
import { repoint } from './repoint.ts';
import { stepOn, type Step } from '../node/step.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** Maximum write pause, in case nobody is left to end it. */
const PAUSE_MS = 2500;
/**
 * Shorter than the pause: the old master takes its new role only while this key exists, that is, while no writes
 * arrive.
 */
const KEY_MS = 2000;
/** The new master’s writes are paused until the old one is demoted, or the change is undone. */
const CANDIDATE_PAUSE_MS = 4000;

interface Move extends Pair {
  entry: EntryLead;
}

/**
 * Moves the master’s role to a replica without losing a write: pause both, catch up to the last byte, promote, demote.
 * FAILOVER would take up to a second, waiting for a once-a-second cron (replication.c): it is for a candidate that does
 * not catch up during the pause. The old master is demoted in a transaction that watches a key with a shorter life than
 * the pause: if it arrives late, by a slow network or a stalled worker, it does nothing (EXEC fails once a watched key
 * has expired), and the promotion is undone. So at no time can one node acknowledge a write that the other does not
 * have.
 */
export async function handOver(action: HandOver, step: Step): Promise<boolean> {
  await setMasterauthOn(step);
  return withEntryLead(action, step, (entry) => handOverWith(entry, action, step));
}

async function handOverWith(entry: EntryLead, action: HandOver, step: Step): Promise<boolean> {
  const watch = watchLink(action.to, step);
  const candidateStep = await stepOn(action.to.name, step);
  const changed = await withRedis(step, (old) =>
    withRedis(candidateStep, async (candidate) => {
      const { master } = await readState(old);
      if (step.identities.nodeAt(master, step.node.name) === action.to.name) return false;
      await watch.begun;
      await reattach(candidate, candidateStep, step);
      await awaitBuffers(action, { old, candidate }, step);
      await guardHandOver(action, { old: await readState(old), candidate: await readState(candidate) }, step);
      if (!(await handOverBetween(action, { old, candidate, entry }, step))) {
        await failover(action, old, step);
        await entry.lead();
      }
      return true;
    }),
  );
  await noteHome(action, step, candidateStep);
  const [moved] = await Promise.all([repoint(action.to, step), entry.settle()]);
  await watch.synchronized();
  return changed || moved;
}

/** False if the candidate did not catch up in time: nothing was changed. */
async function handOverBetween({ to }: HandOver, { old, candidate, entry }: Move, step: Step): Promise<boolean> {
  const deadline = step.disabledGuards.has('demotion') ? null : await watchDeadline(old);
  await entry.look();
  const pausedAt = step.clock.elapsed();
  await pause(old, PAUSE_MS);
  try {
    if (!(await caughtUp({ old, candidate }, step))) return false;
    // Only after catching up: a pause also holds back the master’s stream.
    const obstacle = (await promote(candidate)) ?? (await demote(old, to, step));
    if (obstacle) {
      await undo(candidate, step);
      throw obstacle;
    }
    // Ends the connections to the old master while it still holds their writes back.
    await entry.lead();
  } finally {
    await Promise.allSettled([old, candidate].map((link) => link.command('CLIENT', 'UNPAUSE')));
  }
  const heldBackMs = step.clock.elapsed() - pausedAt;
  // No longer needed, and must not be counted as a key.
  if (deadline !== null) await candidate.command('UNLINK', deadline).catch(() => {});
  step.progress({
    message: `${to.name} is the master; writes were held back for ${heldBackMs.toFixed(1)} ms`,
    heldBackMs,
  });
  return true;
}

/** A key whose expiry disables the next transaction. */
async function watchDeadline(old: RedisLink): Promise<string> {
  const key = `redisops:handover:${randomUUID()}`;
  await old.command('SET', key, '1', 'PX', String(KEY_MS));
  await old.command('WATCH', key);
  return key;
}

function pause(link: RedisLink, milliseconds: number): Promise<unknown> {
  return link.command('CLIENT', 'PAUSE', String(milliseconds), 'WRITE');
}

/** Redis’s reply if it refused the pause or the role; null if it took both. */
async function promote(candidate: RedisLink): Promise<RedisopsError | null> {
  const said = await Promise.allSettled([
    pause(candidate, CANDIDATE_PAUSE_MS),
    candidate.command('REPLICAOF', 'NO', 'ONE'),
  ]);
  const refusal = said.find((each) => each.status === 'rejected');
  return refusal ? asRedisopsError(refusal.reason) : null;
}

/** Why the old master did not take its new role; null if it did. After a broken connection it is asked again. */
async function demote(old: RedisLink, to: HandOver['to'], step: Step): Promise<RedisopsError | null> {
  const { node, identities } = step;
  const said = await old.transaction([['REPLICAOF', to.host, String(to.port)]]).catch(asRedisopsError);
  if (!(said instanceof RedisopsError)) return said.length > 0 ? null : tooLate(step);
  if (isErrorReply(said.code)) return stillMaster(said, step);
  const { master } = await stateOf(node, step);
  return identities.nodeAt(master, node.name) === to.name ? null : stillMaster(said, step);
}

/** Reverts, unless the candidate took a write, which is possible only after its own pause. */
async function undo(candidate: RedisLink, step: Step): Promise<void> {
  const { node } = step;
  await pause(candidate, CANDIDATE_PAUSE_MS).catch(() => {});
  const promoted = await readState(candidate);
  if (promoted.role !== 'master') return;
  if (!isUntouchedCopy(promoted, await stateOf(node, step))) throw twoMasters(step);
  await candidate.command('REPLICAOF', node.address, String(node.redisPort));
}

function tooLate({ node }: Step): RedisopsError {
  return new RedisopsError(
    'HANDOVER_REFUSED',
    `Handing over took longer than ${node.name}’s writes may be held back.`,
    {
      hint: `${node.name} is still the master. The network may be slow. Run again.`,
    },
  );
}

function stillMaster({ code, message, hint }: RedisopsError, { node }: Step): RedisopsError {
  return new RedisopsError(code, `${message} ${node.name} is still the master.`, { hint });
}

function twoMasters({ node }: Step): RedisopsError {
  return new RedisopsError('MASTER_AMBIGUOUS', `${node.name} stayed the master, and the candidate also took writes.`, {
    hint: 'Both nodes were left as they are. Decide which data is right.',
  });
}

async function setMasterauthOn(step: Step): Promise<void> {
  await withRedis(step, (link) => setMasterauth(link, step));
}
