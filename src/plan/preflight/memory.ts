import { bytes } from '../../domain/text/figures.ts';
import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import type { Limits } from '../../domain/limits.ts';
import type { Blocker, Risk } from '../../domain/plan.ts';
import type { Needs } from './needs.ts';
import { settingOf } from '../directives/setting.ts';
import type { Synchronization } from '../synchronize/synchronizations.ts';
import type { Pair } from '../roles/topology.ts';

/** Share of Redis’s memory copied during a fork even without writes: its own tables, buffers and expiry. */
const COPIED_AT_REST = 0.1;
/** A write copies whole pages of 4 KiB, mostly for scattered keys. */
const COPIED_PER_BYTE = 8;

interface Need {
  /** False: may not be needed, so only a risk. */
  certain: boolean;
  code: Blocker['code'];
  node: string;
  message: string;
  hint: string;
}

/** A replica that loads data needs room for it; a node that sends or saves data forks. */
export function memoryNeeds(synchronizations: readonly Synchronization[], limits: Limits): Needs {
  const needs = [...datasetNeeds(synchronizations), ...forkNeeds(synchronizations, limits)];
  const certain = needs.filter((need) => need.certain);
  return {
    blockers: certain.map(({ code, node, message, hint }) => ({ code, node, message, hint })),
    risks: needs.filter((need) => !need.certain).map(({ code, node, message }): Risk => ({ code, node, message })),
  };
}

function datasetNeeds(synchronizations: readonly Synchronization[]): readonly Need[] {
  return synchronizations.flatMap(({ pair, bytes: dataset, full }): readonly Need[] => {
    if (!full || !pair.facts.reachable) return [];
    const { name } = pair.desired;
    const keepsOld = settingOf(pair, 'repl-diskless-load') === 'swapdb';
    const needed = Math.max(0, dataset - (keepsOld ? 0 : (pair.redis?.datasetBytes ?? 0)));
    const available = pair.facts.host.memoryAvailableBytes;
    if (available >= needed) return [];
    const message = `${name} needs ${bytes(needed)} of memory for its master’s data, has ${bytes(available)}.`;
    return [
      {
        certain: true,
        code: 'MEMORY_SHORT',
        node: name,
        message,
        hint: 'Give the host more memory, or the cluster less data.',
      },
    ];
  });
}

interface Fork {
  pair: Pair;
  redis: RedisUp;
  host: HostFacts;
  purpose: string;
  certain: boolean;
  seconds: number;
}

function forkNeeds(synchronizations: readonly Synchronization[], limits: Limits): readonly Need[] {
  const [first] = synchronizations;
  if (!first) return [];
  const { master } = first;
  const largest = Math.max(...synchronizations.map(({ bytes }) => bytes));
  const seconds = largest / limits.syncBytesPerSecond;
  const full = synchronizations.some((each) => each.full);
  return [
    ...forkOf(master, 'to send its data to a replica', full, seconds),
    ...synchronizations
      .filter(({ pair, restarted }) => restarted && savesByOurs(pair))
      .flatMap(({ pair }) => forkOf(pair, 'to save its data before the restart', true, seconds)),
  ].flatMap(shortOf);
}

function forkOf(pair: Pair, purpose: string, certain: boolean, seconds: number): readonly Fork[] {
  if (!pair.redis || !pair.facts.reachable || pair.redis.keys === 0) return [];
  return [{ pair, redis: pair.redis, host: pair.facts.host, purpose, certain, seconds }];
}

/** If Redis saves at its end by itself, or has an append-only file, there is no snapshot before the restart. */
function savesByOurs({ redis }: Pair): boolean {
  return redis?.configuration.get('save') === '' && redis.configuration.get('appendonly') !== 'yes';
}

function shortOf({ pair, redis, host, purpose, certain, seconds }: Fork): readonly Need[] {
  const { name: node } = pair.desired;
  const need = (isCertain: boolean, message: string, hint: string): readonly Need[] => [
    { certain: isCertain, code: 'MEMORY_SHORT', node, message, hint },
  ];
  const { memory } = host.preflight;
  if (memory === null)
    return need(
      certain,
      `${node} forks ${purpose}; its kernel’s overcommit settings could not be read.`,
      'Check vm.overcommit_memory there.',
    ).map((each) => ({ ...each, code: 'HOST_UNKNOWN' as const }));
  const { usedMemoryBytes: used } = redis;
  if (memory.overcommit === 'never' && memory.uncommittedBytes < used)
    return need(
      certain,
      `${node} forks ${purpose}: with vm.overcommit_memory 2 that needs ${bytes(used)} uncommitted, and ${bytes(memory.uncommittedBytes)} are.`,
      'Set vm.overcommit_memory to 1 there, as Redis recommends.',
    );
  const copied = Math.min(used, used * COPIED_AT_REST + redis.writeBytesPerSecond * seconds * COPIED_PER_BYTE);
  const available = host.memoryAvailableBytes;
  if (available < copied)
    return need(
      certain,
      `${node} forks ${purpose} and needs about ${bytes(copied)} of memory for what is written meanwhile, of the ${bytes(used)} that Redis uses; it has ${bytes(available)}.`,
      'Free memory there, or run it when there are fewer writes.',
    );
  if (memory.overcommit !== 'heuristic' || available >= used) return [];
  return need(
    false,
    `${node} forks ${purpose}: Redis uses ${bytes(used)}, ${bytes(available)} are available, and with vm.overcommit_memory 0 the kernel may refuse. Redis recommends 1.`,
    '',
  );
}
