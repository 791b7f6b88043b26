import type { DirectiveChange } from '../../domain/action.ts';
import { memoryBytes } from '../../domain/redis/directive-value.ts';
import { listensOn } from '../../domain/redis/bind.ts';
import type { RedisUp } from '../../domain/facts.ts';

/**
 * What users would notice of a CONFIG SET: lost keys, refused clients or writes, weaker protection. Anything listed
 * needs an approval. Contains no changing figures, since it is approved.
 */
export function disruptionsOf(redis: RedisUp, changes: readonly DirectiveChange[]): readonly string[] {
  return [
    ...(exceedsMemory(redis, changes)
      ? ['the new maxmemory is below the memory in use: keys are evicted or writes refused']
      : []),
    ...changes.flatMap((change) => disruptionOf(change, redis) ?? []),
  ];
}

function disruptionOf({ directive, from, to }: DirectiveChange, redis: RedisUp): string | null {
  switch (directive) {
    case 'requirepass':
      return from === ''
        ? 'clients that send no password are refused'
        : 'clients that send the old password are refused';
    case 'bind':
      return wordsOf(from).every((address) => listensOn(to, address))
        ? null
        : 'an address that clients may use is removed';
    case 'port':
      return 'clients must use the new port';
    case 'protected-mode':
      return to === 'yes' ? 'clients from other hosts may be refused' : null;
    case 'maxclients':
      return Number(to) < Number(from) ? 'fewer clients can connect' : null;
    case 'min-replicas-to-write':
      return redis.role === 'master' && Number(to) > inSync(redis)
        ? 'writes are refused: too few replicas are in sync'
        : null;
    case 'appendonly':
      return redis.keys > 0 && to === 'no' ? 'the append-only file is switched off' : null;
    case 'save':
      return redis.keys > 0 && from !== '' && to === '' ? 'snapshots are switched off' : null;
    default:
      return null;
  }
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

function inSync({ replicas }: RedisUp): number {
  return replicas.filter(({ state }) => state === 'online').length;
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '' && !word.startsWith('-'));
}
