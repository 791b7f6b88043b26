import type { HandOver } from '../../domain/action.ts';
import { RedisopsError, asRedisopsError } from '../../domain/error.ts';
import { isErrorReply } from '../../domain/redis/error-reply.ts';
import type { ThroughSentinel } from '../../domain/sentinel/switchover.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import { awaitBuffers } from '../hand-over/await-buffers.ts';
import { caughtUp, type Pair } from '../hand-over/caught-up.ts';
import { guardHandOver } from '../hand-over/guard.ts';
import { withEntryLead, type EntryLead } from '../hand-over/lead-entry.ts';
import { noteHome } from '../hand-over/note-home.ts';
import { withRedis } from '../node/redis-on.ts';
import { readState } from '../node/replication-state.ts';
import { stepOn, type Step } from '../node/step.ts';
import { watchLink } from '../synchronize/await-link.ts';
import { setMasterauth } from '../synchronize/masterauth.ts';
import { awaitPromotion, isUnclear } from './await-promotion.ts';
import { askCoordinated } from './coordinated.ts';
import { lowerFence, loweringFence, raiseFence } from './fence.ts';
import { withShortInfoPeriod } from './info-period.ts';
import { awaitMoment, prefer } from './prefer.ts';
import { isFailingOver, masterSeen, namedMaster, withSentinels, type Sentinels } from './sentinels.ts';
import { awaitSettled, putSettingsBack } from './settle.ts';

/** Maximum write pause, in case nobody is left to end it: shorter than Sentinel takes to call a paused master down. */
const PAUSE_MS = 3000;
/** Sentinel is not asked later than this in the pause: the promotion must fall into it. */
const LATEST_MS = 1000;

interface Switch {
  action: HandOver;
  through: ThroughSentinel;
  sentinels: Sentinels;
  entry: EntryLead;
  /** Whether Sentinel was asked to fail over, so that it alone knows how that ends. */
  asked: { yet: boolean };
}

/**
 * Moves the master’s role through Sentinel without losing a write: make the candidate the one that Sentinel prefers, wait
 * for the right moment of its INFO polling, pause writes, wait until the candidate has every byte, `SENTINEL FAILOVER`,
 * and demote the old master once Sentinel names the new one. Nothing is promoted here: the old master follows whom
 * Sentinel named. A dead worker’s switchover is ended by Sentinel; the next one waits for that, and puts the settings
 * back.
 */
export async function switchOver(action: HandOver, through: ThroughSentinel, step: Step): Promise<boolean> {
  return withEntryLead(action, step, (entry) => switchOverWith(entry, action, through, step));
}

async function switchOverWith(
  entry: EntryLead,
  action: HandOver,
  through: ThroughSentinel,
  step: Step,
): Promise<boolean> {
  const watch = watchLink(action.to, step);
  const candidateStep = await stepOn(action.to.name, step);
  const { master } = await withRedis(step, async (link) => {
    await setMasterauth(link, step);
    return readState(link);
  });
  const isDone = step.identities.nodeAt(master, step.node.name) === action.to.name;
  await watch.begun;
  await withSentinels(through, step, (sentinels) =>
    withShortInfoPeriod(sentinels.leader.link, async () => {
      const putBack = { ...through.settings };
      const asked = { yet: false };
      let moved = isDone;
      try {
        if (!isDone) await move({ action, through, sentinels, entry, asked }, step, candidateStep);
        moved = true;
        await Promise.all([awaitSettled(action, sentinels, step), entry.settle()]);
      } catch (thrown) {
        // Until the old master is demoted, the fence keeps it from acknowledging what would be lost.
        if (asked.yet && isUnclear(asRedisopsError(thrown))) delete putBack[action.node];
        throw thrown;
      } finally {
        await putSettingsBack(putBack, moved, step);
      }
    }),
  );
  await noteHome(action, step, candidateStep);
  await watch.synchronized();
  return !isDone;
}

async function move(moving: Switch, step: Step, candidateStep: Step): Promise<void> {
  const { action, sentinels, entry } = moving;
  await refuseDisagreement(action, sentinels, step);
  await prefer(action.to.name, sentinels, step);
  await withRedis(step, (old) =>
    withRedis(candidateStep, async (candidate) => {
      await awaitBuffers(action, { old, candidate }, step);
      await guardHandOver(action, { old: await readState(old), candidate: await readState(candidate) }, step);
      await entry.look();
      await awaitMoment(action.to.name, sentinels, step);
      if (!(await moveWhilePaused(moving, { old, candidate }, step))) await moveCoordinated(moving, step);
    }),
  );
}

