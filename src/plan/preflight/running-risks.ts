import type { DirectiveChange } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import { memoryBytes } from '../../domain/redis/directive-value.ts';
import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import type { Risk } from '../../domain/plan.ts';
import { bytes } from '../../domain/text/figures.ts';
import { exceedsMemory } from '../directives/disruption.ts';
import { openedAddresses } from './opened-addresses.ts';
import { isSandboxed } from '../restart/restart.ts';

/** Risks of changing a running node. */
export function runningRisks(
  node: DesiredNode,
  host: HostFacts,
  redis: RedisUp,
  live: readonly DirectiveChange[],
  restartReasons: readonly string[],
): readonly Risk[] {
  return [
    ...memoryRisk(node, redis, live),
    ...openedAddresses(node.name, redis, live),
    ...(restartReasons.length === 0 ? sandboxRisk(node, host) : []),
  ];
}

function memoryRisk({ name }: DesiredNode, redis: RedisUp, live: readonly DirectiveChange[]): readonly Risk[] {
  if (!exceedsMemory(redis, live)) return [];
  const willBe = (name: string) =>
    live.find(({ directive }) => directive === name)?.to ?? redis.configuration.get(name);
  const policy = willBe('maxmemory-policy');
  const effect =
    policy === 'noeviction' ? 'writes will be refused' : `keys will be evicted (${policy ?? 'policy unknown'})`;
  return [
    {
      code: null,
      node: name,
      message: `${name} uses ${bytes(redis.usedMemoryBytes)}, more than the maxmemory of ${bytes(memoryBytes(willBe('maxmemory') ?? '') ?? 0)}: ${effect}.`,
    },
  ];
}

function sandboxRisk(node: DesiredNode, host: HostFacts): readonly Risk[] {
  if (!isSandboxed(node, host)) return [];
  return [
    {
      code: 'DATA_DIRECTORY_READ_ONLY',
      node: node.name,
      message: `${node.name}: the running Redis cannot write ${node.dataDirectory}. A master without persistence does not need to. It must before it becomes a replica.`,
    },
  ];
}
