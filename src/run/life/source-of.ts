import { touchesCluster } from '../../desired/questions.ts';
import { underRulesOf } from '../../desired/rules/read-rules.ts';
import { RedisopsError } from '../../domain/error.ts';
import type { RunRecord, RunStatus } from '../../domain/run/run.ts';
import type { RunPorts } from '../ports.ts';
import type { ConfigSource } from '../../ports/git.ts';
import type { JournalEntry } from '../../domain/run/journal.ts';

/** Number of the cluster’s runs that may have overtaken this one. */
const LOOK_BACK = 50;
/** Statuses of runs that may have changed nodes. */
const CARRIED_OUT: readonly RunStatus[] = ['done', 'nothing-to-do', 'failed'];

/** A merge plans its own commit; a manual run the branch’s head (null), whatever an earlier attempt read. */
export function revisionToPlan({ origin, revision }: RunRecord): string | null {
  return origin.from === 'github' ? revision : null;
}

/**
 * The repository at the run’s revision. A late merge must not take the nodes back behind a newer one, nor to a commit
 * no longer on the branch. A run that has begun continues if no other run came between.
 * @throws SUPERSEDED, and what reading a repository throws.
 */
export async function sourceOf(run: RunRecord, revision: string | null, ports: RunPorts): Promise<ConfigSource> {
  if (run.goal.kind === 'rollback') return rollbackSource(run.goal.revision, ports);
  const source = await ports.source(revision);
  const { gitHub } = ports;
  if (revision === null || run.origin.from !== 'github' || !gitHub) return source;
  const head = await ports.source(null);
  if (head.revision === revision) return source;

  const journal = await ports.store.journal(run.run);
  if (!(await gitHub.commits.isAncestor(revision, head.revision)))
    throw superseded(`Commit ${short(revision)} is no longer on the branch.`, journal, run);
  const passed =
    journal.length > 0
      ? await cameBetween(run, journal, ports)
      : await touchesCluster(head, run.cluster, await gitHub.commits.changedPaths(revision, head.revision));
  if (!passed) return source;
  throw superseded(`The branch is at ${short(head.revision)}, which changes ${run.cluster} again.`, journal, run);
}

/** Only commits still in the branch’s history can be restored. */
async function rollbackSource(revision: string, ports: RunPorts): Promise<ConfigSource> {
  const { gitHub } = ports;
  const head = await ports.source(null);
  if (gitHub && !(await gitHub.commits.isAncestor(revision, head.revision)))
    throw new RedisopsError('ROLLBACK_NOWHERE', `Commit ${short(revision)} is no longer in the branch’s history.`, {
      hint: 'Put what the nodes should have into Git and merge it.',
    });
  return underRulesOf(head, await ports.source(revision));
}

/** Whether another run of the cluster ended after this one’s last step: the nodes may then be at a newer commit. */
async function cameBetween(run: RunRecord, journal: readonly JournalEntry[], { store }: RunPorts): Promise<boolean> {
  const last = Date.parse(journal.at(-1)?.at ?? '');
  const runs = await store.runs(run.cluster, LOOK_BACK);
  return runs.some(
    (other) =>
      other.run !== run.run && CARRIED_OUT.includes(other.status) && Date.parse(other.finishedAt ?? '') >= last,
  );
}

function superseded(message: string, journal: readonly JournalEntry[], { retries }: RunRecord): RedisopsError {
  const begun = 'Some steps of this run were done before its worker died. It is not resumed.';
  const tried = 'An earlier try of this run may have changed nodes.';
  const state = journal.length > 0 ? begun : retries ? tried : 'This run was not applied.';
  return new RedisopsError('SUPERSEDED', message, {
    hint: `The branch head is applied by its own merge or by \`/redis apply\`. ${state}`,
  });
}

function short(revision: string): string {
  return revision.slice(0, 12);
}
