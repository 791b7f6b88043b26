import type { WatchClick } from '../domain/chat/click.ts';
import { ACKNOWLEDGE_TERMS, acknowledgement, type AcknowledgeOffer } from '../domain/chat/acknowledgement.ts';
import { RedisopsError } from '../domain/error.ts';
import { failoverFingerprint, type FailoverRecord } from '../domain/failover/failover-record.ts';
import { healthFingerprint, type HealthRecord } from '../domain/health/health-record.ts';
import type { Report } from '../domain/report.ts';
import { audited } from '../run/audited.ts';
import { tellFailover } from '../run/failover/tell-failover.ts';
import { acknowledgeHealth, showHealth } from '../run/health/acknowledge-health.ts';
import { portsAt } from '../run/repositories/cluster-directory.ts';
import type { Clicked } from './clicked.ts';
import type { BotPorts, CommandPorts } from './command.ts';
import { attemptOf, permittedChange, type Place } from './gate.ts';
import { openMasterPullRequest } from './keep-drift.ts';
import { checkParticipant, checkRequester } from './permission.ts';
import { nameOf } from './person.ts';
import { queueAt, runNameOf } from './queue-run.ts';

type Decided = Clicked<WatchClick>;

const LOOK_BACK = 50;

/**
 * Handles a button below a message of the standing watch. Every attempt is audited. Null: the message itself shows the
 * result.
 * @throws NOT_ALLOWED, MESSAGE_STALE, and what a run or a pull request throws.
 */
export async function decideWatch(decided: Decided, given: BotPorts): Promise<Report | null> {
  const { about, offer, cluster } = decided.click;
  const what = `${about}: ${offer}`;
  const asked = { ...decided, cluster };
  const ports = await audited(attemptOf(what, asked), given, () => portsAt(cluster, given));
  const check = offer === 'pull-request' || offer === 'way-back' ? checkRequester : checkParticipant;
  return permittedChange(what, asked, check, ports, async (place, note) => {
    // The run’s record is its audit entry.
    if (offer === 'way-back') return planWayBack(decided, await failoverOf(decided, ports), place, ports);
    const answer = await answerOffer(decided, offer, ports);
    await note('done');
    return answer;
  });
}

async function answerOffer(
  decided: Decided,
  offer: AcknowledgeOffer | 'pull-request',
  ports: CommandPorts,
): Promise<Report | null> {
  if (offer === 'pull-request') return putIntoGit(decided, await failoverOf(decided, ports), ports);
  const request = { by: nameOf(decided), ...ACKNOWLEDGE_TERMS[offer] };
  if (decided.click.about === 'failover') {
    const acknowledged = acknowledgement(request, ports.clock.now());
    await changeFailover(await failoverOf(decided, ports), { acknowledged }, ports);
    return null;
  }
  await acknowledgeHealth(await healthOf(decided, ports), request, ports);
  return null;
}

/** @throws MESSAGE_STALE */
async function healthOf({ click }: Decided, ports: CommandPorts): Promise<HealthRecord> {
  const record = await ports.store.health(click.cluster);
  if (record && record.state !== 'well' && healthFingerprint(record) === click.fingerprint) return record;
  if (record) await showHealth(record, ports);
  throw stale();
}

/** @throws MESSAGE_STALE */
async function failoverOf({ click }: Decided, ports: CommandPorts): Promise<FailoverRecord> {
  const records = await ports.store.failovers(click.cluster, LOOK_BACK);
  const record = records.find((each) => failoverFingerprint(each) === click.fingerprint);
  if (!record) throw stale();
  return record;
}

async function changeFailover(
  record: FailoverRecord,
  change: Partial<FailoverRecord>,
  ports: CommandPorts,
): Promise<void> {
  await ports.store.changeFailover(record.failover, change);
  await tellFailover({ ...record, ...change }, ports).catch((error: unknown) =>
    ports.log.warn({ cluster: record.cluster, error }, 'could not show what became of the failover'),
  );
}

/** Like `/redis failover to NODE` by that person. */
async function planWayBack(
  decided: Decided,
  record: FailoverRecord,
  place: Place,
  ports: CommandPorts,
): Promise<Report> {
  const { id, user, channel, click } = decided;
  if (record.wayBack !== null) throw stale();
  const request = { id, user, channel, handle: decided.name, cluster: click.cluster, operands: [] };
  const report = await queueAt(place, request, ports, () => ({ kind: 'failover', mode: 'planned', node: record.from }));
  await changeFailover(record, { wayBack: runNameOf(request, ports.clock.now()) }, ports);
  return report;
}

/** A pull request with the master that the nodes have now. @throws DRIFT_STALE if Git nominates it already */
async function putIntoGit(decided: Decided, record: FailoverRecord, ports: CommandPorts): Promise<Report> {
  if (record.pullRequest) throw stale();
  const pullRequest = await openMasterPullRequest(record.cluster, nameOf(decided), ports);
  await ports.store.rememberAsker(pullRequest.url, decided.user);
  await changeFailover(record, { pullRequest }, ports);
  return {
    title: `Pull request #${pullRequest.number}`,
    tone: 'good',
    summary: `It puts the new master into Git: ${pullRequest.url}`,
    sections: [],
  };
}

function stale(): RedisopsError {
  return new RedisopsError('MESSAGE_STALE', 'The state above this button has changed.', {
    hint: 'This click changed nothing. `/redis status` shows the current state.',
  });
}
