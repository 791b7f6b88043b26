import { RedisopsError } from '../domain/error.ts';
import { describeGoal } from '../domain/run/goal.ts';
import { endedEarly, type ApprovalRequest, type RunRecord } from '../domain/run/run.ts';
import type { Report } from '../domain/report.ts';
import { approvalReport } from '../report/run/approval-report.ts';
import { audited } from '../run/audited.ts';
import { endRun } from '../run/life/end-run.ts';
import { portsAt } from '../run/repositories/cluster-directory.ts';
import { policiesOf } from '../run/life/policies-of.ts';
import { executeJob } from '../run/life/run-job.ts';
import { buttonsOf, openThread } from '../run/thread/thread.ts';
import type { BotPorts, CommandPorts } from './command.ts';
import { errorAnswer } from './error-answer.ts';
import { attemptOf } from './gate.ts';
import { checkApprover } from './permission.ts';
import { nameOf, type Person } from './person.ts';
import type { MessageReference } from '../domain/message.ts';
import type { SpentApproval } from '../domain/run/approval.ts';

/** A click on Approve or Deny. */
export interface Decision extends Person {
  /** ID of the approval request. */
  approval: string;
  /** Of the plan that stands above the button. */
  digest: string;
  decision: 'approved' | 'denied';
  /** The message that has the buttons. */
  message: MessageReference;
}

/**
 * Takes a decision on a plan, once: of many clicks one counts. Answers the one who clicked where the decision was
 * refused; null where the message says all. Never fails. Every attempt is audited.
 */
export async function decide(click: Decision, ports: BotPorts): Promise<Report | null> {
  try {
    const verb = click.decision === 'approved' ? 'approve' : 'deny';
    const asked = attemptOf(`${verb} plan ${click.approval}`, click);
    const request = await audited(asked, ports, () => requestOf(click, ports));
    const { cluster, run, plan } = request;
    const attempt = { ...asked, what: `${verb} plan ${plan.digest.slice(0, 12)}`, cluster, run };
    await audited(attempt, ports, async (note) => {
      const at = await portsAt(cluster, ports);
      const record = await take(click, request, at);
      await note(click.decision);
      if (click.decision === 'approved') await carryOn(click, request, record, at);
      else await endDenied(click, request, record, at);
    });
    return null;
  } catch (thrown) {
    return errorAnswer(thrown, click, ports.log);
  }
}

async function requestOf({ approval }: Decision, { store }: BotPorts): Promise<ApprovalRequest> {
  const request = await store.approval(approval);
  if (request === null) throw refusalOf('unknown');
  return request;
}

/** Spends the approval, with the person’s permission. */
async function take(click: Decision, request: ApprovalRequest, ports: CommandPorts): Promise<RunRecord> {
  const run = await ports.store.run(request.run);
  if (run === null) throw refusalOf('unknown');
  for (const policy of await policiesOf(run, ports)) await checkApprover(click, click.decision, request, policy, ports);
  const { digest, decision } = click;
  const spent = await ports.store.spendApproval({ approval: request.id, digest, by: click.user, decision });
  if (spent === 'stale') await showAgain(click, request, ports);
  if (spent !== 'spent') throw refusalOf(spent);
  return run;
}

/** An edit that Slack did not take left buttons under an older plan: now the plan that waits stands there, with its own. */
async function showAgain(click: Decision, request: ApprovalRequest, { chat, log }: CommandPorts): Promise<void> {
  const shownNow = chat.edit(click.message, approvalReport(request), buttonsOf(request)).catch((error: unknown) => {
    log.warn({ run: request.run, error }, 'could not show the plan that waits');
  });
  await atMost(3000, shownNow);
}

/** The message is changed before the run goes on: from then on it is the run’s. */
async function carryOn(
  click: Decision,
  request: ApprovalRequest,
  record: RunRecord,
  ports: CommandPorts,
): Promise<void> {
  const { run, cluster } = request;
  const report: Report = {
    ...approvalReport(request),
    title: `${cluster}: ${describeGoal(request.plan.goal)}`,
    tone: 'running',
    summary: `Approved by ${nameOf(click)}.`,
  };
  const told = ports.chat.edit(click.message, report).catch((error: unknown) => {
    ports.log.warn({ run, error }, 'could not show the approval');
  });
  await atMost(3000, told);
  await ports.queue.enqueue(executeJob(record));
  const note: Report = { title: 'Approved', tone: 'good', summary: `Approved by ${nameOf(click)}.`, sections: [] };
  ports.chat.reply(click.message, note).catch((error: unknown) => {
    ports.log.warn({ run, error }, 'could not note the approval');
  });
}

async function endDenied(
  click: Decision,
  request: ApprovalRequest,
  run: RunRecord,
  ports: CommandPorts,
): Promise<void> {
  const denied = new RedisopsError('APPROVAL_DENIED', `Denied by ${nameOf(click)}.`, { hint: 'Nothing was changed.' });
  const result = endedEarly(run, denied, request.plan);
  await endRun(result, [], await openThread(run, ports), ports);
}

function refusalOf(spent: Exclude<SpentApproval, 'spent'>): RedisopsError {
  const ask = 'Nothing was changed by this click.';
  switch (spent) {
    case 'already-spent':
      return new RedisopsError('APPROVAL_SPENT', 'Somebody decided on this plan already.', { hint: ask });
    case 'expired':
      return new RedisopsError('APPROVAL_EXPIRED', 'The time to approve this plan is over.', {
        hint: `${ask} Ask for the change again.`,
      });
    case 'stale':
      return new RedisopsError('APPROVAL_STALE', 'The plan was made anew after this button was shown.', {
        hint: `${ask} Read the plan that stands there now, then decide.`,
      });
    case 'stopped':
      return new RedisopsError('STOPPED', 'Somebody stopped the run of this plan.', { hint: ask });
    case 'ended':
      return new RedisopsError('APPROVAL_SPENT', 'The run of this plan is over.', { hint: ask });
    case 'unknown':
      return new RedisopsError('APPROVAL_UNKNOWN', 'There is no such approval request any more.', {
        hint: `${ask} Ask for the change again.`,
      });
  }
}

/** Does not fail, and does not wait longer. */
async function atMost(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
