import type { GitHubClient } from './client.ts';
import type { OpenPullRequest, ProposedChange } from '../../ports/git.ts';

/** The open pull request from that branch of this repository; null if there is none. */
export async function pullRequestFrom(
  client: GitHubClient,
  base: string,
  name: string,
): Promise<OpenPullRequest | null> {
  const { place } = client;
  const open = await client.ask(`pull request of ${name}`, (octokit) =>
    octokit.rest.pulls.list({ ...place, state: 'open', base, head: `${place.owner}:${name}` }),
  );
  const own = open.find(({ head }) => head.ref === name && head.repo?.full_name === `${place.owner}/${place.repo}`);
  return own ? { number: own.number, url: own.html_url, head: own.head.sha } : null;
}

export async function createPullRequest(
  client: GitHubClient,
  base: string,
  change: ProposedChange,
): Promise<{ number: number; url: string }> {
  const { place } = client;
  const { name, title, body } = change;
  const isNew = await begin(client, base, change);
  try {
    await addCommit(client, change);
    const opened = await client.ask(`pull request of ${name}`, (octokit) =>
      octokit.rest.pulls.create({ ...place, title, body, head: name, base }),
    );
    return { number: opened.number, url: opened.html_url };
  } catch (error) {
    // A branch without its pull request is useless.
    if (isNew)
      await client
        .ask(`branch ${name}`, (octokit) => octokit.rest.git.deleteRef({ ...place, ref: `heads/${name}` }))
        .catch(() => undefined);
    throw error;
  }
}

/** Adds a commit to the branch. Fails if someone else’s commit came in between. */
export async function addCommit(
  client: GitHubClient,
  { name, revision, path, text, title }: Omit<ProposedChange, 'body'>,
): Promise<void> {
  const { place } = client;
  const present = await client.ask(`${path} at ${revision}`, (octokit) =>
    octokit.rest.repos.getContent({ ...place, path, ref: revision }),
  );
  const sha = Array.isArray(present) ? {} : { sha: present.sha };
  const content = Buffer.from(text).toString('base64');
  await client.ask(`commit on ${name}`, (octokit) =>
    octokit.rest.repos.createOrUpdateFileContents({ ...place, path, branch: name, message: title, content, ...sha }),
  );
}

/** Creates the branch; one of ours that outlived its pull request is reset. Returns whether it is new. */
async function begin(client: GitHubClient, base: string, { name, revision }: ProposedChange): Promise<boolean> {
  const { place } = client;
  const ref = `heads/${name}`;
  const present = await client.find(`branch ${name}`, (octokit) => octokit.rest.git.getRef({ ...place, ref }));
  const isFree = present !== null && (await pullRequestFrom(client, base, name)) === null;
  await client.ask(`branch ${name}`, (octokit) =>
    isFree
      ? octokit.rest.git.updateRef({ ...place, ref, sha: revision, force: true })
      : octokit.rest.git.createRef({ ...place, ref: `refs/${ref}`, sha: revision }),
  );
  return !isFree;
}
