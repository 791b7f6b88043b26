import { createHash } from 'node:crypto';
import type { AsideFile, MoveAside } from '../../domain/action.ts';
import { ASIDE_PREFIX } from '../../domain/redis/remains.ts';
import type { NodeRemains } from './remains.ts';

export function moveAside(found: NodeRemains): MoveAside {
  const { desired } = found.pair;
  return {
    kind: 'move-aside',
    node: desired.name,
    summary: `Move ${listed(found.unused)} aside, into ${desired.dataDirectory}/${folderFor(found)}`,
    disruptive: true,
    reason: `No running Redis uses ${found.unused.length === 1 ? 'it' : 'them'}. A start by hand would not find the data any more.`,
    directory: desired.dataDirectory,
    folder: folderFor(found),
    files: found.unused,
  };
}

/** Derived from the files, so that the same plan has the same digest. */
export function folderFor({ unused }: NodeRemains): string {
  const hash = createHash('sha256').update(JSON.stringify(unused)).digest('hex');
  return `${ASIDE_PREFIX}${hash.slice(0, 12)}`;
}

export function listed(files: readonly AsideFile[]): string {
  const most = 4;
  const names = files.slice(0, most).map(({ path, bytes }) => `${path} (${bytes} bytes)`);
  const more = files.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
