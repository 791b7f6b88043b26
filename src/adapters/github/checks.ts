import type { Annotation, CheckConclusion } from '../../domain/git/pull-request.ts';
import { isForbidden, type GitHubClient } from './client.ts';
import type { CheckResult, OpenCheck } from '../../ports/git.ts';

/** The name for branch protection. */
const CHECK = 'redisops/plan';
/** Limit per request; further requests add more. */
const ANNOTATIONS_AT_ONCE = 50;
/** Nobody reads more. */
const MOST_ANNOTATIONS = 500;
const LONGEST_DESCRIPTION = 140;

/**
 * A check run, or a commit status of the same name if the credentials may not write check runs. Null if they may write
 * neither.
 */
export async function openCheck(
  client: GitHubClient,
  head: string,
  title: string,
  writesChecks: boolean,
): Promise<OpenCheck | null> {
  const run = writesChecks ? await openCheckRun(client, head, title) : null;
  if (run) return run;
  if (!(await setStatus(client, head, 'pending', title, null))) return null;
  return {
    async end({ conclusion, title: ending, url }) {
      await setStatus(client, head, statusStateOf(conclusion), ending, url);
    },
  };
}

async function openCheckRun(client: GitHubClient, head: string, title: string): Promise<OpenCheck | null> {
  const { place } = client;
  // Left behind by a bot that died.
  const known = await client.ask(`checks of ${head}`, (octokit) =>
    orForbidden(octokit.rest.checks.listForRef({ ...place, ref: head, check_name: CHECK, filter: 'latest' })),
  );
  const left = known?.check_runs.find(({ status }) => status !== 'completed');
  const run = left ?? (await createdRun(client, head, title));
  if (!run) return null;
  const { id } = run;
  return { end: (result) => endCheckRun(client, id, result) };
}

function createdRun(client: GitHubClient, head: string, title: string): Promise<{ id: number } | null> {
  return client.ask(`check of ${head}`, (octokit) =>
    orForbidden(
      octokit.rest.checks.create({
        ...client.place,
        name: CHECK,
        head_sha: head,
        status: 'in_progress',
        output: { title, summary: 'Reading the nodes. Nothing is changed.' },
      }),
    ),
  );
}

async function orForbidden<T>(asking: Promise<{ data: T }>): Promise<{ data: T | null }> {
  try {
    return await asking;
  } catch (error) {
    if (isForbidden(error)) return { data: null };
    throw error;
  }
}

/** Annotations first, the conclusion with the last of them: they are all there once it arrives. */
async function endCheckRun(client: GitHubClient, id: number, result: CheckResult): Promise<void> {
  const batches = batchesOf(result.annotations.slice(0, MOST_ANNOTATIONS));
  for (const [at, annotations] of batches.entries()) {
    const isLast = at === batches.length - 1;
    await client.ask(`check ${id}`, (octokit) =>
      octokit.rest.checks.update({
        ...client.place,
        check_run_id: id,
        output: { title: result.title, summary: result.summary, annotations: annotations.map(annotationOf) },
        ...(result.url === null ? {} : { details_url: result.url }),
        ...(isLast ? { conclusion: result.conclusion } : {}),
      }),
    );
  }
}

function batchesOf(annotations: readonly Annotation[]): readonly (readonly Annotation[])[] {
  const batches = Math.max(1, Math.ceil(annotations.length / ANNOTATIONS_AT_ONCE));
  return Array.from({ length: batches }, (_, at) =>
    annotations.slice(at * ANNOTATIONS_AT_ONCE, (at + 1) * ANNOTATIONS_AT_ONCE),
  );
}

function annotationOf({ path, line, level, title, message }: Annotation) {
  return { path, start_line: line, end_line: line, annotation_level: level, title: title.slice(0, 255), message };
}

type State = 'pending' | 'success' | 'failure' | 'error';

/** A status has no neutral state, and only pending asks for a person. */
function statusStateOf(conclusion: CheckConclusion): State {
  switch (conclusion) {
    case 'success':
    case 'neutral':
      return 'success';
    case 'failure':
      return 'failure';
    case 'action_required':
      return 'pending';
    case 'cancelled':
      return 'error';
  }
}

/** False if the credentials may not. */
async function setStatus(
  client: GitHubClient,
  sha: string,
  state: State,
  title: string,
  url: string | null,
): Promise<boolean> {
  const description = title.slice(0, LONGEST_DESCRIPTION);
  const target = url === null ? {} : { target_url: url };
  const set = await client.ask(`status of ${sha}`, (octokit) =>
    orForbidden(
      octokit.rest.repos.createCommitStatus({ ...client.place, sha, state, context: CHECK, description, ...target }),
    ),
  );
  return set !== null;
}
