import type { Action } from '../domain/action.ts';
import { hostsOf, secretsOf, type DesiredCluster, type DesiredNode, type NodeAddress } from '../domain/desired.ts';
import { RedisopsError, asRedisopsError, withoutSecrets } from '../domain/error.ts';
import type { NodeFacts } from '../domain/facts.ts';
import { everyNode, identitiesOf } from '../domain/known-nodes.ts';
import type { Emit } from '../domain/run/event.ts';
import { actionsOf, type Plan, type Wave } from '../domain/plan.ts';
import type { NodeRecap } from '../domain/run/run.ts';
import type { Verification } from '../domain/verification.ts';
import { stopped } from './node/await-condition.ts';
import { applyAction, applyWithoutRedis } from './apply-action.ts';
import { NO_GUARD_DISABLED, type Guard } from './node/guards.ts';
import { recapOf, type StepEnd } from './recap.ts';
import type { Step } from './node/step.ts';
import type { Clock } from '../ports/clock.ts';
import type { JournalEntry } from '../domain/run/journal.ts';
import { movesMaster } from '../domain/run/moves-master.ts';
import type { NodeSession, Nodes } from '../ports/nodes.ts';

/** Reports and records a run. */
export interface Watch {
  emit: Emit;
  record(entry: JournalEntry): Promise<void>;
  clock: Clock;
  verify(): Promise<Verification>;
  keeping?: NonNullable<Step['keeping']>;
  /** The nodes’ lock is lost: nothing further begins, and waits end at once. */
  lost?: AbortSignal;
  /** The run should end at its next safe point. */
  stop?: AbortSignal;
}

export interface Applied {
  recap: readonly NodeRecap[];
  failure: { node: string; error: RedisopsError } | null;
  /** Nodes on which something is left to do, apart from the roles in files. */
  unfinished: ReadonlySet<string>;
}

/** The plan’s input. */
export interface Planned {
  desired: DesiredCluster;
  observed: readonly NodeFacts[];
}

interface Options extends Pick<Step, 'disabledGuards' | 'identities'> {}

interface PlannedStep {
  number: number;
  action: Action;
}

/**
 * Applies a plan wave by wave: the nodes of a wave in parallel, the actions of a node in order. After the first
 * failure, or a stop, no further action begins on any node; running ones may finish. Between moving the master’s role
 * and writing the new roles into every file, a stop waits: by its old file, a former master would return as a second,
 * empty one.
 * @throws the first blocker’s code if the plan has blockers; failures on a node are in the result.
 */
export async function applyPlan(
  plan: Plan,
  { desired, observed }: Planned,
  nodes: Nodes,
  watch: Watch,
  disabledGuards: ReadonlySet<Guard> = NO_GUARD_DISABLED,
): Promise<Applied> {
  const [blocker] = plan.blockers;
  if (blocker) throw new RedisopsError(blocker.code, blocker.message, { hint: blocker.hint });
  const run = new PlanRun(plan, desired, nodes, watch, {
    disabledGuards,
    identities: identitiesOf(everyNode(desired.nodes, observed)),
  });
  for (const index of run.waves.keys()) await run.applyWave(index);
  return run.result();
}

class PlanRun {
  readonly waves: readonly (readonly PlannedStep[])[];
  readonly #plan: Plan;
  readonly #desired: DesiredCluster;
  readonly #nodes: Nodes;
  readonly #watch: Watch;
  readonly #options: Options;
  readonly #ended: { node: string; end: StepEnd }[] = [];
  /** Numbers of the successful steps. */
  readonly #done = new Set<number>();
  readonly #count: number;
  #failure: Applied['failure'] = null;
  /** Ends the current wave and its waits. */
  #signal = new AbortController().signal;

  constructor(plan: Plan, desired: DesiredCluster, nodes: Nodes, watch: Watch, options: Options) {
    this.#plan = plan;
    this.#desired = desired;
    this.#nodes = nodes;
    this.#watch = watch;
    this.#options = options;
    this.waves = numbered(plan.waves);
    this.#count = this.waves.flat().length;
  }

