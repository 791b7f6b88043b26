import { policyOfCluster } from '../desired/questions.ts';
import { RedisopsError } from '../domain/error.ts';
import type { Report } from '../domain/report.ts';
import { isFinal, type RunRecord } from '../domain/run/run.ts';
import type { Runs } from '../ports/store.ts';
import { audited } from '../run/audited.ts';
import { endRun } from '../run/life/end-run.ts';
import { stoppedBy } from '../run/life/stop.ts';
import { stoppedEarly } from '../run/life/stopped-early.ts';
import { portsAt } from '../run/repositories/cluster-directory.ts';
import { openThread } from '../run/thread/thread.ts';
import type { BotPorts, CommandPorts } from './command.ts';
import { attemptOf } from './gate.ts';
import { checkParticipant, type Owner } from './permission.ts';
import { nameOf, type Person } from './person.ts';
import { shortened } from './read-text.ts';

/** Stops a run at its next safe point, for a requester or an approver. @throws RUN_NOT_OPEN, NOT_ALLOWED */
export async function stopRun(name: string, person: Person, ports: BotPorts): Promise<Report> {
  const { user, channel } = person;
  const typed = attemptOf(`stop ${name}`, { user, channel });
  const record = await audited(typed, ports, () => runNamed(name, ports.store));
  const { run, cluster } = record;
  return audited({ ...typed, what: `stop ${run}`, cluster, run }, ports, async (note) => {
    const at = await portsAt(cluster, ports);
    await checkParticipant(person, await ownerOf(record, at), at);
    const stop = { by: nameOf(person), at: ports.clock.now().toISOString() };
    const asked = await ports.store.stopRun(run, stop);
    if (asked === 'ended' || asked === 'unknown') throw over(run);
    if (asked === 'asked') await note('stopping');
    return afterStop(record, at);
  });
}

/** A run taken by a worker is ended by the worker; a waiting one is ended here. */
async function afterStop({ run, cluster }: RunRecord, ports: CommandPorts): Promise<Report> {
  const now = await ports.store.run(run);
  const isTaken = now?.status === 'running' || now?.status === 'planning';
  if (now?.status === 'queued' || now?.status === 'awaiting-approval') await endWaiting(now, ports);
  return {
    title: `${cluster}: stop`,
    tone: isTaken ? 'running' : 'neutral',
    summary: isTaken ? `Run \`${run}\` ends at its next safe point.` : `Run \`${run}\` was stopped before it started.`,
    next: 'Its thread shows the outcome and the state of each node.',
    sections: [],
  };
}

async function endWaiting(record: RunRecord, ports: CommandPorts): Promise<void> {
  const error = stoppedBy(record.stop ?? { by: 'somebody', at: '' });
  const request = await ports.store.approval(record.run);
  const thread = await openThread(record, ports);
  await endRun(await stoppedEarly(record, error, request?.plan ?? null, ports.store), [], thread, ports);
}

/** The rules at the branch’s head; if unreadable, those the run was planned with. */
async function ownerOf({ cluster, revision }: RunRecord, ports: CommandPorts): Promise<Owner> {
  try {
    return await policyOfCluster(await ports.source(null), cluster);
  } catch (error) {
    if (revision === '') throw error;
    return policyOfCluster(await ports.source(revision), cluster);
  }
}

async function runNamed(name: string, store: Pick<Runs, 'run'>): Promise<RunRecord> {
  const record = /^[\w.-]{1,120}$/.test(name) ? await store.run(name) : null;
  if (!record || isFinal(record.status)) throw over(shortened(name));
  return record;
}

function over(run: string): RedisopsError {
  return new RedisopsError('RUN_NOT_OPEN', `There is no run ${run}, or it has ended.`, {
    hint: '`/redis history` lists the last runs.',
  });
}
