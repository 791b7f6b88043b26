import type { Action } from '../domain/action.ts';
import type { HostFacts, StrayProcess } from '../domain/facts.ts';
import type { Blocker } from '../domain/plan.ts';
import type { Pair } from './topology.ts';

/** Processes that systemd does not own are asked to end. Which hold data, or might, is looked at below. */
export function strayActions({ desired: node }: Pair, { strayProcesses }: HostFacts): readonly Action[] {
  return strayProcesses.map(({ pid, startTicks, command }) => ({
    kind: 'stop-stray-process',
    node: node.name,
    summary: `Stop process ${pid} (${command})`,
    disruptive: true,
    reason: 'systemd does not own it, and it stands in the unit’s way.',
    pid,
    startTicks,
  }));
}

/** Sentinel holds no data. A Redis may be stopped when it was read and is empty, or follows a master. */
export function strayBlockers({ desired: node, redis }: Pair, { strayProcesses }: HostFacts): readonly Blocker[] {
  return strayProcesses
    .filter(({ command }) => !command.includes('sentinel'))
    .flatMap((stray): readonly Blocker[] => {
      const message = obstacle(stray, redis);
      if (message === null) return [];
      const hint = 'Save or move its data, and stop it by hand; then plan again.';
      return [{ code: 'STRAY_HOLDS_DATA', node: node.name, message: `${node.name}: ${message}`, hint }];
    });
}

function obstacle({ pid, command }: StrayProcess, redis: Pair['redis']): string | null {
  const name = `process ${pid} (${command}), which systemd does not own,`;
  if (!redis || redis.processId !== pid) return `${name} cannot be read, so nothing is known of its data.`;
  return redis.role === 'master' && redis.keys > 0 ? `${name} is a master with ${redis.keys} keys.` : null;
}
