import type { Action } from '../../domain/action.ts';
import type { HostFacts, PresentFile } from '../../domain/facts.ts';
import type { Blocker } from '../../domain/plan.ts';

/** Files that root cannot replace either: hardened with `chattr +i`, on a read-only file system, mounted one by one. */
export function lockedFileBlockers(actions: readonly Action[], { files }: HostFacts): readonly Blocker[] {
  return actions.flatMap((action): readonly Blocker[] => {
    if (action.kind !== 'write-file') return [];
    const { node, path } = action;
    const present = files.get(path);
    if (!present?.exists || !present.locked) return [];
    const { what, hint } = wordsOf(present.locked, path);
    return [{ code: 'FILE_LOCKED', node, message: `${path} on ${node} cannot be replaced: ${what}.`, hint }];
  });
}

function wordsOf(locked: NonNullable<PresentFile['locked']>, path: string): { what: string; hint: string } {
  const folder = path.slice(0, path.lastIndexOf('/'));
  switch (locked) {
    case 'immutable':
      return { what: 'it or its folder is immutable', hint: `Run \`chattr -i ${path} ${folder}\`, then plan again.` };
    case 'append-only':
      return { what: 'it or its folder is append-only', hint: `Run \`chattr -a ${path} ${folder}\`, then plan again.` };
    case 'read-only':
      return { what: 'its file system is read-only', hint: `Remount ${folder} writable, then plan again.` };
    case 'mount point':
      return { what: 'it is a mount point', hint: `Unmount ${path} and leave a plain file there, then plan again.` };
  }
}
