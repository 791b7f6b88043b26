import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts } from '../../domain/facts.ts';
import type { Blocker } from '../../domain/plan.ts';
import { neededFiles, type NeededFile } from '../../domain/unit/needed-files.ts';

/** A start with the new redis.conf would fail: it names a file, or a folder for one, that the node does not have. */
export function neededFileBlockers(node: DesiredNode, host: HostFacts): readonly Blocker[] {
  const { name, redisConf } = node;
  const missing = neededFiles(redisConf.content).filter(
    (needed) => host.files.get(needed.path)?.exists === false && !isMadeByPlan(needed, node, host),
  );
  return missing.map(({ directive, kind, path }) => ({
    code: 'FILE_MISSING',
    node: name,
    message: `${name} has no ${path}, which ${directive} names: Redis would not start.`,
    hint:
      kind === 'folder'
        ? `Run \`install -d -o redis -g redis -m 750 ${path}\` on ${name}, then plan again.`
        : `Put the file on the node, readable for the redis user, or remove ${directive} in Git.`,
  }));
}

/** The package brings the folder of Redis’s log. */
function isMadeByPlan(
  { kind, path }: NeededFile,
  { directories }: DesiredNode,
  { package: { installed } }: HostFacts,
): boolean {
  return kind === 'folder' && (!installed || directories.some((directory) => directory.path === path));
}
