import type { Action, DirectiveChange, HeldData, RestartEffect } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import { isWritable } from '../../domain/unit/as-asked.ts';
import { directoryActions } from '../host/make-directory.ts';
import { fateOf } from './in-place.ts';
import { loadsText } from './start-data.ts';

/** The changes that the restart is for. */
export function restartEffect(
  node: DesiredNode,
  host: HostFacts,
  redis: RedisUp,
  directives: readonly DirectiveChange[],
  isReplica: boolean,
): RestartEffect {
  const needsDisk = isReplica || redis.role === 'replica' || wantsPersistence(node);
  return { directives, writable: needsDisk && isSandboxed(node, host) ? node.dataDirectory : null };
}

/** Why Redis must be restarted; empty if it need not. Contains no changing figures, since they are approved. */
export function restartReasons({ directives, writable }: RestartEffect): readonly string[] {
  const changed = directives.map(
    ({ directive, from, to }) =>
      `${directive} (${from === '' ? '""' : from} → ${to === '' ? '""' : to}) ${directive === 'maxclients' ? 'needs more open files than the running process may have' : 'is read at start only'}`,
  );
  return [...changed, ...(writable === null ? [] : [`the running Redis cannot write ${writable}`])];
}

/** Read-only by the unit’s sandbox; if only owner or mode are wrong, setting them is enough. */
export function isSandboxed(node: DesiredNode, host: HostFacts): boolean {
  if (host.dataDirectoryWritable !== false) return false;
  return !isWritable(node.dataDirectory, host.unit) || directoryActions(node, host).length === 0;
}

export function wantsPersistence(node: DesiredNode): boolean {
  const { content } = node.redisConf;
  return (content.get('save') ?? '') !== '' || content.get('appendonly')?.toLowerCase() === 'yes';
}

export function restartUnit(node: DesiredNode, redis: RedisUp, effect: RestartEffect, data: HeldData | null): Action {
  const reasons = restartReasons(effect);
  const loads = loadsText(node, redis);
  return {
    kind: 'restart-unit',
    node: node.name,
    summary: `${data?.kept ? 'Save the data and restart' : 'Restart'} ${node.unit}`,
    disruptive: true,
    reason: `${reasons.join('; ')}. Clients of this node are disconnected. ${data ? `${fateOf(data)} ` : ''}${loads}`,
    unit: node.unit,
    ...(data ? { data } : {}),
    effect,
  };
}
