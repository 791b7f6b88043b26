import type { DeploymentNote } from '../../domain/chat/note.ts';
import type { DeploymentNews } from '../../domain/git/deployment.ts';
import type { RunRecord, RunResult } from '../../domain/run/run.ts';

const COMMIT = /^[0-9a-f]{40}$/;

/** A merge that has not ended. */
export type Standing = 'queued' | 'in_progress' | 'pending';

/** What a merge shows on GitHub while it waits or runs: a deployment to its cluster’s environment. Null for other runs. */
export function deploymentOf(run: RunRecord, state: Standing, description: string): DeploymentNote | null {
  return run.origin.from === 'github' ? deployment(run, run.revision, state, description) : null;
}

/** How it ended. Runs requested in Slack are reported if they changed the environment’s commit. */
export function deploymentAtEnd(run: RunRecord, result: RunResult): DeploymentNote | null {
  const isMerge = run.origin.from === 'github';
  if (!isMerge && result.outcome === 'refused') return null;
  return deployment(run, isMerge ? run.revision : result.revision, stateOf(result), result.message);
}

function deployment(
  { run, cluster, goal }: RunRecord,
  commit: string,
  state: DeploymentNews['state'],
  description: string,
): DeploymentNote | null {
  if (goal.kind !== 'converge' || !COMMIT.test(commit)) return null;
  return { kind: 'deployment', news: { run, cluster, commit, state, description } };
}

function stateOf({ outcome, code }: RunResult): DeploymentNews['state'] {
  if (code === 'SUPERSEDED') return 'inactive';
  return outcome === 'done' || outcome === 'nothing-to-do' ? 'success' : 'failure';
}
