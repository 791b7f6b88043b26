import { randomBytes } from 'node:crypto';
import { backupsIn } from '../adapters/disk/backups.ts';
import { localCommits } from '../adapters/git/local-commits.ts';
import { appendRun } from '../adapters/store/run-log.ts';
import { CODES } from '../domain/code.ts';
import { hostsOf } from '../domain/desired.ts';
import { RedisopsError } from '../domain/error.ts';
import type { Goal } from '../domain/goal.ts';
import { actionsOf, bytesLost, isDisruptive, needsApproval, newNodes, keysGivenUp, type Plan } from '../domain/plan.ts';
import { brokenGlass, endedEarly, withoutForeignWords, type RunRecord, type RunResult } from '../domain/run/run.ts';
import { newRun } from '../domain/run/new-run.ts';
import { newRunId } from '../domain/run/run-id.ts';
import { isSettled } from '../observed/observe-settled.ts';
import { execute, propose, type Execution, type Proposal } from '../operation.ts';
import { runJson } from '../report/json.ts';
import { planReport } from '../report/plan/plan-report.ts';
import { runReport } from '../report/run/run-report.ts';
import { terminal } from '../report/terminal.ts';
import { backupFolder } from '../settings.ts';
import { openRunsIn, type OpenRun, type OpenRuns } from '../adapters/store/open-run.ts';
import type { Answer } from './answer.ts';
import { audited, auditEnd } from './audit/audited-change.ts';
import { contentsOf, runBrokenOff } from './broken-off.ts';
import type { Consent, Options } from './arguments/invocation.ts';
import { notedCheckout } from './commit-read.ts';
import { originHere } from './person.ts';
import type { Context } from './context.ts';
import { obstacleHere } from './lock.ts';
import { eventTeller } from './tell-events.ts';
import type { JournalEntry } from '../domain/run/journal.ts';

const REFUSED = 3;

/** What a change needs besides: its backups, and a run that may have been interrupted. */
interface ChangeContext extends Context {
  openRuns: OpenRuns;
}

export function apply(context: Context, consent: Options['apply']): Promise<Answer> {
  return change({ kind: 'converge' }, consent, context);
}

export function resync(context: Context, { node, ...consent }: Options['resync']): Promise<Answer> {
  return change({ kind: 'resync', node }, consent, context);
}

export function purge(context: Context, { node, ...consent }: Options['purge']): Promise<Answer> {
  return change({ kind: 'purge', ...(node === null ? {} : { node }) }, consent, context);
}

export function failover(context: Context, { mode, node, ...consent }: Options['failover']): Promise<Answer> {
  return change({ kind: 'failover', mode, ...(node === null ? {} : { node }) }, consent, context);
}

export function pause(context: Context, { forMs, reason, ...consent }: Options['pause']): Promise<Answer> {
  const until = new Date(context.clock.now().getTime() + forMs).toISOString();
  return change({ kind: 'pause', until, reason, by: originHere().actor }, consent, context);
}

export function resume(context: Context, consent: Options['resume']): Promise<Answer> {
  return change({ kind: 'resume' }, consent, context);
}

export function drain(context: Context, { node, ...consent }: Options['drain']): Promise<Answer> {
  const at = context.clock.now().toISOString();
  return change({ kind: 'drain', node, at, by: originHere().actor }, consent, context);
}

export function undrain(context: Context, { node, ...consent }: Options['undrain']): Promise<Answer> {
  return change({ kind: 'undrain', node }, consent, context);
}

export function drill(context: Context, consent: Options['drill']): Promise<Answer> {
  return change({ kind: 'drill', scenario: 'planned' }, consent, context);
}

