import { byNodes } from '../parts/by-nodes.ts';
import type { NodeFacts } from '../../domain/facts.ts';
import { describeGoal } from '../../domain/goal.ts';
import type { ListItem, Report, Section, Tone } from '../../domain/report.ts';
import type { NodeRecap, RunResult } from '../../domain/run/run.ts';
import { brokenGlassSection } from './broken-glass.ts';
import { configurationSections } from './configuration-table.ts';
import { bytes, count, duration, plural, short } from '../text/format.ts';
import { probeSections } from '../parts/probe-table.ts';
import { isUp, replicationTable, standingOf } from '../parts/replication.ts';
import { drillSections } from './drill-table.ts';
import { limitedItems, stepTone, stepsAfter } from './steps.ts';
import { about, reasonsSection } from '../parts/verdict-text.ts';

const LOG_LINES = 8;
const MOST_STEPS = 60;

/**
 * The final report: how the run ended, and the cluster’s state now. The recap comes first: with title and summary it is
 * all a channel needs to see.
 */
export function runReport(result: RunResult, observed: readonly NodeFacts[]): Report {
  const failed = result.outcome === 'failed';
  return {
    title: `${result.cluster}: ${describeGoal(result.goal)} – ${outcomeText(result)}`,
    tone: toneOf(result),
    summary: summaryOf(result),
    ...(result.hint ? { next: result.hint } : {}),
    sections: [
      ...drillSections(result),
      ...recapSection(result.nodes),
      ...(result.breakGlass ? [brokenGlassSection(result.breakGlass.reason, result.breakGlass.by)] : []),
      ...blockerSection(result),
      ...(result.verification ? reasonsSection(result.verification) : []),
      ...backupSection(result),
      ...stepSection(result),
      ...(failed ? standingSection(result, observed) : []),
      ...(result.outcome === 'refused' ? [] : configurationSections(observed)),
      ...(observed.length === 0 ? [] : [replicationTable(observed, 'Replication')]),
      ...(result.verification ? probeSections(result.verification) : []),
      ...(result.outcome === 'done' || failed ? logSections(observed) : []),
      ...comingSection(result, observed),
    ],
    footer: [`Run ${result.run}`, `Git ${short(result.revision)}`, `Code ${result.code}`, ...planNote(result)],
  };
}

function outcomeText({ outcome, code }: RunResult): string {
  if (code === 'STOPPED') return 'stopped';
  if (code === 'CANCELLED') return 'cancelled';
  return outcome === 'nothing-to-do' ? 'nothing to do' : outcome;
}

function toneOf({ outcome, code }: RunResult): Tone {
  if (code === 'STOPPED') return 'warning';
  switch (outcome) {
    case 'done':
    case 'nothing-to-do':
      return 'good';
    case 'refused':
      return 'warning';
    case 'failed':
      return 'bad';
  }
}

function summaryOf(result: RunResult): string {
  const { message, outcome, durationMs } = result;
  if (outcome === 'refused' || durationMs === 0) return message;
  return [message, `Took ${duration(durationMs)}.`, ...outageLine(result), ...writesLine(result)].join('\n');
}

/** What clients noticed, as measured. */
function outageLine({ outageMs, plan }: RunResult): readonly string[] {
  if (!outageMs) return [];
  const { following, fixed } = outageMs;
  const master = plan?.topology.master ?? 'the master';
  const followers = following === null ? '' : `Clients that follow the role waited for ${duration(following)}. `;
  const others = fixed === null ? 'are refused: the role is elsewhere' : `were refused for ${duration(fixed)}`;
  return [`${followers}Clients with ${master}’s fixed address ${others}.`];
}

/** The writes of a client that redisops ran beside the others. */
function writesLine({ failover }: RunResult): readonly string[] {
  if (!failover?.writes) return [];
  const { acknowledged, lost } = failover.writes;
  return [`Of ${plural(acknowledged, 'test write')} meanwhile, ${lost === 0 ? 'none was' : `${lost} were`} lost.`];
}

function recapSection(nodes: readonly NodeRecap[]): Section[] {
  if (nodes.every(({ ok, failed, skipped }) => ok + failed + skipped === 0)) return [];
  const rows = nodes.map(({ name, ok, changed, failed, skipped }) => [
    name,
    ...[ok, changed, failed, skipped].map(count),
  ]);
  return [{ kind: 'table', heading: 'Recap', columns: ['node', 'ok', 'changed', 'failed', 'skipped'], rows }];
}

