import { ConfigInvalid } from '../domain/error.ts';
import type { ConfigSource } from '../ports.ts';
import type { Problems } from './problems.ts';

/** The file’s text; null where there is none, or where it cannot be read (too large, not UTF-8): a problem like others. */
export async function readFile(source: ConfigSource, path: string, problems: Problems): Promise<string | null> {
  try {
    return await source.read(path);
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    for (const { message, ...at } of error.problems) problems.add(at, message);
    return null;
  }
}
