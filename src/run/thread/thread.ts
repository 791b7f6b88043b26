import type { StopClick } from '../../domain/chat/click.ts';
import type { DeploymentNote, Note } from '../../domain/chat/note.ts';
import { describeGoal } from '../../domain/goal.ts';
import type { NodeFacts } from '../../domain/facts.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Report } from '../../domain/report.ts';
import type { RunEvent } from '../../domain/run/event.ts';
import type { ApprovalRequest, RunRecord, RunResult } from '../../domain/run/run.ts';
import { approvalReport } from '../../report/run/approval-report.ts';
import { markdown } from '../../report/markdown/markdown.ts';
import { planReport } from '../../report/plan/plan-report.ts';
import { progressReport } from '../../report/run/progress-report.ts';
import { runReport } from '../../report/run/run-report.ts';
import { notesAtEnd } from './notes-at-end.ts';
import { deploymentAtEnd, deploymentOf, type Standing } from './outcome-on-github.ts';
import type { ChannelPorts } from './channel-of.ts';
import type { RepositoryPorts } from '../repositories/repository.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

export interface ThreadPorts extends RepositoryPorts, ChannelPorts {
  store: Store;
  chat: Chat;
  clock: Clock;
  /** Says what was kept. Nothing waits for it. */
  courier: { hint(): void | Promise<void> };
}

/**
 * A run as shown to people: one root message, edited in place, details in its thread, and the outcome on the pull
 * request. All of it is kept in the outbox: a run waits neither for Slack nor for GitHub.
 */
export interface RunThread {
  emit(event: RunEvent): void;
  askApproval(request: ApprovalRequest): Promise<void>;
  /** Takes the buttons away, and says who approved. */
  showApproved(request: ApprovalRequest, by: string): Promise<void>;
  showPlan(plan: Plan): Promise<void>;
  /** Reports that the run may not start, or continue, yet. */
  wait(report: Report): Promise<void>;
  /** Says that the run is planned again, and how its last try ended. */
  again(report: Report, result: RunResult, observed: readonly NodeFacts[]): Promise<void>;
  end(result: RunResult, observed: readonly NodeFacts[]): Promise<void>;
}

/** Milliseconds in which Slack usually takes a message. */
const SHOWN_MS = 2000;
/** Milliseconds in which other merges may join the message. */
const SUPERSEDED_MS = 5000;

/**
 * Opens the run’s thread in its cluster’s channel, or continues the one opened by an earlier worker.
 * @throws QUEUE_FAILED
 */
export async function openThread(run: RunRecord, ports: ThreadPorts): Promise<RunThread> {
  const thread = threadOf(run, ports);
  if (!(await isOpen(run.run, ports))) await thread.open();
  return thread;
}

