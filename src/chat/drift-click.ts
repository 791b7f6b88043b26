import type { DriftOffer, DriftValue } from '../domain/buttons.ts';
import { driftShown, type DriftRecord } from '../domain/drift/drift-record.ts';
import { RedisopsError } from '../domain/error.ts';
import type { Report } from '../domain/report.ts';
import { driftMessage } from '../report/cluster/drift-message.ts';
import { audited } from '../run/audited.ts';
import { portsAt } from '../run/repositories/cluster-directory.ts';
import { driftButtons } from '../run/drift/watch-drift.ts';
import type { BotPorts, CommandPorts } from './command.ts';
import { errorAnswer } from './error-answer.ts';
import { attemptOf, permittedChange, type Place } from './gate.ts';
import { checkRequester } from './permission.ts';
import { nameOf, type Person } from './person.ts';
import { openPullRequest } from './keep-drift.ts';
import { queueAt, runNameOf } from './queue-run.ts';
import type { MessageReference } from '../domain/message.ts';

/** A click on a button under a drift’s message. */
export interface DriftDecision extends DriftValue, Person {
  /** The same when the click comes a second time. */
  id: string;
  offer: DriftOffer;
  /** The message that has the buttons. */
  message: MessageReference;
}

const DAY_MS = 24 * 3_600_000;

/**
 * Does what a button under a drift’s message says, for those who may ask for changes of the cluster. Answers the one who
 * clicked; null where the message says all. Never fails. Every attempt is audited.
 */
export async function decideDrift(click: DriftDecision, given: BotPorts): Promise<Report | null> {
  try {
    const what = `${click.offer} drift ${click.fingerprint}`;
    const ports = await audited(attemptOf(what, click), given, () => portsAt(click.cluster, given));
    return await permittedChange(what, click, checkRequester, ports, async (place, note) => {
      const record = await current(click, ports);
      if (click.offer === 'apply') return apply(click, record, place, ports);
      const answer = await carryOut(click, click.offer, record, ports);
      await note('done');
      return answer;
    });
  } catch (thrown) {
    return errorAnswer(thrown, click, given.log);
  }
}

/** As `/redis apply` by that person: same permission, same run, same approval. The run’s own record audits it. */
async function apply(click: DriftDecision, record: DriftRecord, place: Place, ports: CommandPorts): Promise<Report> {
  const { id, user, channel, cluster } = click;
  const request = { id, user, channel, cluster, operands: [] };
  const report = await queueAt(place, request, ports, () => ({ kind: 'converge' }));
  const applying = { run: runNameOf(request, ports.clock.now()), by: nameOf(click) };
  await change(click, record, { applying }, ports);
  return report;
}

/** The drift that stands above the button. @throws DRIFT_STALE where it is another one now, or gone. */
async function current(click: DriftDecision, ports: CommandPorts): Promise<DriftRecord> {
  const record = await ports.store.drift(click.cluster);
  if (record?.applying && click.offer === 'apply')
    throw new RedisopsError('DRIFT_STALE', `Run ${record.applying.run} applies Git already.`, {
      hint: 'Nothing was done by this click. The message says what is left when the run has ended.',
    });
  if (record?.goneAt === null && record.fingerprint === click.fingerprint) return record;
  if (record?.goneAt === null) await show(click, record, ports);
  const what = record?.goneAt === null ? 'The differences are others now.' : 'This drift is gone.';
  throw new RedisopsError('DRIFT_STALE', what, {
    hint: 'Nothing was done by this click. `/redis drift` shows what there is now.',
  });
}

async function carryOut(
  click: DriftDecision,
  offer: Exclude<DriftOffer, 'apply'>,
  record: DriftRecord,
  ports: CommandPorts,
): Promise<Report | null> {
  switch (offer) {
    case 'ignore-day':
      return ignore(click, record, DAY_MS, ports);
    case 'ignore-week':
      return ignore(click, record, 7 * DAY_MS, ports);
    case 'pull-request':
      return keep(click, record, ports);
  }
}

async function keep(click: DriftDecision, record: DriftRecord, ports: CommandPorts): Promise<Report> {
  if (record.pullRequest)
    throw new RedisopsError('DRIFT_STALE', `Pull request #${record.pullRequest.number} is there already.`, {
      hint: record.pullRequest.url,
    });
  const pullRequest = await openPullRequest(record, nameOf(click), ports);
  await change(click, record, { pullRequest }, ports);
  return {
    title: `Pull request #${pullRequest.number}`,
    tone: 'good',
    summary: `It would put into Git what the nodes have: ${pullRequest.url}`,
    sections: [],
  };
}

async function ignore(
  click: DriftDecision,
  record: DriftRecord,
  milliseconds: number,
  ports: CommandPorts,
): Promise<null> {
  const until = new Date(ports.clock.now().getTime() + milliseconds).toISOString();
  await change(click, record, { ignored: { until, by: nameOf(click) } }, ports);
  return null;
}

async function change(
  click: DriftDecision,
  record: DriftRecord,
  changed: Partial<DriftRecord>,
  ports: CommandPorts,
): Promise<void> {
  await ports.store.changeDrift(record.cluster, changed);
  await show(click, { ...record, ...changed }, ports);
}

/** Slack may be down: the next look shows it, as what the message says is kept, too. */
async function show({ message }: DriftDecision, record: DriftRecord, ports: CommandPorts): Promise<void> {
  const { chat, store, log } = ports;
  try {
    await chat.edit(record.message ?? message, driftMessage(record), driftButtons(record, ports));
    await store.changeDrift(record.cluster, { shown: driftShown(record) });
  } catch (error) {
    log.warn({ cluster: record.cluster, error }, 'could not show what became of the drift');
  }
}
