import type { Code } from '../../domain/code.ts';
import { RedisopsError } from '../../domain/error.ts';
import { awaitCondition, type Seen } from './await-condition.ts';
import { PaceOfProgress } from './pace-of-progress.ts';
import { recentLog } from './recent-log.ts';
import { withRedis } from './redis-on.ts';
import { readState } from './replication-state.ts';
import { loadingProgress } from './tell-loading.ts';
import { runOrFail, type Step } from './step.ts';
import { sh } from '../../domain/shell.ts';

const EVERY_MS = 50;

/** $1 unit. */
const MAIN_PID = sh`systemctl show --property MainPID --value "$1"`;

/**
 * Waits until the unit’s own Redis answers and has loaded its data; loading may take as long as it makes progress.
 * @throws TIMED_OUT with the end of the log; COMMAND_FAILED if another process answers on the port.
 */
export async function awaitRedis(step: Step): Promise<void> {
  const paceOfProgress = new PaceOfProgress();
  const limitMs = step.desired.limits.standstillMs;
  // Requested early, so that usually no wait is needed.
  const early = mainPidOf(step).catch(() => null);
  const processId = await awaitCondition(() => lookFor(step, paceOfProgress), {
    everyMs: EVERY_MS,
    limitMs,
    clock: step.clock,
    stop: step.stop,
    givenUp: () =>
      new RedisopsError(
        'TIMED_OUT',
        `Redis on ${step.node.name} does not answer ${limitMs / 1000} s after its start.`,
        {
          hint: `Check its log: \`journalctl -u ${step.node.unit}\` on ${step.node.name}.`,
        },
      ),
  }).catch(async (error: unknown) => {
    throw await withLog(error, step);
  });
  if ((await early) === processId) return;
  const mainPid = await mainPidOf(step);
  if (mainPid === processId) return;
  throw new RedisopsError(
    'COMMAND_FAILED',
    `On ${step.node.name} process ${processId} answers on port ${step.node.redisPort}, not ${step.node.unit}’s own ${mainPid}.`,
    { hint: 'A stray Redis holds the port. Stop it and run again.' },
  );
}

async function mainPidOf(step: Step): Promise<number> {
  return Number(await runOrFail(step, 'systemctl show', MAIN_PID, { parameters: [step.node.unit] }));
}

async function lookFor(step: Step, paceOfProgress: PaceOfProgress): Promise<Seen<number>> {
  try {
    const state = await withRedis(step, readState);
    if (!state.loading) return { done: true, value: state.processId };
    step.progress(paceOfProgress.timed(loadingProgress(state), step.clock.elapsed()));
    return { done: false, progress: `loading ${state.loadedBytes}` };
  } catch (error) {
    if (!(error instanceof RedisopsError) || !TRANSIENT.has(error.code)) throw error;
    return { done: false, progress: error.code };
  }
}

/** Starting, or busy with its data. */
const TRANSIENT: ReadonlySet<Code> = new Set<Code>([
  'REDIS_UNREACHABLE',
  'REDIS_CONNECTION_LOST',
  'REDIS_TIMEOUT',
  'REDIS_LOADING',
]);

async function withLog(error: unknown, step: Step): Promise<unknown> {
  if (!(error instanceof RedisopsError) || error.code !== 'TIMED_OUT') return error;
  const { code, message, hint } = error;
  return new RedisopsError(code, `${message} Its log: ${await recentLog(step)}`, { hint });
}
