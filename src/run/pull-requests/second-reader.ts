import { readPolicy } from '../../desired/questions.ts';
import type { PullRequest } from '../../domain/git/pull-request.ts';
import { relationTo } from '../../domain/run/participants.ts';
import type { ConfigSource, PullRequests } from '../../ports/git.ts';
import type { Askers } from '../../ports/store.ts';
import { withAskers } from '../life/participants.ts';

export interface ReaderPorts {
  pullRequests: PullRequests;
  store: Pick<Askers, 'askersOf'>;
}

/** A pull request that redisops opened for someone. */
export interface OpenedFor {
  askers: readonly string[];
  /** GitHub logins that approve its head. */
  approvals: readonly string[];
}

/** Number of approvals examined. */
const MOST_APPROVALS = 20;

/** Null for a pull request that a person opened: GitHub asks its author for another reviewer. */
export async function openedFor(
  { url, number, head }: PullRequest,
  { pullRequests, store }: ReaderPorts,
): Promise<OpenedFor | null> {
  const askers = url === undefined ? [] : await store.askersOf(url);
  if (askers.length === 0) return null;
  return { askers, approvals: (await pullRequests.approvals(number, head)).slice(0, MOST_APPROVALS) };
}

/**
 * What the pull request waits for, in words: someone with write access, listed in `people` at the base, who did not ask
 * for it and wrote none of it. Null if such a person approved it.
 */
export async function awaitedReader(
  { number }: Pick<PullRequest, 'number'>,
  { askers, approvals }: OpenedFor,
  { base, cluster }: { base: ConfigSource; cluster: string },
  { pullRequests }: Pick<ReaderPorts, 'pullRequests'>,
): Promise<string | null> {
  const people = (await readPolicy(base, cluster))?.people ?? new Map<string, string>();
  const participants = withAskers((await pullRequests.peopleOf(number)).people, askers);
  for (const login of approvals) {
    const user = people.get(login);
    if (user === undefined || relationTo(user, participants, people).is !== 'other') continue;
    if (await pullRequests.mayWrite(login)) return null;
  }
  return `Waits for an approving review by someone other than ${askers.join(', ')}, who asked for it`;
}
