import { touchesCluster } from '../../desired/managed-paths.ts';
import { clustersOf, readDirectPushes, type DirectPushes } from '../../desired/rules/read-rules.ts';
import { changesOf, type BranchChange, type BranchCommit, type ToldMerge } from '../../domain/git/branch.ts';
import { asRedisopsError } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
import type { RunRecord } from '../../domain/run/run.ts';
import { pushedReport, rewrittenReport, takenReport, unreadableReport } from '../../report/cluster/branch-report.ts';
import { channelOf } from '../thread/channel-of.ts';
import { describeChange, enqueueChange, runOfCommit, type MergePorts } from './merge.ts';
import type { ThreadPorts } from '../thread/thread.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Commits } from '../../ports/git.ts';

export interface ReconcilePorts extends MergePorts, Pick<ThreadPorts, 'source' | 'defaultChannel' | 'log'> {
  /** `owner/name` */
  repository: string;
  commits: Commits;
  chat: Pick<Chat, 'post'>;
  branch: string;
  /** The other repository that has this cluster; null where there is none. */
  takenBy(cluster: string): Promise<string | null>;
}

/** Branches of two repositories have the same name. */
function followed({ repository, branch }: Pick<ReconcilePorts, 'repository' | 'branch'>): string {
  return `${repository.toLowerCase()}:${branch}`;
}

/** Merges that webhooks told of, in case GitHub does not know yet by which pull request a commit came; the newest ones. */
export class ToldMerges {
  readonly #byCommit = new Map<string, ToldMerge['pullRequest']>();

  keep({ commit, pullRequest }: ToldMerge): void {
    this.#byCommit.delete(commit);
    this.#byCommit.set(commit, pullRequest);
    const [oldest] = this.#byCommit.keys();
    if (this.#byCommit.size > MOST_TOLD && oldest !== undefined) this.#byCommit.delete(oldest);
  }

  complete(commits: readonly BranchCommit[]): readonly BranchCommit[] {
    return commits.map((commit) => ({
      ...commit,
      pullRequest: commit.pullRequest ?? this.#byCommit.get(commit.sha) ?? null,
    }));
  }
}

const MOST_TOLD = 1000;

/** GitHub may not know at once by which pull request a commit came: so long one counts as pushed by nobody’s leave. */
const KNOWN_WITHIN_MS = 20_000;

/** One look at the branch. Answers whether there should be another one soon. */
export type Look = () => Promise<boolean>;

/**
 * What came onto the branch since it was looked at last is applied, or said to be superseded, each once: a webhook is
 * a hint only. The commit up to which all is settled is kept; it moves on only after the runs were created, and a run is
 * named by cluster and commit, so a death in between does nothing twice. The first look settles everything that is there.
 * @throws GITHUB_FAILED, QUEUE_FAILED: what was not settled is looked at again.
 */
export function reconciler(ports: ReconcilePorts, told = new ToldMerges()): Look {
  const { commits, store, clock, branch, log } = ports;
  const unknownSince = new Map<string, number>();
  /** Whether a change that came by no pull request may be one whose pull request is not known yet. */
  const mayBeKnownLater = ({ commit, pullRequest }: BranchChange): boolean => {
    if (pullRequest !== null) return false;
    const now = clock.now().getTime();
    const since = unknownSince.get(commit) ?? now;
    unknownSince.set(commit, since);
    return now - since < KNOWN_WITHIN_MS;
  };

  return async () => {
    const head = await commits.head(branch);
    const place = followed(ports);
    let settled = await store.settledCommit(place);
    if (settled === head) return false;
    if (settled === null) {
      log.info({ branch, head }, 'the branch is followed from here on');
      await store.settleCommit(place, null, head);
      return false;
    }
    const news = await commits.since(branch, settled, head);
    if (news === null) {
      await tellRewritten(settled, head, ports);
      await store.settleCommit(place, settled, head);
      return false;
    }
    for (const change of changesOf(told.complete(news))) {
      if (mayBeKnownLater(change)) return true;
      await settle(change, ports);
      await store.settleCommit(place, settled, change.commit);
      settled = change.commit;
    }
    unknownSince.clear();
    return false;
  };
}

async function settle(change: BranchChange, ports: ReconcilePorts): Promise<void> {
  const { commits, log } = ports;
  try {
    const source = commits.at(change.commit);
    const changed = await commits.changedPaths(change.base, change.commit);
    for (const cluster of await clustersOf(source)) {
      if (!(await touchesCluster(source, cluster, changed))) continue;
      const owner = await ports.takenBy(cluster);
      if (owner !== null) {
        await say(takenReport(cluster, change, ports.repository, owner), ports.defaultChannel, ports);
        continue;
      }
      const pushes = change.pullRequest === null ? await readDirectPushes(source, cluster) : null;
      if (pushes === null || pushes === 'apply') await enqueueChange(cluster, change, ports);
      else await leave(cluster, change, pushes, ports);
    }
  } catch (thrown) {
    const error = asRedisopsError(thrown);
    // A configuration that cannot be read is not read again and again: the change that mends it brings all of it.
    if (error.code !== 'CONFIG_INVALID' && error.code !== 'CONFIG_MISSING') throw error;
    log.warn({ commit: change.commit, error }, 'what came onto the branch cannot be read');
    await say(unreadableReport(change, ports.repository, error), ports.defaultChannel, ports);
  }
}

/** A push without a pull request, where the cluster’s rules do not apply it: said once, and in the history. */
async function leave(
  cluster: string,
  change: BranchChange,
  pushes: DirectPushes,
  ports: ReconcilePorts,
): Promise<void> {
  const { store, clock } = ports;
  const now = clock.now();
  const record: RunRecord = {
    ...runOfCommit(cluster, change, now),
    status: 'refused',
    code: 'DIRECT_PUSH',
    message: `${change.author} pushed this without a pull request.`,
    finishedAt: now.toISOString(),
    durationMs: 0,
  };
  if (!(await store.createRun(record, describeChange(change))) || pushes !== 'tell') return;
  await say(pushedReport(cluster, change), await channelOf(cluster, ports), ports);
}

async function tellRewritten(settled: string, head: string, ports: ReconcilePorts): Promise<void> {
  ports.log.warn({ settled, head }, 'the branch was rewritten');
  await say(rewrittenReport(ports, settled, head), ports.defaultChannel, ports);
}

async function say(report: Report, channel: string, { chat, log }: ReconcilePorts): Promise<void> {
  await chat.post(channel, report).catch((error: unknown) => log.warn({ error }, 'could not tell of the branch'));
}
