import { senseless } from '../replication/info.ts';

/**
 * Parses CONFIG GET’s reply: alternating names and values. Unknown directives are missing.
 * @throws REDIS_ERROR for any other reply.
 */
export function settingsIn(reply: unknown): ReadonlyMap<string, string> {
  const words: readonly unknown[] | null = Array.isArray(reply) ? reply : null;
  if (!words || words.length % 2 !== 0) throw senseless('CONFIG GET did not answer names and values');
  const texts = words.map((word) => {
    if (typeof word !== 'string') throw senseless('CONFIG GET answered what is not text');
    return word;
  });
  return new Map(texts.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, texts[at + 1] ?? '']] : [])));
}
