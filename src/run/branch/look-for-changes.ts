import { touchesCluster, clustersOf, readDirectPushes } from '../../desired/questions.ts';
import { type DirectPushes } from '../../desired/rules/read-rules.ts';
import { changesOf, type BranchChange } from '../../domain/git/branch.ts';
import { asRedisopsError } from '../../domain/error.ts';
import type { Code } from '../../domain/code.ts';
import type { Report } from '../../domain/report.ts';
import type { RunRecord } from '../../domain/run/run.ts';
import { pushedReport, rewrittenReport, takenReport, unreadableReport } from '../../report/cluster/branch-report.ts';
import { channelOf } from '../thread/channel-of.ts';
import { AnnouncedMerges } from './announced-merges.ts';
import { describeChange, enqueueChange, runOfCommit, type EnqueuePorts } from './enqueue-change.ts';
import type { ThreadPorts } from '../thread/thread.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Commits } from '../../ports/git.ts';

export interface ChangePorts extends EnqueuePorts, Pick<ThreadPorts, 'source' | 'defaultChannel' | 'log'> {
  /** `owner/name` */
  repository: string;
  commits: Commits;
  chat: Pick<Chat, 'post'>;
  branch: string;
  /** The other repository that owns the cluster; null if none does. */
  takenBy(cluster: string): Promise<string | null>;
}

/** Branches of two repositories may share a name. */
function branchKey({ repository, branch }: Pick<ChangePorts, 'repository' | 'branch'>): string {
  return `${repository.toLowerCase()}:${branch}`;
}

/** A configuration that no further look makes readable. */
const BROKEN: readonly Code[] = ['CONFIG_INVALID', 'CONFIG_MISSING', 'CONFIG_TOO_COSTLY'];

/** GitHub may need time to link a commit to its pull request: until then it counts as neither merge nor push. */
const KNOWN_WITHIN_MS = 20_000;

/** Looks at the branch. Returns whether to look again soon. */
export type Look = () => Promise<boolean>;

/**
 * Queues a run for each change on the branch since the last look. Each change is handled once, with or without a
 * webhook: the last handled commit is stored, and moves only after the runs exist; a run is named by cluster and
 * commit, so a crash in between queues nothing twice. On the first look, everything there counts as handled.
 * @throws GITHUB_FAILED, QUEUE_FAILED: the next look sees the same changes again.
 */
export function lookForChanges(ports: ChangePorts, announced = new AnnouncedMerges()): Look {
  const { commits, store, clock, branch, log } = ports;
  const unknownSince = new Map<string, number>();
  /** Whether GitHub may still link the change to a pull request. */
  const mayBeKnownLater = ({ commit, pullRequest }: BranchChange): boolean => {
    if (pullRequest !== null) return false;
    const now = clock.now().getTime();
    const since = unknownSince.get(commit) ?? now;
    unknownSince.set(commit, since);
    return now - since < KNOWN_WITHIN_MS;
  };

  return async () => {
    const head = await commits.head(branch);
    const place = branchKey(ports);
    let handled = await store.lastHandledCommit(place);
    if (handled === head) return false;
    if (handled === null) {
      log.info({ branch, head }, 'the branch is followed from here on');
      await store.markHandled(place, null, head);
      return false;
    }
    const news = await commits.since(branch, handled, head);
    if (news === null) {
      await reportRewritten(handled, head, ports);
      await store.markHandled(place, handled, head);
      return false;
    }
    for (const change of changesOf(announced.complete(news))) {
      if (mayBeKnownLater(change)) return true;
      await handle(change, ports);
      await store.markHandled(place, handled, change.commit);
      handled = change.commit;
    }
    unknownSince.clear();
    return false;
  };
}

async function handle(change: BranchChange, ports: ChangePorts): Promise<void> {
  const { commits, log } = ports;
  try {
    const source = commits.at(change.commit);
    const changed = await commits.changedPaths(change.base, change.commit);
    for (const cluster of await clustersOf(source)) {
      if (!(await touchesCluster(source, cluster, changed))) continue;
      const owner = await ports.takenBy(cluster);
      if (owner !== null) {
        await post(takenReport(cluster, change, ports.repository, owner), ports.defaultChannel, ports);
        continue;
      }
      const pushes = change.pullRequest === null ? await readDirectPushes(commits.at(change.base), cluster) : null;
      if (pushes === null || pushes === 'apply') await enqueueChange(cluster, change, ports);
      else await refusePush(cluster, change, pushes, ports);
    }
  } catch (thrown) {
    const error = asRedisopsError(thrown);
    // A broken configuration is not read again: the change that fixes it queues everything.
    if (!BROKEN.includes(error.code)) throw error;
    log.warn({ commit: change.commit, error }, 'what came onto the branch cannot be read');
    await post(unreadableReport(change, ports.repository, error), ports.defaultChannel, ports);
  }
}

/** Records and reports, once, a push without a pull request that the cluster’s rules refuse. */
async function refusePush(
  cluster: string,
  change: BranchChange,
  pushes: DirectPushes,
  ports: ChangePorts,
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
  await post(pushedReport(cluster, change), await channelOf(cluster, ports), ports);
}

async function reportRewritten(handled: string, head: string, ports: ChangePorts): Promise<void> {
  ports.log.warn({ handled, head }, 'the branch was rewritten');
  await post(rewrittenReport(ports, handled, head), ports.defaultChannel, ports);
}

async function post(report: Report, channel: string, { chat, log }: ChangePorts): Promise<void> {
  await chat.post(channel, report).catch((error: unknown) => log.warn({ error }, 'could not post about the branch'));
}
