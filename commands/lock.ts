import { RedisopsError } from '../src/domain/error.ts';
import { clusterLocked } from '../src/domain/run/hold-up.ts';
import { LONGEST_REASON, readDuration } from '../src/domain/run/lock.ts';
import type { Report } from '../src/domain/report.ts';
import type { Origin } from '../src/domain/run/run.ts';
import { lockReport, unlockReport } from '../src/report/cluster/lock-report.ts';
import type { Command, CommandPorts, CommandRequest } from '../src/chat/command.ts';
import { permittedChange } from '../src/chat/gate.ts';
import { checkParticipant } from '../src/chat/permission.ts';
import { originOf } from '../src/chat/person.ts';
import { noOperands, shown } from '../src/chat/read-text.ts';

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
      const locked = await ports.store.lock(cluster, { by, reason, forMs });
      const now = await ports.store.lockOn(cluster);
      if (!locked && now) throw takenBefore(cluster, clusterLocked(cluster, now).message);
      const running = (await ports.store.runs(cluster, LOOK_BACK)).filter(({ status }) => status === 'running');
      return {
        report: lockReport(cluster, now ?? { by, reason, at: '', until: null }, running),
        what: `lock${forMs === null ? '' : ` for ${request.operands.at(-1)}`}: ${reason}`,
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

/** Permission → change → audit → a message to the channel, as the lock is everybody’s. */
function change(
  what: 'lock' | 'unlock',
  request: CommandRequest,
  ports: CommandPorts,
  carryOut: (cluster: string, by: Origin) => Promise<{ report: Report; what: string }>,
): Promise<Report> {
  return permittedChange(what, request, checkParticipant, ports, async ({ cluster, policy }, note) => {
    const done = await carryOut(cluster, originOf(request));
    await note('done', { cluster, what: done.what });
    await ports.chat.post(policy.channel ?? ports.defaultChannel, done.report).catch((error: unknown) => {
      ports.log.warn({ cluster, error }, 'the channel could not be told of the lock');
    });
    return done.report;
  });
}

/** @throws USAGE */
export function readLock(operands: readonly string[]): { reason: string; forMs: number | null } {
  const [duration = '', word] = [operands.at(-1), operands.at(-2)];
  const isTimed = operands.length >= 2 && word?.toLowerCase() === 'for';
  const forMs = isTimed ? readDuration(duration) : null;
  if (isTimed && forMs === null)
    throw wrong(`“${shown(duration)}” is not a duration like 45m, 2h or 1d, of at most 90 days.`);
  const reason = (isTimed ? operands.slice(0, -2) : operands).join(' ');
  if (reason === '') throw wrong('The reason is missing.');
  if (reason.length > LONGEST_REASON) throw wrong(`A reason has at most ${LONGEST_REASON} characters.`);
  return { reason, forMs };
}

function wrong(message: string): RedisopsError {
  return new RedisopsError('USAGE', message, { hint: `Write \`${usage}\`.` });
}

function takenBefore(cluster: string, message: string): RedisopsError {
  return new RedisopsError('CLUSTER_LOCKED', message, {
    hint: `${cluster} keeps its lock. Run \`/redis unlock\` first if that is safe.`,
  });
}
