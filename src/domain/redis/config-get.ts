/** CONFIG GET’s reply, names and values in turn. What is no such reply has nothing in it: those settings are unknown. */
export function settingsIn(reply: unknown): ReadonlyMap<string, string> {
  const words: readonly unknown[] = Array.isArray(reply) ? reply : [];
  return new Map(
    words.flatMap((name, at): [string, string][] => {
      const value = words[at + 1];
      return at % 2 === 0 && typeof name === 'string' && typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}
