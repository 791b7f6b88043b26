import { RedisopsError } from '../src/domain/error.ts';
import { clusterLocked } from '../src/domain/run/hold-up.ts';
import { briefDuration, readLockRequest } from '../src/domain/run/lock-request.ts';
import type { Report } from '../src/domain/report.ts';
import type { Origin } from '../src/domain/run/run.ts';
import { lockReport, unlockReport } from '../src/report/cluster/lock-report.ts';
import type { Command, CommandPorts, CommandRequest } from '../src/chat/command.ts';
import { permittedChange } from '../src/chat/gate.ts';
import { checkParticipant } from '../src/chat/permission.ts';
import { originOf } from '../src/chat/person.ts';
import { noOperands } from '../src/chat/read-text.ts';

const usage = '/redis lock REASON [for 2h]';
const unlockUsage = '/redis unlock';
const LOOK_BACK = 50;

export const lock: Command = {
  name: 'lock',
  usage,
  summary: 'Keep every run of the cluster from starting, until it is unlocked or the time is over',
  run: (request, ports) =>
    change('lock', request, ports, async (cluster, by) => {
      const { reason, forMs } = readLock(request.operands);
      const before = await ports.store.lockOn(cluster);
      const locked = await ports.store.lock(cluster, { by, reason, forMs });
      const now = await ports.store.lockOn(cluster);
      if (!locked && now) throw takenBefore(cluster, clusterLocked(cluster, now).message);
      const running = (await ports.store.runs(cluster, LOOK_BACK)).filter(({ status }) => status === 'running');
      return {
        report: lockReport(cluster, now ?? { by, reason, at: '', until: null }, { before, running }),
        what: `lock${forMs === null ? '' : ` for ${briefDuration(forMs)}`}: ${reason}`,
      };
    }),
};

export const unlock: Command = {
  name: 'unlock',
  usage: unlockUsage,
  summary: 'Unlock the cluster',
  run: (request, ports) =>
    change('unlock', request, ports, async (cluster, by) => {
      noOperands(request.operands, unlockUsage);
      const was = await ports.store.unlock(cluster);
      if (!was) throw new RedisopsError('NOT_LOCKED', `${cluster} is not locked.`, { hint: 'Runs start as usual.' });
      return {
        report: unlockReport(cluster, was, by),
        what: `unlock; it was locked by ${was.by.actor}: ${was.reason}`,
      };
    }),
};

/** Check permission, change, audit, and post to the channel, because a lock concerns everyone. */
function change(
  what: 'lock' | 'unlock',
  request: CommandRequest,
  ports: CommandPorts,
  act: (cluster: string, by: Origin) => Promise<{ report: Report; what: string }>,
): Promise<Report> {
  return permittedChange(what, request, checkParticipant, ports, async ({ cluster, policy }, note) => {
    const done = await act(cluster, originOf(request));
    await note('done', { cluster, what: done.what });
    await ports.chat.post(policy.channel ?? ports.defaultChannel, done.report).catch((error: unknown) => {
      ports.log.warn({ cluster, error }, 'the channel could not be told of the lock');
    });
    return done.report;
  });
}

/** @throws USAGE */
export function readLock(operands: readonly string[]): { reason: string; forMs: number | null } {
  const request = readLockRequest(operands);
  if (!request.ok) throw new RedisopsError('USAGE', request.message, { hint: `Write \`${usage}\`.` });
  const { reason, forMs } = request;
  return { reason, forMs };
}

function takenBefore(cluster: string, message: string): RedisopsError {
  return new RedisopsError('CLUSTER_LOCKED', message, {
    hint: `${cluster} keeps its lock. Run \`/redis unlock\` first if that is safe.`,
  });
}
