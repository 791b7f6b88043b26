import type { Action } from '../domain/action.ts';
import { isSentinelAction, type SentinelAction } from '../domain/actions/of-sentinel.ts';
import type { SentinelHost } from '../domain/desired.ts';
import { awaitLink } from './synchronize/await-link.ts';
import { backUp } from './synchronize/back-up.ts';
import { configSet } from './directives/config-set.ts';
import { daemonReload } from './unit/daemon-reload.ts';
import { deleteAside } from './purge/delete-aside.ts';
import { noteDrained } from './drain/note.ts';
import { enableUnit } from './unit/enable.ts';
import { handOver } from './hand-over/hand-over.ts';
import { installPackage } from './host/install-package.ts';
import { makeDirectory } from './host/make-directory.ts';
import { moveAside } from './purge/move-aside.ts';
import { promote } from './failover/promote.ts';
import { replicate } from './synchronize/replicate.ts';
import { resetFailed } from './unit/reset-failed.ts';
import { restartUnit } from './restart/restart.ts';
import { resync } from './synchronize/resync.ts';
import { awaitSentinels } from './sentinel/await.ts';
import { pauseFailover } from './sentinel/pause.ts';
import { resumeFailover } from './sentinel/resume.ts';
import { forgetMaster } from './sentinel/forget-master.ts';
import { resetSentinel } from './sentinel/reset.ts';
import { watchMaster } from './sentinel/watch-master.ts';
import { setUpSentinel } from './sentinel/set-up.ts';
import { sentinelSet } from './sentinel/set.ts';
import { stopSentinel } from './sentinel/stop.ts';
import { startUnit } from './unit/start.ts';
import { RedisopsError } from '../domain/error.ts';
import type { SentinelStep, Step } from './node/step.ts';
import { stopStrayProcess } from './unit/stop-stray-process.ts';
import { switchOver } from './switchover/switchover.ts';
import { writeFile } from './host/write-file.ts';

/**
 * Carries out one action; returns whether the node changed. Every action looks before it acts, so that one begun by a
 * dead worker can simply be repeated.
 */
export function applyAction(action: Action, step: Step): Promise<boolean> {
  if (isSentinelAction(action)) return applySentinelAction(action, step);
  switch (action.kind) {
    case 'install-package':
      return installPackage(action, step, action.unit ?? step.node.unit);
    case 'stop-stray-process':
      return stopStrayProcess(action, step);
    case 'reset-failed':
      return resetFailed(action, step);
    case 'make-directory':
      return makeDirectory(action, step);
    case 'write-file':
      return writeFile(action, step);
    case 'daemon-reload':
      return daemonReload(step);
    case 'enable-unit':
      return enableUnit(action, step);
    case 'start-unit':
      return startUnit(action, step);
    case 'restart-unit':
      return restartUnit(action, step);
    case 'config-set':
      return configSet(action, step);
    case 'back-up':
      return backUp(action, step);
    case 'replicate':
      return replicate(action, step);
    case 'await-link':
      return awaitLink(action, step);
    case 'hand-over':
      return action.sentinel ? switchOver(action, action.sentinel, step) : handOver(action, step);
    case 'promote':
      return promote(action, step);
    case 'resync':
      return resync(action, step);
    case 'move-aside':
      return moveAside(action, step);
    case 'delete-aside':
      return deleteAside(action, step);
    case 'note-drained':
      return noteDrained(action, step);
  }
}

/** On a host without Redis. @throws UNKNOWN_NODE for an action that needs one. */
export function applyWithoutRedis(action: Action, step: SentinelStep & { node: SentinelHost }): Promise<boolean> {
  if (action.kind === 'install-package') return installPackage(action, step, action.unit ?? step.node.sentinel.unit);
  if (isSentinelAction(action)) return applySentinelAction(action, step);
  throw new RedisopsError('UNKNOWN_NODE', `The plan names ${action.node}, which runs no Redis.`, {
    hint: 'Git has changed. Make a new plan.',
  });
}

function applySentinelAction(action: SentinelAction, step: SentinelStep): Promise<boolean> {
  switch (action.kind) {
    case 'set-up-sentinel':
      return setUpSentinel(action, step);
    case 'sentinel-set':
      return sentinelSet(action, step);
    case 'forget-master':
      return forgetMaster(action, step);
    case 'watch-master':
      return watchMaster(action, step);
    case 'reset-sentinel':
      return resetSentinel(action, step);
    case 'await-sentinels':
      return awaitSentinels(action, step);
    case 'stop-sentinel':
      return stopSentinel(action, step);
    case 'pause-failover':
      return pauseFailover(action, step);
    case 'resume-failover':
      return resumeFailover(action, step);
  }
}
