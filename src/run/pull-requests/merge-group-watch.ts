import { asRedisopsError } from '../../domain/error.ts';
import { watch, type Watch } from '../watch.ts';
import { planMergeGroup } from './plan-merge-group.ts';
import type { PullRequestPorts } from './plan-pull-request.ts';

/**
 * Plans the groups in the branch’s merge queue, for their checks. Webhooks are only hints: groups are branches, which
 * are listed at intervals. Plans one at a time, once; a failed one is retried with the next list.
 * @param everyMs From one list to the next.
 */
export function watchMergeGroups(
  ports: PullRequestPorts,
  everyMs = 60_000,
  plan: (commit: string, ports: PullRequestPorts) => Promise<{ title: string }> = planMergeGroup,
): Watch {
  const { log, pullRequests, branch } = ports;
  const planned = new Set<string>();

  const take = async (commit: string): Promise<void> => {
    try {
      const { title } = await plan(commit, ports);
      planned.add(commit);
      log.info({ commit, title }, 'planned a merge group');
    } catch (error) {
      log.warn({ commit, error: asRedisopsError(error) }, 'a merge group could not be planned; retrying');
    }
  };
  return watch(async (closing) => {
    try {
      const groups = await pullRequests.mergeGroups(branch);
      for (const commit of planned) if (!groups.includes(commit)) planned.delete(commit);
      for (const commit of groups) if (!closing.aborted && !planned.has(commit)) await take(commit);
    } catch (error) {
      log.warn({ error: asRedisopsError(error) }, 'the merge queue could not be listed');
    }
    return everyMs;
  }, ports.clock);
}
