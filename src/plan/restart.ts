import type { DirectiveChange } from '../domain/action.ts';
import type { DesiredNode } from '../domain/desired.ts';
import type { HostFacts, RedisUp } from '../domain/facts.ts';
import type { Blocker } from '../domain/plan.ts';
import { directivesOf } from '../domain/redis-conf.ts';
import { directoryActions } from './file-actions.ts';

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

/** Read-only through the unit’s sandbox; where owner or mode are wrong, setting them is enough. */
export function isSandboxed(node: DesiredNode, host: HostFacts): boolean {
  return host.dataDirectoryWritable === false && directoryActions(node, host).length === 0;
}

export function wantsPersistence(node: DesiredNode): boolean {
  const values = new Map(directivesOf(node.redisConf.content).map(({ name, value }) => [name, value]));
  return (values.get('save') ?? '') !== '' || values.get('appendonly') === 'yes';
}

/** A master that holds data is not restarted: it would come back empty, and its replicas would copy the emptiness. */
export function restartBlockers(node: string, redis: RedisUp, reasons: readonly string[]): readonly Blocker[] {
  if (reasons.length === 0 || redis.role !== 'master' || redis.keys === 0) return [];
  return [
    {
      code: 'MASTER_RESTART_HOLDS_DATA',
      node,
      message: `${node} is a master with ${redis.keys} keys and would have to be restarted: ${reasons.join('; ')}.`,
      hint: 'Restarting a master without losing a write is not available yet. Leave these directives as they run, or move them by hand.',
    },
  ];
}
