import { canonicalName, directiveInfo } from '../redis/directives.ts';
import type { RunningVersion } from './version.ts';

const LAZY_SINCE_VALKEY = 8;
/** `no` in Redis, `yes` in Valkey from 8.0 on: CONFIG GET of a server without a file. */
const LAZY: ReadonlySet<string> = new Set([
  'lazyfree-lazy-eviction',
  'lazyfree-lazy-expire',
  'lazyfree-lazy-server-del',
  'lazyfree-lazy-user-del',
  'lazyfree-lazy-user-flush',
  'replica-lazy-flush',
]);

/** A directive’s default in the server that runs; null for one that CONFIG GET does not know. Without one: Redis 7.0’s. */
export function defaultOf(name: string, running: RunningVersion | null): string | null {
  const valkey = Number.parseInt(running?.valkeyVersion ?? '', 10);
  if (valkey >= LAZY_SINCE_VALKEY && LAZY.has(canonicalName(name))) return 'yes';
  return directiveInfo(name)?.default ?? null;
}
