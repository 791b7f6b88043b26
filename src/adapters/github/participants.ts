import { gitHubParticipant, type Deed, type Participant } from '../../domain/run/participants.ts';
import type { PullRequestPeople, Wrote } from '../../ports/git.ts';
import type { GitHubClient } from './client.ts';
import { compared } from './comparison.ts';

const PER_PAGE = 100;
/** A longer range is not read: its participants are unknown. */
const MOST_PAGES = 50;
/** GitHub lists at most this many commits of a pull request (docs.github.com/rest/pulls/pulls). */
const LISTED_OF_PULL_REQUEST = 250;

interface Account {
  login?: string;
  type?: string;
}

interface FoundCommit {
  sha: string;
  commit: { message: string; author: Signature | null; committer: Signature | null };
  author: Account | null;
  committer: Account | null;
}

interface Signature {
  name?: string;
  email?: string;
}

/** Authors, committers and co-authors of the commits after `base` up to `head`. */
export async function writersBetween(client: GitHubClient, base: string, head: string): Promise<readonly Wrote[]> {
  const found: FoundCommit[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { commits, total_commits } = await compared(client, base, head, { per_page: PER_PAGE, page });
    found.push(...commits);
    if (new Set(found.map(({ sha }) => sha)).size >= total_commits) return writersOf(client, found);
    if (commits.length === 0) break;
  }
  return [...(await writersOf(client, found)), unread(`commits up to ${head.slice(0, 12)} that GitHub does not list`)];
}

/** Who opened, merged and wrote a pull request. */
export async function pullRequestPeople(client: GitHubClient, number: number): Promise<PullRequestPeople> {
  const pull = await client.ask(`#${number}`, (octokit) =>
    octokit.rest.pulls.get({ ...client.place, pull_number: number }),
  );
  const own = await client.login();
  const listed = pull.commits > LISTED_OF_PULL_REQUEST ? null : await writersListed(client, number, pull.commits);
  const wrote = listed ?? (await writersBetween(client, pull.base.sha, pull.head.sha));
  return {
    url: pull.html_url,
    people: [
      accountOf(pull.user, 'opened', own, `the person who opened #${number}`),
      ...(pull.merged_at === null ? [] : [mergerOf(pull.merged_by, number)]),
      ...wrote,
    ],
  };
}

/** Null if GitHub does not list all of them. */
async function writersListed(client: GitHubClient, number: number, expected: number): Promise<readonly Wrote[] | null> {
  const found: FoundCommit[] = [];
  for (let page = 1; found.length < expected; page += 1) {
    const commits = await client.find(`commits of #${number}`, (octokit) =>
      octokit.rest.pulls.listCommits({ ...client.place, pull_number: number, per_page: PER_PAGE, page }),
    );
    if (!commits || commits.length === 0) return null;
    found.push(...commits);
  }
  return writersOf(client, found);
}

/** Even redisops’s own account: it merges nothing by itself. */
function mergerOf(merger: Account | null, number: number): Participant {
  const read = accountOf(merger, 'merged', '', `the person who merged #${number}`);
  return read.kind === 'redisops' ? unread(`the person who merged #${number}`) : read;
}

async function writersOf(client: GitHubClient, commits: readonly FoundCommit[]): Promise<readonly Wrote[]> {
  const own = await client.login();
  const byEmail = new Map<string, string>();
  for (const { commit, author, committer } of commits) {
    keep(byEmail, commit.author, author);
    keep(byEmail, commit.committer, committer);
  }
  return commits.flatMap(({ sha, commit, author, committer }): readonly Wrote[] => [
    accountOf(author, 'committed', own, `the author of commit ${sha.slice(0, 12)}`),
    // GitHub’s own commits: merges, squashes, edits in the browser.
    ...(committer?.login === 'web-flow'
      ? []
      : [accountOf(committer, 'committed', own, `the committer of commit ${sha.slice(0, 12)}`)]),
    ...coAuthors(commit.message, byEmail),
  ]);
}

function keep(byEmail: Map<string, string>, signature: Signature | null, account: Account | null): void {
  if (signature?.email && account?.login) byEmail.set(signature.email.toLowerCase(), account.login);
}

function accountOf(account: Account | null, did: Deed, own: string, otherwise: string): Wrote {
  const login = account?.login;
  if (login === undefined || login === '') return { kind: 'unknown', who: otherwise, did };
  if (own !== '' && login.toLowerCase() === own.toLowerCase())
    return { kind: 'redisops', login: login.toLowerCase(), did };
  if (account?.type !== undefined && account.type !== 'User') return { kind: 'unknown', who: login.toLowerCase(), did };
  return gitHubParticipant(login, did);
}

function unread(who: string): Participant {
  return { kind: 'unknown', who, did: 'committed' };
}

const CO_AUTHOR = /^co-authored-by:[^<\n]{0,200}<([^<>\s]{1,200})>/gim;
/** `12345+login@users.noreply.github.com` (docs.github.com, “Setting your commit email address”). */
const NO_REPLY = /^(?:\d{1,12}\+)?([a-z0-9][\w-]{0,60}(?:\[bot\])?)@users\.noreply\.github\.com$/i;

/** Co-authors whose account is known. The others are only claimed: the author and the committer count for the commit. */
function coAuthors(message: string, byEmail: ReadonlyMap<string, string>): readonly Participant[] {
  return [...message.matchAll(CO_AUTHOR)].flatMap(([, email = '']) => {
    const login = byEmail.get(email.toLowerCase()) ?? NO_REPLY.exec(email)?.[1];
    const found = login === undefined ? null : gitHubParticipant(login, 'committed');
    // A bot as co-author adds nobody.
    return found?.kind === 'github' ? [found] : [];
  });
}