/** Plans, asks and executes, with the person at the terminal as the approver. Resumes an interrupted run. */
export async function change(goal: Goal, consent: Consent, given: Context): Promise<Answer> {
  const { settings } = given;
  const backups = backupsIn(backupFolder(settings));
  const context = { ...given, openRuns: openRunsIn(settings.STATE_DIR), backups };
  const startedAt = context.clock.now();
  const checkout = notedCheckout(context.source, localCommits(context.repo));
  const proposal = await proposeSettled(goal, checkout.source, context);
  const brokenOff = await runBrokenOff(goal, proposal, context);
  if (brokenOff) {
    context.tell(`${brokenOff.record.run} was interrupted: resuming it.`);
    const answer = await executeAndKeep(brokenOff, proposal, consent, context);
    if (answer.result.code !== 'STALE_PLAN') return answerOf(answer);
    context.tell('The nodes have changed: making a new plan.');
  }
  const commit = goal.kind === 'rollback' ? goal.revision : await checkout.commitRead();
  const record = { ...recordOf(goal, proposal, commit, startedAt), ...breakGlassOf(consent) };
  const run = { record, plan: proposal.plan, contents: contentsOf(proposal), journal: [] };
  return answerOf(await executeAndKeep(run, proposal, consent, context));
}

/** An interrupted run may have left a node starting: what is read then would hide that the run can be resumed. */
async function proposeSettled(goal: Goal, source: Context['source'], context: ChangeContext): Promise<Proposal> {
  const proposal = await propose(goal, source, context.cluster, context);
  const open = await context.openRuns.find(proposal.plan.cluster);
  if (!open || proposal.observed.every(isSettled)) return proposal;
  return propose(goal, source, context.cluster, context, { settled: true });
}

type End = Pick<Execution, 'result' | 'observed'>;

function answerOf({ result, observed }: End): Answer {
  return {
    kind: 'report',
    // Whatever a guard objects to, such as an unreachable node: the plan was refused, nothing failed.
    exit: result.outcome === 'refused' ? REFUSED : CODES[result.code].exit,
    report: runReport(result, observed),
    json: runJson(result),
  };
}

async function executeAndKeep(
  run: OpenRun,
  proposal: Proposal,
  consent: Consent,
  context: ChangeContext,
): Promise<End> {
  const end = await executeIfApproved(run, { ...proposal, plan: run.plan }, consent, context);
  await keep(run.record, end.result, context);
  return end;
}

async function executeIfApproved(
  open: OpenRun,
  proposal: Proposal,
  consent: Consent,
  context: ChangeContext,
): Promise<End> {
  const { record, plan, journal } = open;
  const refusal = await audited(open, consent, context, () => refusalOf(open, proposal, consent, context));
  if (refusal)
    return {
      result: { ...endedEarly(record, refusal, plan), outcome: 'refused', nodes: untouched(proposal) },
      observed: proposal.observed,
    };
  const run = {
    id: record.run,
    holder: record.origin.actor,
    emit: eventTeller(
      (line) => context.tell(line),
      () => context.clock.elapsed(),
    ),
    record: (entry: JournalEntry) => context.openRuns.record(open, entry),
    journal,
    stop: context.stop,
  };
  const execution = await execute(plan, context.source, run, context);
  // Another process holds the nodes: the open run is its own.
  if (execution.result.code !== 'RUN_IN_PROGRESS') await context.openRuns.end(record.cluster);
  await auditEnd(open, execution.result, context);
  return { ...execution, result: { ...execution.result, ...brokenGlass(record) } };
}

function untouched({ desired }: Proposal): RunResult['nodes'] {
  return hostsOf(desired).map(({ name }) => ({ name, ok: 0, changed: 0, failed: 0, skipped: 0 }));
}

function breakGlassOf({ breakGlass }: Consent): Pick<RunRecord, 'breakGlass'> {
  return breakGlass === null ? {} : { breakGlass };
}

/** Checked before asking the person, and after: the answer may take a while. */
async function refusalOf(
  open: OpenRun,
  { desired }: Proposal,
  consent: Consent,
  context: Context,
): Promise<RedisopsError | null> {
  const obstacle = () => (actionsOf(open.plan).length === 0 ? null : obstacleHere(desired, consent, context));
  return (await obstacle()) ?? (await unapproved(open, consent, context)) ?? (await obstacle());
}

