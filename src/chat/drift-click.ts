import { policyOfCluster } from '../desired/rules/read-rules.ts';
import type { DriftOffer, DriftValue } from '../domain/buttons.ts';
import { driftShown, type DriftRecord } from '../domain/drift/drift-record.ts';
import { asRedisopsError, RedisopsError } from '../domain/error.ts';
import type { Report } from '../domain/report.ts';
import { driftMessage } from '../report/cluster/drift-message.ts';
import { portsAt } from '../run/repositories/cluster-directory.ts';
import { driftButtons } from '../run/drift/watch-drift.ts';
import type { BotPorts, CommandPorts } from './command.ts';
import { errorAnswer } from './error-answer.ts';
import { checkRequester } from './permission.ts';
import { openPullRequest } from './keep-drift.ts';
import { queueRun, runNameOf } from './queue-run.ts';
import { shown } from './read-text.ts';
import type { MessageReference } from '../domain/message.ts';

/** A click on a button under a drift’s message. */
export interface DriftDecision extends DriftValue {
  /** The same when the click comes a second time. */
  id: string;
  offer: DriftOffer;
  user: string;
  userName: string;
  channel: string;
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
    const ports = await portsAt(click.cluster, given);
    const { offer } = click;
    if (offer === 'apply') return await apply(click, ports);
    await allowed(click, ports);
    const record = await current(click, ports);
    const answer = await carryOut(click, offer, record, ports);
    await audit(click, 'done', ports);
    return answer;
  } catch (thrown) {
    const error = asRedisopsError(thrown);
    // A refused apply is audited where it is refused.
    if (click.offer !== 'apply' || error.code === 'DRIFT_STALE')
      await audit(click, error.code, given).catch((failure: unknown) =>
        given.log.error({ error: failure, user: click.user }, 'a refused click could not be audited'),
      );
    return errorAnswer(error, click, given.log);
  }
}

/** As `/redis apply` by that person: same permission, same run, same approval. */
async function apply(click: DriftDecision, ports: CommandPorts): Promise<Report> {
  const { id, user, channel, cluster } = click;
  const record = await current(click, ports);
  const request = { id, user, channel, cluster, operands: [] };
  const report = await queueRun('apply', request, ports, () => ({ kind: 'converge' }));
  const applying = { run: runNameOf(request, ports.clock.now()), by: nameOf(click) };
  await change(click, record, { applying }, ports);
  return report;
}

/** @throws NOT_ALLOWED, UNKNOWN_CLUSTER */
async function allowed(click: DriftDecision, ports: CommandPorts): Promise<void> {
  await checkRequester(click, await policyOfCluster(await ports.source(null), click.cluster), ports);
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

async function audit(
  { offer, cluster, fingerprint, user }: DriftDecision,
  outcome: string,
  { store, clock }: BotPorts,
): Promise<void> {
  await store.audit({
    at: clock.now().toISOString(),
    origin: { from: 'slack', actor: user },
    cluster: shown(cluster),
    what: `${offer} drift ${fingerprint}`,
    outcome,
    run: null,
  });
}

function nameOf({ user, userName }: DriftDecision): string {
  return userName === '' ? user : `${shown(userName)} (${user})`;
}
