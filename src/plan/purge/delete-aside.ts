import type { DeleteAside } from '../../domain/action.ts';
import { folderFor, listed } from './move-aside.ts';
import type { NodeRemains } from './remains.ts';

export function deleteAside(found: NodeRemains): DeleteAside {
  const { desired } = found.pair;
  const folder = folderFor(found);
  const files = [...found.aside, ...found.unused.map((file) => ({ ...file, aside: `${folder}/${file.path}` }))];
  const own = found.unused.length > 0 ? [folder] : [];
  const what = files.length === 0 ? 'the empty folder of an earlier purge' : listed(files);
  return {
    kind: 'delete-aside',
    node: desired.name,
    summary: `Delete ${what}, once the cluster is verified with a write`,
    disruptive: files.length > 0,
    reason: 'This cannot be undone. Data that no Redis keeps on disk is then in memory only.',
    directory: desired.dataDirectory,
    folders: [...new Set([...found.folders, ...own])],
    files,
  };
}
