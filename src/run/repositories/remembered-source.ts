import type { ConfigSource } from '../../ports/git.ts';

/** The same files, each asked for once. A failure is not remembered. */
export function rememberedSource(source: ConfigSource): ConfigSource {
  const texts = new Map<string, Promise<string | null>>();
  return {
    ...source,
    read(path) {
      const known = texts.get(path);
      if (known) return known;
      const reading = source.read(path);
      texts.set(path, reading);
      reading.catch(() => texts.delete(path));
      return reading;
    },
  };
}
