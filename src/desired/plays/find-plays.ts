import { posix } from 'node:path';
import type { ClusterReading } from '../inventory/read-inventory.ts';
import { foldersAround } from './ansible-cfg.ts';
import { looksLikePlaybook } from './syntax/playbook.ts';

const MOST_FILES = 40;

/** The playbooks that redisops.yml names, otherwise those beside the inventory, around it, and in `playbooks`. */
export async function playbooksOf(
  { source, settings, problems }: ClusterReading,
  inventory: string,
): Promise<readonly string[]> {
  const named = settings.play;
  if (named.length > 0) {
    for (const path of named)
      if ((await source.text(path, problems)).state === 'absent')
        problems.add({ file: path, line: 1, column: 1 }, 'is not there, but redisops.yml names it as a playbook');
    return named;
  }
  const folders = foldersAround(inventory).flatMap((folder) => [
    folder,
    posix.join(folder, 'playbooks'),
    posix.join(folder, 'plays'),
  ]);
  const found: string[] = [];
  for (const folder of folders)
    for (const name of (await source.names(folder)).values()) {
      if (!/\.ya?ml$/.test(name) || found.length >= MOST_FILES) continue;
      const path = posix.join(folder, name);
      const text = await source.read(path).catch(() => null);
      if (text !== null && looksLikePlaybook(text)) found.push(path);
    }
  return [...new Set(found)].toSorted();
}
