import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import type { PauseGoal } from '../domain/goal.ts';
import { sentinelWatch } from '../domain/health/sentinel-watch.ts';
import { isEmpty, type Plan } from '../domain/plan.ts';
import { drillFigures } from '../verify/drill-figures.ts';
import type { End } from './run-end.ts';
import { minuteOf } from '../domain/text/minute.ts';

/** What the end of a maintenance run means for the person who asked. */
export function saidOf(end: End, { goal, topology }: Plan, desired: DesiredCluster, before: readonly NodeFacts[]): End {
  switch (goal.kind) {
    case 'pause':
      return pauseSaid(settled(end), goal, sentinelWatch(desired, before) !== null);
    case 'resume':
      return resumeSaid(settled(end));
    case 'drain':
      return drainSaid(end, goal.node, topology.master);
    case 'undrain':
      return undrainSaid(settled(end), goal.node);
    case 'converge':
    case 'rollback':
    case 'resync':
    case 'purge':
    case 'failover':
    case 'drill':
      return end;
  }
}

/** Adds what a drill showed. One that lost a write has failed, whatever the cluster is now. */
export function withDrill(end: End, { goal }: Plan, before: readonly NodeFacts[], after: readonly NodeFacts[]): End {
  if (goal.kind !== 'drill' || end.outcome === 'refused') return end;
  const drill = drillFigures(before, after);
  const { writes = null } = end.failover ?? {};
  const lost = writes?.lost ?? 0;
  if (lost > 0)
    return {
      ...end,
      drill,
      outcome: 'failed',
      code: 'VERIFY_FAILED',
      message: `The drill lost ${lost} acknowledged ${lost === 1 ? 'write' : 'writes'}.`,
    };
  if (end.outcome !== 'done') return { ...end, drill };
  const proof = writes ? ', and no acknowledged write was lost.' : '. Whether writes were lost was not measured.';
  return { ...end, drill, message: `The drill passed: the role went and came back${proof} ${end.message}` };
}

/** Nothing of these runs can make a cluster ill: one that was ill before is worth a word, not a failure. */
function settled(end: End): End {
  if (end.code !== 'VERIFY_FAILED') return end;
  const ended =
    !end.plan || isEmpty(end.plan)
      ? ({ outcome: 'nothing-to-do', code: 'NOTHING_TO_DO' } as const)
      : ({ outcome: 'done', code: 'DONE' } as const);
  return {
    ...end,
    ...ended,
    message: `The cluster is ${end.verification?.verdict ?? 'unknown'}: \`status\` says why.`,
  };
}

function drainSaid(end: End, node: string, master: string | null): End {
  if (end.outcome !== 'done' && end.outcome !== 'nothing-to-do') return end;
  const role = master === node ? `Its role is with another node, for good. ` : '';
  const said = `${node} is drained: it takes no role, and its host may be rebooted. ${role}`;
  return {
    ...end,
    message: end.outcome === 'done' ? `${said}${end.message}` : said.trim(),
    hint: `Once the host is back, run \`undrain ${node}\`. Until then \`status\` shows it as drained, and no apply changes that.`,
  };
}

function undrainSaid(end: End, node: string): End {
  if (end.outcome === 'nothing-to-do') return { ...end, message: `${node} is not drained.`, hint: null };
  if (end.outcome !== 'done') return end;
  return {
    ...end,
    message: `${node} may take a role again, with its replica-priority from before. ${end.message}`,
    hint: null,
  };
}

function pauseSaid(end: End, { until, reason }: PauseGoal, isWatched: boolean): End {
  if (end.outcome === 'nothing-to-do' && !isWatched)
    return {
      ...end,
      message: 'No Sentinel watches this cluster: nothing fails over by itself, so there is nothing to pause.',
      hint: 'To keep redisops from changing anything, use `lock`. Nothing was changed.',
    };
  if (end.outcome !== 'done') return end;
  return {
    ...end,
    message: `Automatic failover is paused until ${minuteOf(until)}: ${reason}. If the master dies before, nobody takes over. ${end.message}`,
    hint: 'Each Sentinel’s host ends the pause by itself, even if redisops does not run, or the host was down at the time. `resume` ends it now.',
  };
}

function resumeSaid(end: End): End {
  if (end.outcome === 'nothing-to-do') return { ...end, message: 'Automatic failover is not paused.', hint: null };
  if (end.outcome !== 'done') return end;
  return { ...end, message: `Sentinel fails over by itself again. ${end.message}` };
}
