import type { RunRecord, RunResult } from '../../domain/run/run.ts';
import type { Chat } from '../../ports/chat.ts';
import type { DeploymentNews } from '../../domain/git/deployment.ts';
import type { RepositoryPorts } from '../repositories/repository.ts';
import type { MessageReference } from '../../domain/chat/message.ts';

const COMMIT = /^[0-9a-f]{40}$/;

/** A run on GitHub: a deployment to its cluster’s environment, and the status of its commit. */
export interface OutcomeOnGitHub {
  /** For a merge that is waiting or running. */
  standing(state: 'queued' | 'in_progress' | 'pending', description: string): void;
  /** Waits until everything is reported or given up. */
  end(result: RunResult): Promise<void>;
}

type Attempt = <T>(what: string, say: () => Promise<T>) => Promise<T | null>;

/**
 * Failures of GitHub are logged and delay nothing. Runs requested in Slack are reported at their end if they changed
 * the environment’s commit.
 */
export function outcomeOnGitHub(
  run: RunRecord,
  root: MessageReference | null,
  attempt: Attempt,
  ports: { chat: Chat } & Pick<RepositoryPorts, 'gitHub'>,
): OutcomeOnGitHub {
  const deployments = ports.gitHub?.deployments;
  let last = '';
  let saying: Promise<unknown> = Promise.resolve();
  const link = root ? attempt('link to the thread', () => ports.chat.permalink(root)) : Promise.resolve(null);
  const tell = (commit: string, state: DeploymentNews['state'], description: string): void => {
    const said = `${state} ${description}`;
    if (!deployments || run.goal.kind !== 'converge' || !COMMIT.test(commit) || said === last) return;
    last = said;
    const { run: name, cluster } = run;
    saying = saying.then(() =>
      attempt('tell GitHub of the run', async () =>
        deployments.report({ run: name, cluster, commit, state, description, url: await link }),
      ),
    );
  };
  const isMerge = run.origin.from === 'github';
  return {
    standing(state, description) {
      if (isMerge) tell(run.revision, state, description);
    },
    async end(result) {
      const carriedOut = result.outcome !== 'refused';
      if (isMerge || carriedOut)
        tell(isMerge ? run.revision : result.revision, deploymentStateOf(result), result.message);
      await saying;
    },
  };
}

function deploymentStateOf({ outcome, code }: RunResult): DeploymentNews['state'] {
  if (code === 'SUPERSEDED') return 'inactive';
  return outcome === 'done' || outcome === 'nothing-to-do' ? 'success' : 'failure';
}
