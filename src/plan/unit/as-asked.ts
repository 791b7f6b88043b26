import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import type { Blocker } from '../../domain/plan.ts';
import { misfitsOf, runningMisfits } from '../../domain/unit/as-asked.ts';
import { isUnread } from './daemon-reload.ts';

/**
 * Redis does not run by the file that is written, or would not after a restart. What systemd has yet to read is looked
 * at once it has.
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
