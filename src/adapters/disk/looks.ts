import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ZodType } from 'zod';
import type { Looks } from '../../ports/looks.ts';
import { lastLook } from '../../records/last-look.ts';
import { seenSigns } from '../../records/signs.ts';

/**
 * The last look at each cluster in `STATE_DIR/looks`, signs of intrusions in `STATE_DIR/signs`: for a command line
 * without the bot’s store.
 */
export function looksIn(stateDir: string): Looks {
  const read = async <T>(folder: string, cluster: string, schema: ZodType<T>): Promise<T | null> => {
    const text = await readFile(join(stateDir, folder, `${cluster}.json`), 'utf8').catch(() => 'null');
    return schema.nullable().safeParse(parsed(text)).data ?? null;
  };
  const keep = async (folder: string, cluster: string, record: unknown): Promise<void> => {
    await mkdir(join(stateDir, folder), { recursive: true, mode: 0o700 });
    const file = join(stateDir, folder, `${cluster}.json`);
    const made = `${file}.${process.pid}.new`;
    await writeFile(made, JSON.stringify(record), { mode: 0o600 });
    await rename(made, file);
  };
  return {
    lastLook: (cluster) => read('looks', cluster, lastLook),
    keepLook: (cluster, look) => keep('looks', cluster, look),
    signs: (cluster) => read('signs', cluster, seenSigns),
    keepSigns: (cluster, signs) => keep('signs', cluster, signs),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