  async applyWave(index: number): Promise<void> {
    const wave = this.waves[index] ?? [];
    this.#enterWave(wave, this.waves[index - 1] ?? []);
    const names = [...new Set(wave.map(({ action }) => action.node))];
    await Promise.all(names.map((name) => this.#inOrder(wave.filter(({ action }) => action.node === name))));
  }

  result(): Applied {
    const names = hostsOf(this.#desired).map(({ name }) => name);
    return {
      recap: recapOf(names, actionsOf(this.#plan), this.#ended),
      failure: this.#failure,
      unfinished: this.#unfinished(),
    };
  }

  #unfinished(): ReadonlySet<string> {
    const steps = this.waves.flatMap((wave, index) =>
      isHandOver(wave) || isHandOver(this.waves[index - 1] ?? []) ? [] : wave,
    );
    return new Set(steps.filter(({ number }) => !this.#done.has(number)).map(({ action }) => action.node));
  }

  #enterWave(wave: readonly PlannedStep[], before: readonly PlannedStep[]): void {
    const { lost } = this.#watch;
    if (!isHandOver(before)) {
      this.#signal = this.#ends();
      this.#mustEnd(wave[0]?.action);
    }
    if (isHandOver(before) || isHandOver(wave)) this.#signal = AbortSignal.any(lost ? [lost] : []);
  }

  #ends(): AbortSignal {
    const { lost, stop } = this.#watch;
    return AbortSignal.any([lost, stop].filter((signal) => signal !== undefined));
  }

  async #inOrder(steps: readonly PlannedStep[]): Promise<void> {
    for (const step of steps) {
      if (this.#mustEnd(step.action)) return;
      await this.#one(step);
    }
  }

  #mustEnd(action: Action | undefined): boolean {
    if (action && this.#signal.aborted) this.#failure ??= { node: action.node, error: stopped(this.#signal) };
    return this.#failure !== null;
  }

  async #one({ number, action }: PlannedStep): Promise<void> {
    const { node } = action;
    const { emit } = this.#watch;
    const place = { step: number, of: this.#count, action };
    const startedAt = this.#watch.clock.elapsed();
    try {
      await this.#record(number, action, 'began');
      // Another node may have failed meanwhile: then this step is skipped.
      if (this.#mustEnd(action)) return await this.#record(number, action, 'failed');
      emit({ kind: 'step-started', ...place });
      const changed = await this.#act(place);
      await this.#record(number, action, 'ended');
      this.#ended.push({ node, end: changed ? 'changed' : 'ok' });
      this.#done.add(number);
      emit({
        kind: 'step-finished',
        ...place,
        changed,
        durationMs: Math.round(this.#watch.clock.elapsed() - startedAt),
      });
    } catch (thrown) {
      const error = withoutSecrets(asRedisopsError(thrown), secretsOf(this.#desired));
      this.#failure ??= { node, error };
      this.#ended.push({ node, end: 'failed' });
      emit({ kind: 'step-failed', ...place, error });
      // A journal that cannot be written must not hide why the step failed.
      await this.#record(number, action, 'failed').catch(() => {});
    }
  }

  async #act(place: { step: number; of: number; action: Action }): Promise<boolean> {
    const { action } = place;
    const host = this.#desired.sentinelHosts?.find(({ name }) => name === action.node);
    if (host)
      return applyWithoutRedis(action, { ...this.#context(place), node: host, session: await this.#connect(host) });
    const node = this.#nodeOf(action);
    return applyAction(action, { ...this.#context(place), node, session: await this.#connect(node) });
  }

  #connect(host: NodeAddress): Promise<NodeSession> {
    return this.#nodes.connect(host);
  }

  #context(place: { step: number; of: number; action: Action }): Omit<Step, 'node' | 'session'> {
    return {
      desired: this.#desired,
      nodes: this.#nodes,
      ...this.#options,
      clock: this.#watch.clock,
      stop: this.#signal,
      stopUntouched: this.#ends(),
      ...(this.#watch.keeping ? { keeping: this.#watch.keeping } : {}),
      verify: () => this.#watch.verify(),
      progress: (progress) => this.#watch.emit({ kind: 'step-progress', ...place, progress }),
    };
  }

  #nodeOf({ node }: Action): DesiredNode {
    const found = this.#desired.nodes.find(({ name }) => name === node);
    if (found) return found;
    throw new RedisopsError('UNKNOWN_NODE', `The plan names ${node}, which is not in the inventory.`, {
      hint: 'Git has changed. Make a new plan.',
    });
  }

  #record(step: number, { node, kind }: Action, state: JournalEntry['state']): Promise<void> {
    return this.#watch.record({ at: this.#watch.clock.now().toISOString(), step, node, action: kind, state });
  }
}

function isHandOver(wave: readonly PlannedStep[]): boolean {
  return wave.some(({ action }) => movesMaster(action));
}

function numbered(waves: readonly Wave[]): readonly (readonly PlannedStep[])[] {
  let number = 0;
  return waves.map(({ actions }) =>
    actions.map((action) => {
      number += 1;
      return { number, action };
    }),
  );
}
