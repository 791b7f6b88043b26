import type { Action } from '../../domain/action.ts';
import type { DesiredDirectory, DesiredNode } from '../../domain/desired.ts';
import type { FileFacts, HostFacts } from '../../domain/facts.ts';
import { isUsable } from '../../domain/unit/data-directories.ts';

/** Directories that are missing, or that Redis cannot use. One that works keeps its owner and mode. */
export function directoryActions(node: DesiredNode, host: HostFacts): readonly Action[] {
  return node.directories.flatMap((wanted) => {
    const present = host.files.get(wanted.path);
    return isUsable(present, wanted) ? [] : [directoryAction(node, wanted, present)];
  });
}

function directoryAction(node: DesiredNode, wanted: DesiredDirectory, present: FileFacts | undefined): Action {
  const { path, owner, group, mode } = wanted;
  const there = present?.exists === true;
  return {
    kind: 'make-directory',
    node: node.name,
    summary: `${there ? 'Set owner and mode of' : 'Create'} ${path} (${owner}:${group} ${mode})`,
    disruptive: false,
    reason: there ? 'Redis must be able to write to it.' : 'It does not exist.',
    path,
    owner,
    group,
    mode,
  };
}
