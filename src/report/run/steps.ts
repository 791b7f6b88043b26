import type { Action } from '../../domain/action.ts';
import type { Progress, RunEvent } from '../../domain/run/event.ts';
import type { ListItem, Tone } from '../../domain/report.ts';
import { actionsOf, type Plan } from '../../domain/plan.ts';
import type { NodeRecap } from '../../domain/run/run.ts';

export type StepState = 'done' | 'running' | 'failed' | 'pending';

/** A planned action and its progress. */
export interface Step {
  action: Action;
  state: StepState;
  durationMs: number | null;
  progress: Progress | null;
  failure: string | null;
}

/** The newest plan’s steps in order, with the state given by later events. */
export function stepsOf(events: readonly RunEvent[]): readonly Step[] {
  const from = events.findLastIndex(({ kind }) => kind === 'planned' || kind === 'putting-back');
  const planned = events[from];
  const begun = begunSteps(events.slice(from + 1));
  if (planned?.kind !== 'planned' && planned?.kind !== 'putting-back') return begun;
  const left = [...begun];
  const steps = actionsOf(planned.plan).map((action): Step => {
    const at = left.findIndex((step) => isSame(step.action, action));
    return at === -1 ? pending(action) : (left.splice(at, 1)[0] ?? pending(action));
  });
  return [...steps, ...left];
}

/** The state of a finished run’s actions: a node runs its own in order and stops at the first failure. */
export function stepsAfter(plan: Plan, recaps: readonly NodeRecap[]): readonly Step[] {
  const left = new Map(recaps.map((recap) => [recap.name, { ok: recap.ok, failed: recap.failed }]));
  return actionsOf(plan).map((action) => {
    const recap = left.get(action.node);
    if (recap && recap.ok > 0) {
      recap.ok -= 1;
      return { ...pending(action), state: 'done' };
    }
    if (!recap || recap.failed === 0) return pending(action);
    recap.failed -= 1;
    return { ...pending(action), state: 'failed' };
  });
}

export function stepTone(state: StepState): Tone {
  switch (state) {
    case 'done':
      return 'good';
    case 'running':
      return 'running';
    case 'failed':
      return 'bad';
    case 'pending':
      return 'neutral';
  }
}

/** Steps as lines: all if there are few, otherwise the first ones and a count. */
export function limitedItems(items: readonly ListItem[], most: number): readonly ListItem[] {
  if (items.length <= most) return items;
  return [...items.slice(0, most - 1), { tone: 'neutral', text: `and ${items.length - most + 1} more` }];
}

function begunSteps(events: readonly RunEvent[]): readonly Step[] {
  const steps = new Map<number, Step>();
  for (const event of events) {
    if ('step' in event) steps.set(event.step, stepAfter(event));
  }
  return [...steps.values()];
}

function stepAfter(event: Extract<RunEvent, { step: number }>): Step {
  const step = pending(event.action);
  switch (event.kind) {
    case 'step-started':
      return { ...step, state: 'running' };
    case 'step-progress':
      return { ...step, state: 'running', progress: event.progress };
    case 'step-finished':
      return { ...step, state: 'done', durationMs: event.durationMs };
    case 'step-failed':
      return { ...step, state: 'failed', failure: `${event.error.message} (${event.error.code})` };
  }
}

function pending(action: Action): Step {
  return { action, state: 'pending', durationMs: null, progress: null, failure: null };
}

function isSame(a: Action, b: Action): boolean {
  return a.node === b.node && a.kind === b.kind && a.summary === b.summary;
}