/** Two failovers at once would end with two masters. */
async function refuseDisagreement(
  { node: from, to }: HandOver,
  { all, masterName }: Sentinels,
  step: Step,
): Promise<void> {
  for (const sentinel of all) {
    const [name, seen] = await Promise.all([namedMaster(sentinel, masterName, step), masterSeen(sentinel, masterName)]);
    if (name === from && !isFailingOver(seen)) continue;
    const why = name === from ? 'is failing over' : `names ${name} as the master`;
    throw refused(`${from} does not hand its role to ${to.name}: the Sentinel on ${sentinel.place.node} ${why}.`, {
      hint: 'No changes were made. Wait until the Sentinels agree, then run again.',
    });
  }
}

/** False if the candidate did not catch up in time: everything is as before. */
async function moveWhilePaused(moving: Switch, { old, candidate }: Pair, step: Step): Promise<boolean> {
  const { action, through, sentinels, entry } = moving;
  const { to, node: from } = action;
  const before = await readState(old);
  const pausedAt = step.clock.elapsed();
  await Promise.all([old.command('CLIENT', 'PAUSE', String(PAUSE_MS), 'WRITE'), raiseFence(old, before)]);
  try {
    if (!(await caughtUp({ old, candidate }, step))) {
      await lowerFence(old, through.settings[from]);
      return false;
    }
    if (step.clock.elapsed() - pausedAt > LATEST_MS) throw late(action);
    await ask(moving, () => sentinels.leader.link.command('SENTINEL', 'FAILOVER', sentinels.masterName));
    await awaitPromotion(action, sentinels, step);
    await demote(old, action, through, step);
    await entry.lead();
  } finally {
    await old.command('CLIENT', 'UNPAUSE').catch(() => {});
  }
  const heldBackMs = step.clock.elapsed() - pausedAt;
  const message = `Sentinel made ${to.name} the master; writes were held back for ${heldBackMs.toFixed(0)} ms`;
  step.progress({ message, heldBackMs });
  return true;
}

async function moveCoordinated(moving: Switch, step: Step): Promise<void> {
  const { action, sentinels, entry } = moving;
  const names = { from: action.node, to: action.to.name };
  step.progress({ message: `${names.to} is behind: the master hands its role over itself` });
  const startedAt = step.clock.elapsed();
  await ask(moving, () => askCoordinated(sentinels, names));
  await awaitPromotion(action, sentinels, step);
  await entry.lead();
  step.progress({ message: 'Sentinel moved the role', heldBackMs: step.clock.elapsed() - startedAt });
}

/** From here on, only an error reply proves that no failover began. */
async function ask({ action, asked }: Switch, command: () => Promise<unknown>): Promise<void> {
  asked.yet = true;
  await command().catch((thrown: unknown) => {
    const error = asRedisopsError(thrown);
    if (!isErrorReply(error.code)) throw error;
    throw refused(`Sentinel does not move the role to ${action.to.name}: ${error.message}`, {
      hint: `${action.node} is still the master. \`redisops doctor\` says what Sentinel sees of each node.`,
    });
  });
}

/** Otherwise Sentinel demotes it, 10 s later; the fence holds until then. */
async function demote(
  old: RedisLink,
  { to, node }: HandOver,
  { settings }: ThroughSentinel,
  step: Step,
): Promise<void> {
  const follow = ['REPLICAOF', to.host, String(to.port)];
  await old.transaction([follow, loweringFence(settings[node] ?? {})]).catch((thrown: unknown) => {
    step.progress({ message: `${node} waits for Sentinel to demote it: ${asRedisopsError(thrown).message}` });
  });
}

function late({ node, to }: HandOver): RedisopsError {
  return refused(`Handing over to ${to.name} took longer than ${node}’s writes may be held back.`, {
    hint: `${node} is still the master. The network may be slow. Run again.`,
  });
}

function refused(message: string, { hint }: { hint: string }): RedisopsError {
  return new RedisopsError('HANDOVER_REFUSED', message, { hint });
}
