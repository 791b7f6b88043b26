import type { DirectiveChange } from '../domain/action.ts';
import type { DesiredNode } from '../domain/desired.ts';
import { memoryBytes } from '../domain/directive-value.ts';
import type { HostFacts, RedisUp } from '../domain/facts.ts';
import type { Risk } from '../domain/plan.ts';
import { isSandboxed } from './restart.ts';

/** What is worth knowing before a running node is changed. */
export function runningRisks(
  node: DesiredNode,
  host: HostFacts,
  redis: RedisUp,
  live: readonly DirectiveChange[],
  restartReasons: readonly string[],
): readonly Risk[] {
  return [...memoryRisk(node, redis, live), ...(restartReasons.length === 0 ? sandboxRisk(node, host) : [])];
}

export function memoryRisk({ name }: DesiredNode, redis: RedisUp, live: readonly DirectiveChange[]): readonly Risk[] {
  const limit = memoryBytes(live.find(({ directive }) => directive === 'maxmemory')?.to ?? '');
  if (limit === null || limit === 0 || limit >= redis.usedMemoryBytes || redis.role !== 'master') return [];
  const policy =
    live.find(({ directive }) => directive === 'maxmemory-policy')?.to ?? redis.configuration.get('maxmemory-policy');
  const effect =
    policy === 'noeviction' ? 'writes will be refused' : `keys will be evicted (${policy ?? 'policy unknown'})`;
  return [
    {
      code: null,
      node: name,
      message: `${name} uses ${redis.usedMemoryBytes} bytes, more than the new maxmemory of ${limit}: ${effect}.`,
    },
  ];
}

function sandboxRisk(node: DesiredNode, host: HostFacts): readonly Risk[] {
  if (!isSandboxed(node, host)) return [];
  return [
    {
      code: 'DATA_DIRECTORY_READ_ONLY',
      node: node.name,
      message: `${node.name}: the running Redis cannot write ${node.dataDirectory}. It need not while it is a master without persistence; it must before it becomes a replica.`,
    },
  ];
}
