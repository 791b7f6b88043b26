import { touchesCluster } from '../../desired/questions.ts';
import { isCommitName } from '../../domain/git/commit-name.ts';
import { distinct, requesterOf, type Participant } from '../../domain/run/participants.ts';
import type { RunRecord } from '../../domain/run/run.ts';
import type { Commits, ConfigSource, GitHub, PullRequestPeople, Wrote } from '../../ports/git.ts';
import type { Askers } from '../../ports/store.ts';
import type { RunPorts } from '../ports.ts';
import { commitsOf } from './applied-commits.ts';

/** Number of the cluster’s runs to examine. */
const LOOK_BACK = 200;
/** A longer range is not read commit by commit: its participants are unknown. */
const MOST_COMMITS = 200;

/**
 * Everyone who brought what a run would do: who asked for it, and the people of every commit since the last applied
 * one, so that a denied or expired merge does not come back as somebody else’s run.
 * @param revision The commit that was planned.
 * @throws GITHUB_FAILED, QUEUE_FAILED
 */
export async function participantsOf(
  record: RunRecord,
  revision: string,
  ports: RunPorts,
): Promise<readonly Participant[]> {
  const requester = requesterOf(record.origin);
  const { gitHub } = ports;
  const isOfGit = record.goal.kind === 'converge' || record.goal.kind === 'rollback';
  if (!isOfGit || !gitHub || !isCommitName(revision)) return requester;
  const source = await ports.source(revision);
  const people = new ChangePeople(source, record.cluster, gitHub, ports.store);
  const own = await ofMerge(record, revision, people);
  return distinct([...requester, ...own, ...(await ofEarlier(record, revision, people, ports))]);
}

/** Those of the merge itself. A push has no known ones: its commits claim who wrote them. */
async function ofMerge(
  { origin: { from, pullRequest }, base }: RunRecord,
  revision: string,
  people: ChangePeople,
): Promise<readonly Participant[]> {
  if (from !== 'github' || pullRequest === undefined) return [];
  return people.ofChange(base ?? revision, revision, pullRequest);
}

/** Those of what the branch got before, and the nodes did not; for a rollback, of what it takes back. */
async function ofEarlier(
  record: RunRecord,
  revision: string,
  people: ChangePeople,
  ports: RunPorts,
): Promise<readonly Participant[]> {
  if (record.goal.kind === 'rollback') return people.ofRange(record.goal.revision, (await ports.source(null)).revision);
  const from = await appliedBefore(record, ports);
  if (from !== null) return people.ofRange(from, record.base ?? revision);
  if (record.base !== undefined) return [];
  return [unknown('the person who brought the commits that are not applied yet')];
}

/** The last applied commit; without one, the commit before the first known merge. */
async function appliedBefore(record: RunRecord, { store }: RunPorts): Promise<string | null> {
  const applied = (await commitsOf(record.cluster, store)).at(-1);
  if (applied) return applied.revision;
  const runs = await store.runs(record.cluster, LOOK_BACK);
  return runs.findLast(({ base }) => base !== undefined)?.base ?? null;
}

type GitHubPeople = Pick<GitHub, 'pullRequests'> & { commits: Commits };

/** The people of changes that touch a cluster. */
class ChangePeople {
  readonly #source: ConfigSource;
  readonly #cluster: string;
  readonly #gitHub: GitHubPeople;
  readonly #store: Askers;
  readonly #pullRequests = new Map<number, Promise<PullRequestPeople>>();

  constructor(source: ConfigSource, cluster: string, gitHub: GitHubPeople, store: Askers) {
    this.#source = source;
    this.#cluster = cluster;
    this.#gitHub = gitHub;
    this.#store = store;
  }

  /** @param pullRequest The one that brought the commits; null for a push. */
  async ofChange(base: string, head: string, pullRequest: number | null): Promise<readonly Participant[]> {
    const wrote = base === head ? [] : await this.#gitHub.commits.writersBetween(base, head);
    if (pullRequest === null) return [...requesterOf({ from: 'github', actor: '' }), ...withAskers(wrote, [])];
    const { url, people } = await this.#pullRequest(pullRequest);
    return withAskers([...people, ...wrote], await this.#store.askersOf(url));
  }

  /** A rebase brings many commits of one pull request: it is asked for once. */
  #pullRequest(number: number): Promise<PullRequestPeople> {
    const found = this.#pullRequests.get(number) ?? this.#gitHub.pullRequests.peopleOf(number);
    this.#pullRequests.set(number, found);
    return found;
  }

  /** Nobody, if the whole range leaves the cluster as it is. */
  async ofRange(base: string, head: string): Promise<readonly Participant[]> {
    const { commits } = this.#gitHub;
    if (base === head) return [];
    if (!isCommitName(base)) return [unknown('the person who changed the files that were applied last')];
    if (!(await commits.isAncestor(base, head)))
      return (await commits.isAncestor(head, base)) ? [] : [unknown('the person who rewrote the branch')];
    if (!(await this.#touches(base, head))) return [];
    const line = await commits.lineBetween(base, head);
    if (line === null || line.length > MOST_COMMITS) return [unknown('the person who brought the earlier commits')];
    const found: Participant[] = [];
    for (const { sha, parent } of line)
      if (await this.#touches(parent, sha))
        found.push(...(await this.ofChange(parent, sha, await this.#gitHub.pullRequests.bringing(sha))));
    return found;
  }

  async #touches(base: string, head: string): Promise<boolean> {
    return touchesCluster(this.#source, this.#cluster, await this.#gitHub.commits.changedPaths(base, head));
  }
}

/** Those who asked stand for redisops’s own account. */
export function withAskers(people: readonly Wrote[], askers: readonly string[]): readonly Participant[] {
  const asked = askers.map((user): Participant => ({ kind: 'slack', user, did: 'set' }));
  const read = people.flatMap((each): readonly Participant[] => {
    if (each.kind !== 'redisops') return [each];
    const { login, did } = each;
    if (!login.endsWith('[bot]'))
      return [{ kind: 'github', login, did, ...(asked.length === 0 ? {} : { forOthers: true as const }) }];
    return asked.length === 0 ? [{ kind: 'unknown', who: `the person who asked ${login}`, did }] : [];
  });
  return [...asked, ...read];
}

function unknown(who: string): Participant {
  return { kind: 'unknown', who, did: 'committed' };
}
