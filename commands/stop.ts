import { policyOfCluster } from '../src/desired/rules/read-rules.ts';
import type { DesiredCluster } from '../src/domain/desired.ts';
import { asRedisopsError, RedisopsError } from '../src/domain/error.ts';
import type { Report } from '../src/domain/report.ts';
import { isFinal, type RunRecord } from '../src/domain/run/run.ts';
import { endRun } from '../src/run/life/end-run.ts';
import { portsAt } from '../src/run/repositories/cluster-directory.ts';
import { stoppedBy } from '../src/run/life/stop.ts';
import { stoppedEarly } from '../src/run/life/stopped-early.ts';
import { openThread } from '../src/run/thread/thread.ts';
import type { BotPorts, Command, CommandPorts, CommandRequest } from '../src/chat/command.ts';
import { errorAnswer } from '../src/chat/error-answer.ts';
import { checkParticipant, type Person } from '../src/chat/permission.ts';
import { noOperands, shown } from '../src/chat/read-text.ts';

const usage = '/redis stop [RUN]';
const LOOK_BACK = 50;

/** Who stops, and under what name people know them. */
interface Stopper extends Person {
  name: string;
}

/** A click on a run’s Stop button. */
export interface StopClick extends Person {
  run: string;
  userName: string;
}

export const stop: Command = {
  name: 'stop',
  usage,
  summary: 'End a run at its next safe point',
  everywhere: true,
  async run(request, ports) {
    const person = { ...request, name: request.user };
    const [run, ...more] = request.operands;
    noOperands(more, usage);
    try {
      const record =
        run === undefined ? await openRun(request, await portsAt(request.cluster, ports)) : await runNamed(run, ports);
      return await stopRun(record, person, await portsAt(record.cluster, ports));
    } catch (thrown) {
      await audit(run ?? '', request.cluster ?? '-', person, asRedisopsError(thrown).code, ports);
      throw thrown;
    }
  },
};

/** Stops for the one who clicked. Never fails. */
export async function clickStop(click: StopClick, ports: BotPorts): Promise<Report> {
  const { user, userName } = click;
  const person = { ...click, name: userName === '' ? user : `${shown(userName)} (${user})` };
  try {
    const record = await runNamed(click.run, ports);
    return await stopRun(record, person, await portsAt(record.cluster, ports));
  } catch (thrown) {
    const error = asRedisopsError(thrown);
    await audit(click.run, '-', person, error.code, ports).catch((failure: unknown) =>
      ports.log.error({ error: failure, user }, 'a refused stop could not be audited'),
    );
    return errorAnswer(error, click, ports.log);
  }
}

async function stopRun(record: RunRecord, person: Stopper, ports: CommandPorts): Promise<Report> {
  const { run, cluster } = record;
  await checkParticipant(person, await ownerOf(record, ports), ports);
  const stopped = { by: person.name, at: ports.clock.now().toISOString() };
  const asked = await ports.store.stopRun(run, stopped);
  if (asked === 'ended' || asked === 'unknown') throw over(run);
  if (asked === 'asked') await audit(run, cluster, person, 'stopping', ports);

  // A run that a worker has taken is the worker’s to end; one that waits is over here and now.
  const now = await ports.store.run(run);
  const isTaken = now?.status === 'running' || now?.status === 'planning';
  if (now?.status === 'queued' || now?.status === 'awaiting-approval') await endWaiting(now, ports);
  return {
    title: `${cluster}: stop`,
    tone: isTaken ? 'running' : 'neutral',
    summary: isTaken ? `Run \`${run}\` ends at its next safe point.` : `Run \`${run}\` was stopped before it began.`,
    next: 'Its thread says how it ended and how each node was left.',
    sections: [],
  };
}

async function endWaiting(record: RunRecord, ports: CommandPorts): Promise<void> {
  const error = stoppedBy(record.stop ?? { by: 'somebody', at: '' });
  const request = await ports.store.approval(record.run);
  const thread = await openThread(record, ports);
  await endRun(await stoppedEarly(record, error, request?.plan ?? null, ports.store), [], thread, ports);
}

/** By the rules at the branch’s head; by those that the run was planned with where the head’s cannot be read. */
async function ownerOf(
  { cluster, revision }: RunRecord,
  ports: CommandPorts,
): Promise<Pick<DesiredCluster, 'cluster' | 'policy'>> {
  try {
    return await policyOfCluster(await ports.source(null), cluster);
  } catch (error) {
    if (revision === '') throw error;
    return policyOfCluster(await ports.source(revision), cluster);
  }
}

/** The one that is carried out, or the only one that waits. */
async function openRun(request: CommandRequest, ports: CommandPorts): Promise<RunRecord> {
  const { cluster } = await policyOfCluster(await ports.source(null), request.cluster);
  const open = (await ports.store.runs(cluster, LOOK_BACK)).filter(({ status }) => !isFinal(status));
  const found = open.find(({ status }) => status === 'running') ?? (open.length === 1 ? open[0] : undefined);
  if (found) return found;
  if (open.length === 0)
    throw new RedisopsError('RUN_NOT_OPEN', `No run of ${cluster} is under way.`, {
      hint: 'There is nothing to stop.',
    });
  throw new RedisopsError('USAGE', `Several runs of ${cluster} wait: ${open.map(({ run }) => run).join(', ')}.`, {
    hint: `Say which one: \`${usage}\`.`,
  });
}

async function runNamed(name: string, { store }: BotPorts): Promise<RunRecord> {
  const record = /^[\w.-]{1,120}$/.test(name) ? await store.run(name) : null;
  if (!record || isFinal(record.status)) throw over(shown(name));
  return record;
}

function over(run: string): RedisopsError {
  return new RedisopsError('RUN_NOT_OPEN', `There is no run ${run}, or it is over.`, {
    hint: '`/redis history` lists the last runs.',
  });
}

async function audit(
  run: string,
  cluster: string,
  { user }: Stopper,
  outcome: string,
  { store, clock }: BotPorts,
): Promise<void> {
  await store.audit({
    at: clock.now().toISOString(),
    origin: { from: 'slack', actor: user },
    cluster: shown(cluster),
    what: `stop ${shown(run)}`.trim(),
    outcome,
    run: outcome === 'stopping' ? run : null,
  });
}
