import { senseless } from '../replication/info.ts';

/**
 * CONFIG GET’s reply: names and values in turn. A directive that Redis does not know is missing.
 * @throws REDIS_ERROR where the reply is not that.
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