async function unapproved(
  { plan, journal }: OpenRun,
  consent: Consent,
  context: Context,
): Promise<RedisopsError | null> {
  const blocker = plan.blockers[0];
  if (blocker) return new RedisopsError(blocker.code, blocker.message, { hint: blocker.hint });
  if (consent.plan !== undefined && !plan.digest.startsWith(consent.plan)) {
    context.tell(terminal(planReport(plan), { colour: false }));
    return new RedisopsError('STALE_PLAN', `Plan ${consent.plan.slice(0, 12)} is not what would run now.`, {
      hint: `No changes were made. Read the plan above, then run again with --plan ${plan.digest.slice(0, 12)}.`,
    });
  }
  const what = wantsApproval(plan, consent);
  // A digest says that its plan was read. An interrupted run carries out the rest of its plan.
  const isRead = consent.plan !== undefined || journal.length > 0 || actionsOf(plan).length === 0;
  if (what !== null || !isRead) context.tell(terminal(planReport(plan), { colour: false }));
  if (what === null) return null;
  const reply = await context.confirm(`This ${what}. Carry it out?`);
  if (reply === 'yes') return null;
  if (reply === 'no') return new RedisopsError('CANCELLED', 'Cancelled.', { hint: 'No changes were made.' });
  const [keys, bytes] = [keysGivenUp(plan), bytesLost(plan)];
  const figures = `${keys > 0 ? ` --give-up-keys ${keys}` : ''}${bytes > 0 ? ` --lose-bytes ${bytes}` : ''}`;
  return new RedisopsError('APPROVAL_NEEDED', `The plan ${what} and was not approved.`, {
    hint: `Read the plan above, then run again with --yes${figures}.`,
  });
}

/**
 * What the person must approve; null if nothing, or if options already approved it. Breaking a freeze always needs
 * approval, as does a restart; lost keys are approved by their number.
 */
export function wantsApproval(plan: Plan, { yes, giveUpKeys, breakGlass, loseBytes = 0 }: Consent): string | null {
  const keys = keysGivenUp(plan);
  const bytes = bytesLost(plan);
  if (bytes > loseBytes) return `loses ${bytes} bytes of writes`;
  const breaks = breakGlass !== null && actionsOf(plan).length > 0;
  if ((yes && keys <= giveUpKeys) || !(needsApproval(plan) || breaks)) return null;
  if (keys > 0) return `gives up ${keys} keys`;
  if (breaks) return 'overrides a freeze';
  if (plan.goal.kind === 'purge') return 'deletes files';
  if (isDisruptive(plan)) return 'disturbs service';
  const names = newNodes(plan);
  return names.length > 0 ? `takes in ${names.join(', ')}` : 'replaces files that someone else wrote';
}

/** @param commit The commit read, if it was one. */
function recordOf(goal: Goal, { plan }: Proposal, commit: string | null, at: Date): RunRecord {
  const { cluster, revision } = plan;
  const run = newRunId(at, randomBytes(3).toString('hex'));
  return newRun({ run, cluster, goal, origin: originHere(), revision: commit ?? revision, status: 'running' }, at);
}

/** A history that cannot be written does not fail the run. */
async function keep(record: RunRecord, result: RunResult, context: Context): Promise<void> {
  const { outcome, code, message, durationMs } = withoutForeignWords(result);
  const finishedAt = context.clock.now().toISOString();
  const finished = { ...record, status: outcome, code, message, durationMs, finishedAt };
  await appendRun(context.settings.STATE_DIR, finished, withoutForeignWords(result)).catch((error: unknown) => {
    context.tell(`The history could not be written: ${error instanceof Error ? error.message : String(error)}`);
  });
}
