import type { DirectiveChange } from '../../domain/action.ts';
import { memoryBytes } from '../../domain/redis/directive-value.ts';
import type { RedisUp } from '../../domain/facts.ts';
import { openingsOf } from './openings.ts';
import { isHarmless, type Surroundings } from './harmless.ts';

/**
 * Why each CONFIG SET that is not known to be harmless needs an approval. Contains no changing figures, since it is
 * approved.
 */
export function disruptionsOf(changes: readonly DirectiveChange[], surroundings: Surroundings): readonly string[] {
  return changes.flatMap((change) => (isHarmless(change, surroundings) ? [] : [disruptionOf(change)]));
}

/** What is known of it; the rest could be anything. */
function disruptionOf(change: DirectiveChange): string {
  const [opening] = openingsOf([change]);
  return opening?.message ?? effectOf(change) ?? `not known to be harmless: ${change.directive}`;
}

function effectOf({ directive, from, to }: DirectiveChange): string | null {
  switch (directive) {
    case 'requirepass':
      return from === ''
        ? 'clients that send no password are refused'
        : 'clients that send the old password are refused';
    case 'bind':
      return 'an address that clients may use is removed';
    case 'port':
      return 'clients must use the new port';
    case 'protected-mode':
      return 'clients from other hosts may be refused';
    case 'maxclients':
      return 'fewer clients can connect';
    case 'maxmemory':
      return memoryEffect(from, to);
    case 'maxmemory-policy':
      return 'once memory is full, other keys are evicted or writes refused';
    case 'maxmemory-clients':
    case 'client-output-buffer-limit':
    case 'timeout':
      return `clients may be disconnected (${directive})`;
    case 'min-replicas-to-write':
      return 'writes are refused while too few replicas are in sync';
    case 'appendonly':
      return to === 'no' ? 'the append-only file is switched off' : 'the append-only file is switched on';
    case 'save':
      return to === '' ? 'snapshots are switched off' : 'snapshots are taken at other times';
    default:
      return null;
  }
}

function memoryEffect(from: string, to: string): string {
  const [before, limit] = [memoryBytes(from) ?? 0, memoryBytes(to) ?? 0];
  if (limit === 0) return 'without maxmemory, Redis may use up the node’s memory';
  return before > 0 && limit >= before
    ? 'the new maxmemory is more than the node has'
    : 'the new maxmemory is below the memory in use, or hardly above it: keys are evicted or writes refused';
}

/**
 * Whether the memory in use exceeds the new limit, by a lower limit or another policy. Only on a master: its replicas
 * follow its evictions.
 */
export function exceedsMemory(redis: RedisUp, changes: readonly DirectiveChange[]): boolean {
  const change = (name: string) => changes.find(({ directive }) => directive === name);
  const before = memoryBytes(change('maxmemory')?.from ?? redis.configuration.get('maxmemory') ?? '') ?? 0;
  const limit = memoryBytes(change('maxmemory')?.to ?? '') ?? before;
  const harder = change('maxmemory-policy') !== undefined || before === 0 || limit < before;
  return redis.role === 'master' && harder && limit > 0 && limit < redis.usedMemoryBytes;
}
