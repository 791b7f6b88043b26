import type { Action } from '../../domain/action.ts';
import type { HostFacts } from '../../domain/facts.ts';
import type { Blocker } from '../../domain/plan.ts';

/** Nothing is written through a symbolic link: its creator keeps the file elsewhere, and may write it too. */
export function linkBlockers(actions: readonly Action[], { files }: HostFacts): readonly Blocker[] {
  return actions.flatMap((action): readonly Blocker[] => {
    if (action.kind !== 'write-file' && action.kind !== 'make-directory') return [];
    const { node, path, owner, group, mode } = action;
    const present = files.get(path);
    if (!present?.exists || !present.isLink) return [];
    const real = present.realPath ?? 'a place that Redis may not read';
    const hint =
      action.kind === 'write-file'
        ? `Replace the link with the file itself (\`cp --remove-destination ${real} ${path}\`), and stop whatever else writes it.`
        : `Set owner and mode of ${real} yourself (${owner}:${group} ${mode}), or set redis_dir: ${real}.`;
    const message = `${path} on ${node} is a symbolic link to ${real}. redisops does not write through links.`;
    return [{ code: 'PATH_IS_LINK', node, message, hint }];
  });
}
