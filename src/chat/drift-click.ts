import type { DriftClick, DriftOffer } from '../domain/chat/click.ts';
import { driftShown, type DriftRecord } from '../domain/drift/drift-record.ts';
import { RedisopsError } from '../domain/error.ts';
import type { Report } from '../domain/report.ts';
import { driftMessage } from '../report/cluster/drift-message.ts';
import { audited } from '../run/audited.ts';
import { portsAt } from '../run/repositories/cluster-directory.ts';
import { driftButtons } from '../run/drift/watch-drift.ts';
import type { Clicked } from './clicked.ts';
import type { BotPorts, CommandPorts } from './command.ts';
import { attemptOf, permittedChange, type Place } from './gate.ts';
import { checkRequester } from './permission.ts';
import { nameOf } from './person.ts';
import { openPullRequest } from './keep-drift.ts';
import { queueAt, runNameOf } from './queue-run.ts';

type Decided = Clicked<DriftClick>;

const DAY_MS = 24 * 3_600_000;

/**
 * Handles a button below a drift message, for people who may request changes of the cluster. Every attempt is audited.
 * Null: the message itself shows the result.
 * @throws NOT_ALLOWED, DRIFT_STALE, and what a run or a pull request throws.
 */
export async function decideDrift(decided: Decided, given: BotPorts): Promise<Report | null> {
  const { offer, cluster, fingerprint } = decided.click;
  const what = `${offer} drift ${fingerprint}`;
  const asked = { ...decided, cluster };
  const ports = await audited(attemptOf(what, asked), given, () => portsAt(cluster, given));
  return permittedChange(what, asked, checkRequester, ports, async (place, note) => {
    const record = await current(decided, ports);
    if (offer === 'apply') return apply(decided, record, place, ports);
    const answer = await answerOffer(decided, offer, record, ports);
    await note('done');
    return answer;
  });
}

/** Like `/redis apply` by that person: same permission, run and approval. The run’s record is its audit entry. */
async function apply(decided: Decided, record: DriftRecord, place: Place, ports: CommandPorts): Promise<Report> {
  const { id, user, channel, click } = decided;
  const request = { id, user, channel, handle: decided.name, cluster: click.cluster, operands: [] };
  const report = await queueAt(place, request, ports, () => ({ kind: 'converge' }));
  const applying = { run: runNameOf(request, ports.clock.now()), by: nameOf(decided) };
  await change(decided, record, { applying }, ports);
  return report;
}

/** The drift shown above the button. @throws DRIFT_STALE if it has changed or is gone. */
async function current(decided: Decided, ports: CommandPorts): Promise<DriftRecord> {
  const { click } = decided;
  const record = await ports.store.drift(click.cluster);
  if (record?.applying && click.offer === 'apply')
    throw new RedisopsError('DRIFT_STALE', `Run ${record.applying.run} is already applying Git.`, {
      hint: 'This click changed nothing. The message shows what is left once the run has ended.',
    });
  if (record?.goneAt === null && record.fingerprint === click.fingerprint) return record;
  if (record?.goneAt === null) await show(decided, record, ports);
  const what = record?.goneAt === null ? 'The differences have changed.' : 'This drift no longer exists.';
  throw new RedisopsError('DRIFT_STALE', what, {
    hint: 'This click changed nothing. `/redis drift` shows the current differences.',
  });
}

async function answerOffer(
  decided: Decided,
  offer: Exclude<DriftOffer, 'apply'>,
  record: DriftRecord,
  ports: CommandPorts,
): Promise<Report | null> {
  switch (offer) {
    case 'ignore-day':
      return ignore(decided, record, DAY_MS, ports);
    case 'ignore-week':
      return ignore(decided, record, 7 * DAY_MS, ports);
    case 'pull-request':
      return keep(decided, record, ports);
  }
}

async function keep(decided: Decided, record: DriftRecord, ports: CommandPorts): Promise<Report> {
  if (record.pullRequest)
    throw new RedisopsError('DRIFT_STALE', `Pull request #${record.pullRequest.number} already exists.`, {
      hint: record.pullRequest.url,
    });
  const pullRequest = await openPullRequest(record, nameOf(decided), ports);
  await ports.store.rememberAsker(pullRequest.url, decided.user);
  await change(decided, record, { pullRequest }, ports);
  return {
    title: `Pull request #${pullRequest.number}`,
    tone: 'good',
    summary: `It puts into Git what the nodes have: ${pullRequest.url}`,
    sections: [],
  };
}

async function ignore(decided: Decided, record: DriftRecord, milliseconds: number, ports: CommandPorts): Promise<null> {
  const until = new Date(ports.clock.now().getTime() + milliseconds).toISOString();
  await change(decided, record, { ignored: { until, by: nameOf(decided) } }, ports);
  return null;
}

async function change(
  decided: Decided,
  record: DriftRecord,
  changed: Partial<DriftRecord>,
  ports: CommandPorts,
): Promise<void> {
  await ports.store.changeDrift(record.cluster, changed);
  await show(decided, { ...record, ...changed }, ports);
}

/** If Slack is down, the next look updates the message: its last text is stored too. */
async function show({ message }: Decided, record: DriftRecord, ports: CommandPorts): Promise<void> {
  const { chat, store, log } = ports;
  try {
    await chat.edit(record.message ?? message, driftMessage(record), driftButtons(record, ports));
    await store.changeDrift(record.cluster, { shown: driftShown(record) });
  } catch (error) {
    log.warn({ cluster: record.cluster, error }, 'could not show what became of the drift');
  }
}
