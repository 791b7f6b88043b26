import { policyOfCluster } from '../desired/questions.ts';
import { localCommits } from '../adapters/git/local-commits.ts';
import { readHistory } from '../adapters/store/run-log.ts';
import { underRulesOf } from '../desired/rules/read-rules.ts';
import { appliedCommits, commitToRestore, type AppliedCommit } from '../domain/run/applied.ts';
import { RedisopsError } from '../domain/error.ts';
import type { RunRecord } from '../domain/run/run.ts';
import type { ConfigSource } from '../ports/git.ts';
import type { Answer } from './answer.ts';
import type { Options } from './arguments/invocation.ts';
import { change } from './change.ts';
import type { Context } from './context.ts';
import { withStore } from './queue-store.ts';

/** Number of a cluster’s runs to examine. */
const LOOK_BACK = 200;

/** Restores an earlier commit of the checkout’s repository, under the checked-out redisops.yml. */
export async function rollback(context: Context, { run, ...consent }: Options['rollback']): Promise<Answer> {
  const { cluster } = await policyOfCluster(context.source, context.cluster);
  const commits = await commitsOf(cluster, context);
  const revision = commitToRestore(commits, run, { cluster, history: 'redisops history' });
  const source = underRulesOf(context.source, await commitOf(revision, context));
  return change({ kind: 'rollback', revision }, consent, { ...context, cluster, source });
}

/** @throws ROLLBACK_NOWHERE if the commit is not in the checkout’s history. */
async function commitOf(revision: string, { repo }: Context): Promise<ConfigSource> {
  const commits = localCommits(repo);
  if (await commits.isAncestor(revision)) return commits.at(revision);
  throw new RedisopsError(
    'ROLLBACK_NOWHERE',
    `Commit ${revision.slice(0, 12)} is not in the history of what is checked out in ${repo}.`,
    {
      hint: 'Check out the branch, with its history (a shallow clone has none). You can always revert the pull request in Git.',
    },
  );
}

/** From the command line’s runs, and the bot’s if readable. A failed run may have changed nodes. */
async function commitsOf(cluster: string, context: Context): Promise<readonly AppliedCommit[]> {
  const { runs: own } = await readHistory(context.settings.STATE_DIR, cluster, LOOK_BACK);
  const bots = await withStore(context.settings, (store) => store.runs(cluster, LOOK_BACK)).catch(
    (error: RedisopsError) => {
      context.tell(`The bot’s runs cannot be seen from here: ${error.message}`);
      return [];
    },
  );
  const known = new Map<string, RunRecord>();
  for (const record of [...own, ...bots]) known.set(record.run, record);
  const newestFirst = [...known.values()].toSorted((a, b) => b.requestedAt.localeCompare(a.requestedAt));
  return appliedCommits(newestFirst, new Set(known.keys()));
}
