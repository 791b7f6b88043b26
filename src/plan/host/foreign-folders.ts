import type { Action, MakeDirectory } from '../../domain/action.ts';
import type { HostFacts, PresentFile } from '../../domain/facts.ts';
import { nodeWords } from '../../domain/node-words.ts';
import type { Blocker } from '../../domain/plan.ts';
import { isOfRedis, isUsable, parentsOf } from '../../domain/unit/data-directories.ts';

const MOST_NAMES = 5;

/** Folders that belong to something else: they get no other owner, and Redis writes nothing into them. */
export function foreignFolderBlockers(actions: readonly Action[], { files }: HostFacts): readonly Blocker[] {
  const made = actions.filter((action): action is MakeDirectory => action.kind === 'make-directory');
  const paths = new Set(made.map(({ path }) => path));
  return made.flatMap((action): readonly Blocker[] => {
    const present = files.get(action.path);
    if (present?.exists) return isForeign(present) ? [inUse(action, present)] : [];
    const [parent = '/'] = parentsOf(action.path).filter((path) => paths.has(path) || files.get(path)?.exists);
    const above = files.get(parent);
    // A folder that is made or judged itself, or one that Redis may write to.
    if (paths.has(parent) || !above?.exists || isUsable(above, action)) return [];
    return above.owner === 'root' ? [] : [below(action, parent, above)];
  });
}

/** Neither empty nor full of what Redis writes. */
function isForeign({ type, holds = [] }: PresentFile): boolean {
  return type !== 'directory' || holds.some((name) => !isOfRedis(name));
}

function inUse({ node, path }: MakeDirectory, { type, owner, group, holds = [] }: PresentFile): Blocker {
  const names = holds.filter((name) => !isOfRedis(name));
  const shown = nodeWords(names.slice(0, MOST_NAMES).join(', '));
  const more = names.length > MOST_NAMES ? ' and more' : '';
  const what =
    type === 'directory'
      ? `belongs to ${owner}:${group} and holds ${shown}${more}: it is not Redis’s`
      : `is not a folder (${owner}:${group})`;
  return blocker(node, `${path} on ${node} ${what}.`);
}

function below({ node, path }: MakeDirectory, parent: string, { owner, group }: PresentFile): Blocker {
  return blocker(node, `${path} on ${node} would be made in ${parent}, which belongs to ${owner}:${group}.`);
}

function blocker(node: string, message: string): Blocker {
  const hint = 'Give Redis a folder of its own in redis_dir. No changes were made.';
  return { code: 'DIRECTORY_IN_USE', node, message, hint };
}
