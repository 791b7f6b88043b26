import { ConfigInvalid } from '../domain/error.ts';
import type { Problems } from './problems.ts';
import type { ConfigSource } from '../ports/git.ts';

export type FileText = { state: 'read'; text: string } | { state: 'absent' } | { state: 'unreadable' };

/** A file that cannot be read (too large, not UTF-8) is a problem like others. */
export async function readFile(source: ConfigSource, path: string, problems: Problems): Promise<FileText> {
  try {
    const text = await source.read(path);
    return text === null ? { state: 'absent' } : { state: 'read', text };
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    for (const { message, ...at } of error.problems) problems.add(at, message);
    return { state: 'unreadable' };
  }
}
