import { RedisopsError } from '../error.ts';
import { isCommitName } from '../git/commit-name.ts';
import type { RunRecord } from './run.ts';

/** A commit applied to the nodes, and the run that first applied it. */
export interface AppliedCommit {
  revision: string;
  run: string;
  /** Whether a run of it ended with a healthy cluster. */
  verified: boolean;
}

/**
 * Commits applied one after the other, newest last, without those rolled back. `runs` newest first; `changed` are the
 * runs that touched nodes. A run that failed midway counts; one that never began does not.
 */
export function appliedCommits(runs: readonly RunRecord[], changed: ReadonlySet<string>): readonly AppliedCommit[] {
  const commits: AppliedCommit[] = [];
  for (const { run, goal, revision, status } of runs.toReversed()) {
    const ended = status === 'done' || status === 'nothing-to-do';
    if (goal.kind === 'rollback' && ended) {
      const at = commits.findLastIndex((commit) => commit.revision === goal.revision);
      if (at !== -1) commits.length = at + 1;
    }
    if (goal.kind !== 'converge' || revision === '') continue;
    const last = commits.at(-1);
    if (last?.revision === revision) commits[commits.length - 1] = { ...last, verified: last.verified || ended };
    else if (ended || (status === 'failed' && changed.has(run))) commits.push({ revision, run, verified: ended });
  }
  return commits;
}

/** The last commit with a healthy cluster before a run, or before the newest one; null if unknown. */
export function commitBefore(commits: readonly AppliedCommit[], run: string | null): string | null {
  const at = run === null ? commits.length - 1 : commits.findIndex((commit) => commit.run === run);
  const before = at === -1 ? [] : commits.slice(0, at);
  return before.findLast(({ verified }) => verified)?.revision ?? null;
}

/**
 * The commit to roll back to: the one before a run, or before the newest one.
 * @param history The command that lists runs, for the hint.
 * @throws ROLLBACK_NOWHERE
 */
export function commitToRestore(
  commits: readonly AppliedCommit[],
  run: string | null,
  { cluster, history }: { cluster: string; history: string },
): string {
  const nowhere = (message: string) =>
    new RedisopsError('ROLLBACK_NOWHERE', message, {
      hint: `\`${history}\` lists the last runs. You can always revert the pull request in Git.`,
    });
  if (run !== null && !commits.some((commit) => commit.run === run))
    throw nowhere(`No run ${run.slice(0, 60)} applied a new commit to ${cluster}.`);
  const revision = commitBefore(commits, run);
  if (revision === null) throw nowhere(`No earlier commit of ${cluster} is known.`);
  if (!isCommitName(revision)) throw nowhere(`What ${cluster} had before was read from files that are in no commit.`);
  return revision;
}

/** Whether the last configuration change was a rollback: Git then still asks for what was rolled back. */
export function isRolledBack(runs: readonly RunRecord[]): boolean {
  const last = runs.find(
    ({ goal, status }) =>
      (goal.kind === 'converge' || goal.kind === 'rollback') &&
      (status === 'done' || status === 'nothing-to-do' || status === 'failed'),
  );
  return last?.goal.kind === 'rollback';
}
