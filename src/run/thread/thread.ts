import type { RunEvent } from '../../domain/run/event.ts';
import { describeGoal } from '../../domain/goal.ts';
import type { NodeFacts } from '../../domain/facts.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Report } from '../../domain/report.ts';
import type { ApprovalRequest, RunRecord, RunResult } from '../../domain/run/run.ts';
import { approvalReport } from '../../report/run/approval-report.ts';
import { markdown } from '../../report/markdown/markdown.ts';
import { planReport } from '../../report/plan/plan-report.ts';
import { progressReport } from '../../report/run/progress-report.ts';
import { runReport } from '../../report/run/run-report.ts';
import { channelOf } from './channel-of.ts';
import { outcomeOnGitHub } from './outcome-on-github.ts';
import type { RepositoryPorts } from '../repositories/repository.ts';
import type { Click } from '../../domain/chat/click.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageReference } from '../../domain/chat/message.ts';
import type { Store } from '../../ports/store.ts';

export interface ThreadPorts extends RepositoryPorts {
  store: Store;
  chat: Chat;
  /** Channel for threads of clusters without one in their policy. */
  defaultChannel: string;
  log: Log;
}

/**
 * A run as shown to people: one root message, edited in place, details in its thread, and the outcome on the pull
 * request. Slack and GitHub may be down during a run: failures to post are logged, never thrown.
 */
export interface RunThread {
  emit(event: RunEvent): void;
  askApproval(request: ApprovalRequest): Promise<void>;
  showPlan(plan: Plan): Promise<void>;
  /** Reports that the run may not start, or continue, yet. */
  wait(report: Report): Promise<void>;
  /** Says that the run is planned again, and how its last try ended. */
  again(report: Report, result: RunResult, observed: readonly NodeFacts[]): Promise<void>;
  end(result: RunResult, observed: readonly NodeFacts[]): Promise<void>;
}

/** Opens the run’s thread in its cluster’s channel, or continues the one opened by an earlier worker. */
export async function openThread(run: RunRecord, ports: ThreadPorts): Promise<RunThread> {
  const { chat, log } = ports;
  const attempt = async <T>(what: string, say: () => Promise<T>): Promise<T | null> => {
    try {
      return await say();
    } catch (error) {
      log.warn({ run: run.run, error }, `could not ${what}`);
      return null;
    }
  };

  const subject = { title: `${run.cluster}: ${describeGoal(run.goal)}`, origin: run.origin };
  const events: RunEvent[] = [];
  const stop: readonly Click[] = [{ kind: 'stop', run: run.run }];
  const known = await ports.store.threadOf(run.run);
  const post = async () => chat.post(await channelOf(run.cluster, ports), progressReport(subject, events), stop);
  const root = known ?? (await newRootMessage(run, post, attempt, ports));
  const outcome = outcomeOnGitHub(run, root, attempt, ports);
  if (!known) outcome.standing('queued', 'The plan is ready.');
  const edit = (what: string, report: Report, buttons?: readonly Click[]) =>
    root ? attempt(what, () => chat.edit(root, report, buttons)) : Promise.resolve(null);
  const reply = (what: string, report: Report) =>
    root ? attempt(what, () => chat.reply(root, report)) : Promise.resolve(null);

  return {
    emit(event) {
      events.push(event);
      outcome.standing('in_progress', 'The nodes are being changed.');
      void edit('show progress', progressReport(subject, events), stop);
    },
    async askApproval(request) {
      outcome.standing('pending', 'Waits for a second person’s approval.');
      await edit('ask for approval', approvalReport(request), approvalButtons(request));
      await reply('show the plan', planReport(request.plan));
    },
    async showPlan(plan) {
      await reply('show the plan', planReport(plan));
    },
    async wait(report) {
      outcome.standing('queued', report.summary);
      await edit('say that it waits', report, stop);
    },
    async again(report, result, observed) {
      events.length = 0;
      outcome.standing('queued', report.summary);
      await edit('say that it is planned again', report, stop);
      await reply('show the report', runReport(result, observed));
    },
    async end(result, observed) {
      const report = runReport(result, observed);
      const text = markdown(report);
      await edit('show the outcome', { ...report, sections: report.sections.slice(0, 1) });
      await reply('show the report', report);
      if (root) await attempt('attach the report', () => chat.attach(root, `${run.run}.md`, text));
      await Promise.all([commentOutcome(run, text, attempt, ports), outcome.end(result)]);
    },
  };
}

/** Buttons for the plan shown above them. */
export function approvalButtons({ id: approval, plan: { digest } }: ApprovalRequest): readonly Click[] {
  return (['approved', 'denied'] as const).map((decision) => ({ kind: 'approval', decision, approval, digest }));
}

type Attempt = <T>(what: string, say: () => Promise<T>) => Promise<T | null>;

async function newRootMessage(
  run: RunRecord,
  post: () => Promise<MessageReference>,
  attempt: Attempt,
  { store }: ThreadPorts,
): Promise<MessageReference | null> {
  const root = await attempt('open the thread', post);
  if (root) await store.rememberThread(run.run, root);
  return root;
}

async function commentOutcome(run: RunRecord, text: string, attempt: Attempt, { gitHub }: ThreadPorts): Promise<void> {
  const { pullRequest } = run.origin;
  if (!gitHub || pullRequest === undefined) return;
  await attempt('comment on the pull request', () =>
    gitHub.pullRequests.say(pullRequest, `outcome-${run.cluster}`, [text]),
  );
}
