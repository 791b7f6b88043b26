import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts } from '../../domain/facts.ts';
import type { Blocker } from '../../domain/plan.ts';
import { userOf } from '../../domain/server/server.ts';
import { neededFiles } from '../../domain/unit/needed-files.ts';

/** A start with the new redis.conf would fail: it names a file that the node does not have. */
export function neededFileBlockers(node: DesiredNode, { files }: HostFacts): readonly Blocker[] {
  const { name, redisConf } = node;
  return neededFiles(redisConf.content).flatMap(({ directive, path }): readonly Blocker[] => {
    if (files.get(path)?.exists !== false) return [];
    const message = `${name} has no ${path}, which ${directive} names: Redis would not start.`;
    const hint = `Put the file on the node, readable for the ${userOf(node)} user, or remove ${directive} in Git.`;
    return [{ code: 'FILE_MISSING', node: name, message, hint }];
  });
}