/** For a run that may end before anybody needs to see it. All methods but `emit` fail with QUEUE_FAILED. */
export function threadOf(run: RunRecord, ports: ThreadPorts): RunThread & { open(): Promise<void> } {
  const subject = { title: `${run.cluster}: ${describeGoal(run.goal)}`, origin: run.origin };
  const events: RunEvent[] = [];
  const stop: readonly StopClick[] = [{ kind: 'stop', run: run.run }];
  const { keep, soon } = keeper(run, ports);
  const root = (report: Report, buttons: readonly StopClick[] = []) => keep('root', { kind: 'root', report, buttons });
  const onGitHub = (note: DeploymentNote | null) =>
    note && ports.gitHub ? keep(`deployment ${note.news.state}`, note) : Promise.resolve();
  const standing = (state: Standing, description: string) => onGitHub(deploymentOf(run, state, description));

  return {
    async open() {
      await root(progressReport(subject, events), stop);
      await standing('queued', 'The plan is ready.');
    },
    emit(event) {
      events.push(event);
      soon(root(progressReport(subject, events), stop));
      soon(standing('in_progress', 'The nodes are being changed.'));
    },
    async askApproval(request) {
      await standing('pending', 'Waits for a second person’s approval.');
      const { id: approval, plan } = request;
      const openMs = Date.parse(request.expiresAt) - ports.clock.now().getTime();
      await keep('root', { kind: 'approval', approval, plan: plan.digest, openMs });
      await keep(`plan ${plan.digest}`, { kind: 'reply', report: planReport(plan) });
      await untilShown(run.run, ports);
    },
    async showApproved(request, by) {
      const summary = `Approved by ${by}.`;
      await root({ ...approvalReport(request), title: subject.title, tone: 'running', summary });
      const report: Report = { title: 'Approved', tone: 'good', summary, sections: [] };
      await keep(`approved ${request.plan.digest}`, { kind: 'reply', report });
    },
    async showPlan(plan) {
      await keep(`plan ${plan.digest}`, { kind: 'reply', report: planReport(plan) });
    },
    async wait(report) {
      await standing('queued', report.summary);
      await root(report, stop);
    },
    async again(report, result, observed) {
      events.length = 0;
      await standing('queued', report.summary);
      await root(report, stop);
      await keep(`report ${run.retries ?? 0}`, { kind: 'reply', report: runReport(result, observed) });
    },
    async end(result, observed) {
      const report = runReport(result, observed);
      const text = markdown(report);
      const isSuperseded = result.code === 'SUPERSEDED' && (await isOneOfMany(run, ports));
      if (isSuperseded) await keepSuperseded(run, { report, message: result.message }, ports);
      else for (const [purpose, note] of notesAtEnd(run.run, report, text)) await keep(purpose, note);
      const { pullRequest } = run.origin;
      if (pullRequest !== undefined && ports.gitHub)
        await keep('comment', { kind: 'comment', pullRequest, purpose: `outcome-${run.cluster}`, text });
      await onGitHub(deploymentAtEnd(run, result));
    },
  };
}

/** Whether people see the run, or will once Slack takes its message. */
async function isOpen(run: string, { store }: ThreadPorts): Promise<boolean> {
  return (await store.threadOf(run)) !== null || store.isUnsaid(run, 'root');
}

/** Whether other merges of the cluster are superseded at this time: a burst of them gets one message, not one thread each. */
async function isOneOfMany({ run, cluster }: RunRecord, ports: ThreadPorts): Promise<boolean> {
  if (await isOpen(run, ports)) return false;
  if ((await ports.store.notesOf(supersededOf(cluster))).length > 0) return true;
  const queued = (await ports.store.runs(cluster, 10)).filter((each) => each.status === 'queued' && each.run !== run);
  // The last of them is the one that is applied.
  return queued.length > 1;
}

function supersededOf(cluster: string): string {
  return `superseded ${cluster}`;
}

async function keepSuperseded(
  { run, cluster, origin, revision }: RunRecord,
  end: { report: Report; message: string },
  ports: ThreadPorts,
) {
  const note = { kind: 'superseded', run, revision, origin, ...end } as const;
  await ports.store.keepNote({ run: supersededOf(cluster), cluster }, run, note, SUPERSEDED_MS);
}

/** Whoever sees that a run waits for approval should also see its buttons; while Slack is away, it waits without them. */
async function untilShown(run: string, { store, clock }: ThreadPorts): Promise<void> {
  const end = clock.elapsed() + SHOWN_MS;
  while ((await store.isUnsaid(run, 'root')) && clock.elapsed() < end) await clock.sleep(50);
}

type Keep = (purpose: string, note: Note) => Promise<void>;

/** Keeps one note after the other. */
function keeper(run: RunRecord, { store, courier, log }: ThreadPorts) {
  let last: Promise<unknown> = Promise.resolve();
  const keep: Keep = (purpose, note) => {
    const before = last;
    const kept = (async () => {
      await before;
      await store.keepNote(run, purpose, note);
      await courier.hint();
    })();
    last = kept.catch(() => undefined);
    return kept;
  };
  const soon = (kept: Promise<void>): void => {
    kept.catch((error: unknown) => log.warn({ run: run.run, error }, 'could not keep the progress'));
  };
  return { keep, soon };
}
