import { z } from 'zod';
import type { GitHubClient } from './client.ts';
import type { DeploymentNews } from '../../domain/git/deployment.ts';
import type { Deployments } from '../../ports/git.ts';

const TASK = 'redisops';
const LONGEST_DESCRIPTION = 140;
const payload = z.object({ run: z.string() });

/** One deployment per run, to an environment named after its cluster; and a commit status, which commit lists show. */
export function gitHubDeployments(client: GitHubClient): Deployments {
  const ids = new Map<string, number>();
  return {
    async report(news) {
      // Each is useful alone, and needs its own permission.
      const told = await Promise.allSettled([deploy(news), setStatus(client, news)]);
      for (const each of told) if (each.status === 'rejected') throw each.reason;
    },
  };

  async function deploy(news: DeploymentNews): Promise<void> {
    const id = ids.get(news.run) ?? (await found(client, news)) ?? (await made(client, news));
    ids.set(news.run, id);
    if (isOver(news.state)) ids.delete(news.run);
    await client.ask(`deployment ${id}`, (octokit) =>
      octokit.rest.repos.createDeploymentStatus({
        ...client.place,
        deployment_id: id,
        state: news.state,
        description: news.description.slice(0, LONGEST_DESCRIPTION),
        ...(news.url === null ? {} : { log_url: news.url }),
      }),
    );
  }
}

async function setStatus(client: GitHubClient, news: DeploymentNews): Promise<void> {
  await client.ask(`status of ${news.commit}`, (octokit) =>
    octokit.rest.repos.createCommitStatus({
      ...client.place,
      sha: news.commit,
      state: statusStateOf(news.state),
      context: `redisops/apply ${news.cluster}`,
      description: news.description.slice(0, LONGEST_DESCRIPTION),
      ...(news.url === null ? {} : { target_url: news.url }),
    }),
  );
}

function isOver(state: DeploymentNews['state']): boolean {
  return state === 'success' || state === 'failure' || state === 'inactive';
}

/** The deployment created for the run by an earlier worker. */
async function found(client: GitHubClient, { run, commit, cluster }: DeploymentNews): Promise<number | null> {
  const deployments = await client.ask(`deployments of ${commit}`, (octokit) =>
    octokit.rest.repos.listDeployments({ ...client.place, sha: commit, environment: cluster, task: TASK }),
  );
  return deployments.find((deployment) => runOf(deployment.payload) === run)?.id ?? null;
}

function runOf(given: unknown): string | null {
  const parsed = payload.safeParse(given);
  return parsed.success ? parsed.data.run : null;
}

async function made(client: GitHubClient, { run, commit, cluster, description }: DeploymentNews): Promise<number> {
  const { id } = await client.ask(`deployment of ${commit}`, async (octokit) => {
    const { data } = await octokit.rest.repos.createDeployment({
      ...client.place,
      ref: commit,
      environment: cluster,
      task: TASK,
      description: description.slice(0, LONGEST_DESCRIPTION),
      payload: { run },
      // Deploys exactly this commit: no merge, and no checks required.
      auto_merge: false,
      required_contexts: [],
    });
    if ('id' in data) return { data: { id: data.id } };
    throw new Error(`there is none: ${data.message ?? 'no reason'}`);
  });
  return id;
}

function statusStateOf(state: DeploymentNews['state']): 'pending' | 'success' | 'failure' | 'error' {
  switch (state) {
    case 'queued':
    case 'in_progress':
    case 'pending':
      return 'pending';
    case 'success':
      return 'success';
    case 'failure':
      return 'failure';
    case 'inactive':
      return 'error';
  }
}
