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
  const running = own ? runningMisfits(node, own.configFile) : [];
  const misfits = isUnread(node, unit, dropInChanges) ? [] : misfitsOf(node, unit);
  // What runs must be brought in line first: that remedy covers the unit’s command too.
  const others = running.length > 0 ? misfits.filter(({ code }) => code !== 'CONFIG_FILE_NOT_READ') : misfits;
  return [...running, ...others].map((misfit) => ({ node: node.name, ...misfit }));
}
