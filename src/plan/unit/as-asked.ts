import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import type { Blocker } from '../../domain/plan.ts';
import { misfitsOf, runningMisfits } from '../../domain/unit/as-asked.ts';
import { isUnread } from './daemon-reload.ts';

/**
 * Redis does not, or after a restart would not, use the managed file. Files that systemd has not read yet are checked
 * afterwards.
 */
export function unitBlockers(
  node: DesiredNode,
  { unit }: HostFacts,
  own: RedisUp | null,
  dropInChanges: boolean,
): readonly Blocker[] {
  const misfits = isUnread(node, unit, dropInChanges) ? [] : misfitsOf(node, unit);
  const running = own ? runningMisfits(node, own.configFile) : [];
  return [...misfits, ...running].map((misfit) => ({ node: node.name, ...misfit }));
}
