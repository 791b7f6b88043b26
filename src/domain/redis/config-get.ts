import { senseless } from '../replication/info.ts';

/**
 * Parses a reply of alternating names and values, as of CONFIG GET and of SENTINEL. Unknown directives are missing.
 * @throws REDIS_ERROR for any other reply.
 */
export function settingsIn(reply: unknown): ReadonlyMap<string, string> {
  const words: readonly unknown[] | null = Array.isArray(reply) ? reply : null;
  if (!words || words.length % 2 !== 0) throw senseless('Redis did not answer names and values');
  const texts = words.map((word) => {
    if (typeof word !== 'string') throw senseless('Redis answered what is not text');
    return word;
  });
  return new Map(texts.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, texts[at + 1] ?? '']] : [])));
}
