import type { Action, DirectiveChange, HeldData } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import { isWritable } from '../../domain/unit/as-asked.ts';
import { directoryActions } from '../host/make-directory.ts';
import { fateOf } from './in-place.ts';
import { loadsText } from './start-data.ts';

/** Why the running Redis would have to be started again; empty where it need not. No figures that move: they are approved. */
export function restartReasons(
  node: DesiredNode,
  host: HostFacts,
  redis: RedisUp,
  changes: readonly DirectiveChange[],
  isReplica: boolean,
): readonly string[] {
  const directives = changes.map(
    ({ directive, from, to }) =>
      `${directive} (${from === '' ? '""' : from} → ${to === '' ? '""' : to}) is read at start only`,
  );
  const needsDisk = isReplica || redis.role === 'replica' || wantsPersistence(node);
  const sandboxed = needsDisk && isSandboxed(node, host);
  return [...directives, ...(sandboxed ? [`the running Redis cannot write ${node.dataDirectory}`] : [])];
}

/** Read-only through the unit’s sandbox; where only owner or mode are wrong, setting them is enough. */
export function isSandboxed(node: DesiredNode, host: HostFacts): boolean {
  if (host.dataDirectoryWritable !== false) return false;
  return !isWritable(node.dataDirectory, host.unit) || directoryActions(node, host).length === 0;
}

export function wantsPersistence(node: DesiredNode): boolean {
  const { content } = node.redisConf;
  return (content.get('save') ?? '') !== '' || content.get('appendonly')?.toLowerCase() === 'yes';
}

export function restartUnit(
  node: DesiredNode,
  redis: RedisUp,
  reasons: readonly string[],
  data: HeldData | null,
): Action {
  const loads = loadsText(node, redis);
  return {
    kind: 'restart-unit',
    node: node.name,
    summary: `${data?.kept ? 'Save the data and restart' : 'Restart'} ${node.unit}`,
    disruptive: true,
    reason: `${reasons.join('; ')}. Clients of this node are disconnected. ${data ? `${fateOf(data)} ` : ''}${loads}`,
    unit: node.unit,
    ...(data ? { data } : {}),
  };
}
