import type { HandOver } from '../../domain/action.ts';
import { RedisopsError, asRedisopsError } from '../../domain/error.ts';
import { isErrorReply } from '../../domain/redis/error-reply.ts';
import type { ThroughSentinel } from '../../domain/sentinel/switchover.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import { awaitBuffers } from '../hand-over/await-buffers.ts';
import { caughtUp, type Pair } from '../hand-over/caught-up.ts';
import { guardHandOver } from '../hand-over/guard.ts';
import { noteHome } from '../hand-over/note-home.ts';
import { withRedis } from '../node/redis-on.ts';
import { readState } from '../node/replication-state.ts';
import { stepOn, type Step } from '../node/step.ts';
import { watchLink } from '../synchronize/await-link.ts';
import { setMasterauth } from '../synchronize/masterauth.ts';
import { awaitPromotion, isUnclear } from './await-promotion.ts';
import { loweringFence, raiseFence } from './fence.ts';
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
        if (!isDone) await move({ action, through, sentinels, asked }, step, candidateStep);
        moved = true;
        await awaitSettled(action, sentinels, step);
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
  const { action, sentinels } = moving;
  await refuseDisagreement(action, sentinels, step);
  await prefer(action.to.name, sentinels, step);
  await withRedis(step, (old) =>
    withRedis(candidateStep, async (candidate) => {
      await awaitBuffers(action, { old, candidate }, step);
      await guardHandOver(action, { old: await readState(old), candidate: await readState(candidate) }, step);
      await awaitMoment(action.to.name, sentinels, step);
      await moveWhilePaused(moving, { old, candidate }, step);
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

async function moveWhilePaused(moving: Switch, { old, candidate }: Pair, step: Step): Promise<void> {
  const { action, through, sentinels, asked } = moving;
  const { to, node: from } = action;
  const { leader, masterName } = sentinels;
  const before = await readState(old);
  const pausedAt = step.clock.elapsed();
  await Promise.all([old.command('CLIENT', 'PAUSE', String(PAUSE_MS), 'WRITE'), raiseFence(old, before)]);
  try {
    const isReady = await caughtUp({ old, candidate }, step);
    if (!isReady || step.clock.elapsed() - pausedAt > LATEST_MS)
      throw refused(`${to.name} did not catch up with ${from} while writes were held back.`, {
        hint: `${from} is still the master. Check for a slow network or a very busy writer, then run again.`,
      });
    asked.yet = true;
    await leader.link.command('SENTINEL', 'FAILOVER', masterName).catch((thrown: unknown) => {
      throw refusedBySentinel(asRedisopsError(thrown), action);
    });
    await awaitPromotion(action, sentinels, step);
    await demote(old, action, through, step);
  } finally {
    await old.command('CLIENT', 'UNPAUSE').catch(() => {});
  }
  const heldBackMs = step.clock.elapsed() - pausedAt;
  const message = `Sentinel made ${to.name} the master; writes were held back for ${heldBackMs.toFixed(0)} ms`;
  step.progress({ message, heldBackMs });
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

/** Only an error reply proves that it did not begin. */
function refusedBySentinel(error: RedisopsError, { node, to }: HandOver): RedisopsError {
  if (!isErrorReply(error.code)) return error;
  return refused(`Sentinel does not move the role to ${to.name}: ${error.message}`, {
    hint: `${node} is still the master. \`redisops doctor\` says what Sentinel sees of each node.`,
  });
}

function refused(message: string, { hint }: { hint: string }): RedisopsError {
  return new RedisopsError('HANDOVER_REFUSED', message, { hint });
}
