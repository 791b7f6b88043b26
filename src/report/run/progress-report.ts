import type { Progress, RunEvent } from '../../domain/run/event.ts';
import type { ListItem, Report, Section, Tone } from '../../domain/report.ts';
import type { Origin } from '../../domain/run/run.ts';
import type { Verification } from '../../domain/verification.ts';
import { nodesOf } from '../parts/action-text.ts';
import { puttingBack } from './event-line.ts';
import { amount, bar, duration, plural } from '../text/format.ts';
import { stepTone, stepsOf, type Step } from './steps.ts';

/** Steps shown before and after the current one, per active node. */
const STEPS_BEFORE = 3;
const STEPS_AFTER = 2;
/** Larger clusters are shown by their active nodes and counts. */
const MOST_NODES = 12;

/** The root message of a run in progress: edited in place, so it stays short however large the run is. */
export function progressReport(run: { title: string; origin: Origin }, events: readonly RunEvent[]): Report {
  const steps = stepsOf(events);
  const verified = events.findLast((event) => event.kind === 'verified');
  const putBack = events.findLast((event) => event.kind === 'putting-back');
  const failed = putBack !== undefined || steps.some(({ state }) => state === 'failed');
  const summary = summaryOf(steps, verified?.kind === 'verified' ? verified.verification : null);
  return {
    title: run.title,
    tone: failed ? 'bad' : 'running',
    summary: putBack ? `A step failed. ${puttingBack(putBack.nodes)}\n${summary}` : summary,
    askedBy: run.origin,
    sections:
      steps.length === 0 ? [] : [nodeSection(steps), ...underWay(steps).map((node) => stepSection(node, steps))],
  };
}

function summaryOf(steps: readonly Step[], verification: Verification | null): string {
  if (verification) return `Verified: ${verification.verdict}.`;
  if (steps.length === 0) return 'Reading Git and the nodes.';
  const done = steps.filter(({ state }) => state === 'done').length;
  const failed = steps.find(({ state }) => state === 'failed');
  if (failed) return `A step failed on ${failed.action.node}. The run stops here.`;
  if (done === steps.length) return `All ${plural(done, 'step')} done. Verifying with a write.`;
  return `${bar(done, steps.length)} ${done} of ${plural(steps.length, 'step')} done.`;
}

/** One line per node. */
function nodeSection(steps: readonly Step[]): Section {
  const nodes = nodesOf(steps.map(({ action }) => action));
  const items = nodes.map((node) =>
    nodeItem(
      node,
      steps.filter(({ action }) => action.node === node),
    ),
  );
  if (items.length <= MOST_NODES) return { kind: 'list', items };
  const busy = items.filter(({ tone }) => tone === 'running' || tone === 'bad').slice(0, MOST_NODES);
  const done = items.filter(({ tone }) => tone === 'good').length;
  const waiting = items.filter(({ tone }) => tone === 'neutral').length;
  return {
    kind: 'list',
    items: [
      { tone: 'good', text: `${plural(done, 'node')} done` },
      ...busy,
      { tone: 'neutral', text: `${plural(waiting, 'node')} waiting` },
    ],
  };
}

function nodeItem(node: string, steps: readonly Step[]): ListItem {
  const done = steps.filter(({ state }) => state === 'done');
  const took = done.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  const figure = `${node}: ${done.length} of ${plural(steps.length, 'step')}`;
  return { tone: nodeTone(steps), text: done.length === 0 ? figure : `${figure}, ${duration(took)}` };
}

function nodeTone(steps: readonly Step[]): Tone {
  if (steps.some(({ state }) => state === 'failed')) return 'bad';
  if (steps.every(({ state }) => state === 'done')) return 'good';
  return steps.every(({ state }) => state === 'pending') ? 'neutral' : 'running';
}

function underWay(steps: readonly Step[]): readonly string[] {
  const nodes = nodesOf(steps.map(({ action }) => action));
  const busy = nodes.filter((node) => {
    const tone = nodeTone(steps.filter(({ action }) => action.node === node));
    return tone === 'running' || tone === 'bad';
  });
  return busy.slice(0, 3);
}

/** The steps around the current one; the others as counts. */
function stepSection(node: string, all: readonly Step[]): Section {
  const steps = all.filter(({ action }) => action.node === node);
  const running = steps.findIndex(({ state }) => state === 'running' || state === 'failed');
  const here = running === -1 ? steps.findIndex(({ state }) => state === 'pending') : running;
  const from = Math.max(0, here - STEPS_BEFORE);
  const to = Math.min(steps.length, here + 1 + STEPS_AFTER);
  const before = from === 0 ? [] : [{ tone: 'good', text: `${plural(from, 'earlier step')} done` } as const];
  const after =
    to === steps.length
      ? []
      : [{ tone: 'neutral', text: `${plural(steps.length - to, 'more step')} to come` } as const];
  return { kind: 'list', heading: node, items: [...before, ...steps.slice(from, to).map(stepItem), ...after] };
}

function stepItem({ action, state, durationMs, progress, failure }: Step): ListItem {
  const took = durationMs === null ? '' : `, ${duration(durationMs)}`;
  const detail = failure ?? (progress ? progressText(progress) : null);
  return { tone: stepTone(state), text: action.summary + took + (detail === null ? '' : `\n${detail}`) };
}

function progressText(progress: Progress): string {
  const { message, doneBytes, totalBytes = 0 } = progress;
  const said = amount(progress);
  if (said === null || doneBytes === undefined) return message;
  return totalBytes <= 0 ? `${message}: ${said}` : `${bar(doneBytes, totalBytes)} ${said}: ${message}`;
}
