import type { NodeFacts, RedisUp } from '../domain/facts.ts';
import type { DrillFigures, NodeFigures } from '../domain/run/failover-figures.ts';

/** The nodes before and after a drill, and the resynchronizations that they counted meanwhile (INFO stats). */
export function drillFigures(before: readonly NodeFacts[], after: readonly NodeFacts[]): DrillFigures {
  const nodes = after.flatMap((facts) => {
    const [was, is] = [up(before.find(({ name }) => name === facts.name)), up(facts)];
    return was && is ? [{ name: facts.name, was, is }] : [];
  });
  // A process that restarted counts from zero.
  const sum = (of: (redis: RedisUp) => number) =>
    nodes.reduce((total, { was, is }) => total + of(is) - (was.processId === is.processId ? of(was) : 0), 0);
  return {
    syncs: { full: sum(({ syncs }) => syncs.full), partial: sum(({ syncs }) => syncs.partialOk) },
    nodes: nodes.map(({ name, was, is }) => ({ name, before: figuresOf(was), after: figuresOf(is) })),
  };
}

function figuresOf({ role, keys, offset }: RedisUp): NodeFigures {
  return { role, keys, offset };
}

function up(facts: NodeFacts | undefined): RedisUp | null {
  return facts?.reachable && facts.redis.state === 'up' ? facts.redis : null;
}