/** The run’s message already names the first blocker; this lists the others. */
function blockerSection({ outcome, plan, message }: RunResult): Section[] {
  if (outcome !== 'refused' || !plan) return [];
  const others = plan.blockers.filter((blocker) => blocker.message !== message);
  if (others.length === 0) return [];
  const items = byNodes(others).map(({ code, node, message: text, hint }): ListItem => {
    return { tone: 'warning', text: `${about(node, text)} (${code})\n${hint}`.trim() };
  });
  return [{ kind: 'list', heading: 'Further blockers', items }];
}

function backupSection({ backups = [] }: RunResult): Section[] {
  if (backups.length === 0) return [];
  const items = backups.map(({ node, path, keys, bytes: size, sha256 }): ListItem => {
    return { tone: 'good', text: `${about(node, path)}\n${plural(keys, 'key')}, ${bytes(size)}, SHA-256 ${sha256}` };
  });
  return [{ kind: 'list', heading: 'Backups on the redisops host', items }];
}

function stepSection({ plan, nodes, outcome }: RunResult): Section[] {
  if (!plan || outcome === 'refused' || nodes.length === 0) return [];
  const items = stepsAfter(plan, nodes).map(({ action, state }): ListItem => {
    const note = state === 'pending' ? ' (not begun)' : '';
    return { tone: stepTone(state), text: about(action.node, action.summary) + note };
  });
  return items.length === 0 ? [] : [{ kind: 'list', heading: 'Steps', items: limitedItems(items, MOST_STEPS) }];
}

function standingSection({ nodes, putBack }: RunResult, observed: readonly NodeFacts[]): Section[] {
  const items = observed.map((node): ListItem => {
    const recap = nodes.find(({ name }) => name === node.name);
    const isBack = putBack?.nodes.includes(node.name) === true;
    const what = isBack ? `${touched(recap)}, restored` : touched(recap);
    const tone = isBack ? 'warning' : standingTone(recap);
    return { tone, text: `${node.name}: ${what}; ${standingOf(node, observed)}` };
  });
  return items.length === 0 ? [] : [{ kind: 'list', heading: 'State of each node', items }];
}

function standingTone(recap: NodeRecap | undefined): Tone {
  if (!recap || recap.ok + recap.failed === 0) return 'neutral';
  if (recap.failed > 0) return 'bad';
  return recap.skipped > 0 ? 'warning' : 'good';
}

function touched(recap: NodeRecap | undefined): string {
  if (!recap || recap.ok + recap.failed === 0) return 'untouched';
  if (recap.failed > 0) return `failed at step ${recap.ok + 1} of ${recap.ok + recap.failed + recap.skipped}`;
  return recap.skipped > 0 ? `stopped after ${recap.ok} of ${recap.ok + recap.skipped} steps` : 'all steps done';
}

function logSections(observed: readonly NodeFacts[]): Section[] {
  return observed.flatMap((node): Section[] => {
    if (!node.reachable || node.host.log.length === 0) return [];
    return [{ kind: 'code', heading: `Log of ${node.name}`, language: 'log', lines: node.host.log.slice(-LOG_LINES) }];
  });
}

/** Outlook: what the facts say about the days ahead. */
function comingSection({ outcome }: RunResult, observed: readonly NodeFacts[]): Section[] {
  if (outcome !== 'done' && outcome !== 'nothing-to-do') return [];
  const up = observed.filter(isUp);
  const items: ListItem[] = [];
  if (
    up.some(
      ({ redis }) => redis.role === 'master' && redis.configuration.get('save') === '' && !redis.persistence.aofEnabled,
    )
  )
    items.push({
      tone: 'neutral',
      text: 'The master keeps nothing on disk (`save ""`, `appendonly no`): if you restart it by hand, it comes back empty. A run hands its role to a replica first.',
    });
  if (up.length > 1 && up.every(({ redis }) => !redis.watchedBySentinel))
    items.push({
      tone: 'neutral',
      text: 'No Sentinel watches the nodes: if the master is lost, a person must choose the new one.',
    });
  return items.length === 0 ? [] : [{ kind: 'list', heading: 'Next', items }];
}

function planNote({ plan }: RunResult): string[] {
  return plan ? [`Plan ${short(plan.digest)}`] : [];
}
