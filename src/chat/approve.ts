import type { ApprovalClick } from '../domain/chat/click.ts';
import { RedisopsError } from '../domain/error.ts';
import { endedEarly, type ApprovalRequest, type RunRecord } from '../domain/run/run.ts';
import { approvalReport } from '../report/run/approval-report.ts';
import { audited } from '../run/audited.ts';
import { endRun } from '../run/life/end-run.ts';
import { portsAt } from '../run/repositories/cluster-directory.ts';
import { policiesOf } from '../run/life/policies-of.ts';
import { executeJob } from '../run/life/run-job.ts';
import { approvalButtons } from '../run/thread/approval-buttons.ts';
import { openThread } from '../run/thread/thread.ts';
import type { Clicked } from './clicked.ts';
import type { BotPorts, CommandPorts } from './command.ts';
import { attemptOf } from './gate.ts';
import { checkApprovalChannel, checkApprover } from './permission.ts';
import { nameOf } from './person.ts';
import type { SpentApproval } from '../domain/run/approval.ts';
import { atMost } from '../time/within.ts';

/** The answer waits no longer than this for Slack. */
const SLACK_MS = 3000;

type Decided = Clicked<ApprovalClick>;

/**
 * Decides on a plan, once: of many clicks one counts. Every attempt is audited. Null: the message itself shows the
 * result.
 * @throws NOT_ALLOWED, STOPPED or an approval code, if the click does not count.
 */
export async function decide(decided: Decided, ports: BotPorts): Promise<null> {
  const { click } = decided;
  const verb = click.decision === 'approved' ? 'approve' : 'deny';
  const typed = attemptOf(`${verb} plan ${click.approval}`, decided);
  const request = await audited(typed, ports, () => requestOf(click, ports));
  const { cluster, run, plan } = request;
  const attempt = { ...typed, what: `${verb} plan ${plan.digest.slice(0, 12)}`, cluster, run, plan: plan.digest };
  await audited(attempt, ports, async (note) => {
    const at = await portsAt(cluster, ports);
    const record = await take(decided, request, at);
    await note(click.decision);
    ports.log.info({ run, cluster, by: nameOf(decided), plan: plan.digest.slice(0, 12) }, `run ${click.decision}`);
    if (click.decision === 'approved') await carryOn(decided, request, record, at);
    else await endDenied(decided, request, record, at);
  });
  return null;
}

async function requestOf({ approval }: ApprovalClick, { store }: BotPorts): Promise<ApprovalRequest> {
  const request = await store.approval(approval);
  if (request === null) throw refusalOf('unknown');
  return request;
}

/** Spends the approval if the person has permission. */
async function take(decided: Decided, request: ApprovalRequest, ports: CommandPorts): Promise<RunRecord> {
  const run = await ports.store.run(request.run);
  if (run === null) throw refusalOf('unknown');
  const { click, user } = decided;
  const { cluster } = request;
  for (const policy of await policiesOf(run, ports)) {
    await checkApprover(decided, click.decision, request, policy, ports);
    if (click.decision === 'approved') checkApprovalChannel(decided, { policy, cluster }, ports);
  }
  const spent = await ports.store.spendApproval({ ...click, approval: request.id }, user);
  if (spent === 'stale') await showAgain(decided, request, ports);
  if (spent !== 'spent') throw refusalOf(spent);
  if (decided.name) await ports.store.updateRun(run.run, { status: run.status, decidedBy: decided.name });
  return run;
}

/** A failed edit may have left buttons below an older plan: shows the waiting plan again, with its buttons. */
async function showAgain(decided: Decided, request: ApprovalRequest, { chat, log }: CommandPorts): Promise<void> {
  const shownNow = chat
    .edit(decided.message, approvalReport(request), approvalButtons(request))
    .catch((error: unknown) => {
      log.warn({ run: request.run, error }, 'could not show the plan that waits');
    });
  await atMost(SLACK_MS, shownNow);
}

/** The message says so before the run continues: from then on it is the run’s. */
async function carryOn(
  decided: Decided,
  request: ApprovalRequest,
  record: RunRecord,
  ports: CommandPorts,
): Promise<void> {
  const thread = await openThread(record, ports);
  await thread.showApproved(request, nameOf(decided));
  await ports.queue.enqueue(executeJob(record));
}

async function endDenied(
  decided: Decided,
  request: ApprovalRequest,
  run: RunRecord,
  ports: CommandPorts,
): Promise<void> {
  const denied = new RedisopsError('APPROVAL_DENIED', `Denied by ${nameOf(decided)}.`, {
    hint: 'Nothing was changed.',
  });
  const result = endedEarly(run, denied, request.plan);
  await endRun(result, [], await openThread(run, ports), ports);
}

function refusalOf(spent: Exclude<SpentApproval, 'spent'>): RedisopsError {
  const ask = 'This click changed nothing.';
  switch (spent) {
    case 'already-spent':
      return new RedisopsError('APPROVAL_SPENT', 'Someone has already decided on this plan.', { hint: ask });
    case 'expired':
      return new RedisopsError('APPROVAL_EXPIRED', 'The approval has expired.', {
        hint: `${ask} Ask for the change again.`,
      });
    case 'stale':
      return new RedisopsError('APPROVAL_STALE', 'The plan was replaced after this button was shown.', {
        hint: `${ask} Read the new plan, then decide.`,
      });
    case 'stopped':
      return new RedisopsError('STOPPED', 'Someone stopped this run.', { hint: ask });
    case 'ended':
      return new RedisopsError('APPROVAL_SPENT', 'This run has ended.', { hint: ask });
    case 'unknown':
      return new RedisopsError('APPROVAL_UNKNOWN', 'This approval request no longer exists.', {
        hint: `${ask} Ask for the change again.`,
      });
  }
}
