import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Looks } from '../../ports/looks.ts';
import { lastLook } from '../../records/last-look.ts';

/** The last look at each cluster, in `STATE_DIR/looks`: for a command line without the bot’s store. */
export function looksIn(stateDir: string): Looks {
  const folder = join(stateDir, 'looks');
  const fileOf = (cluster: string) => join(folder, `${cluster}.json`);
  return {
    async lastLook(cluster) {
      const text = await readFile(fileOf(cluster), 'utf8').catch(() => 'null');
      return lastLook.nullable().safeParse(parsed(text)).data ?? null;
    },
    async keepLook(cluster, look) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = fileOf(cluster);
      const made = `${file}.${process.pid}.new`;
      await writeFile(made, JSON.stringify(look), { mode: 0o600 });
      await rename(made, file);
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
