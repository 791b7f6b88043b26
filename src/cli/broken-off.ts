import { createHash } from 'node:crypto';
import type { OpenRun, OpenRuns } from '../adapters/store/open-run.ts';
import type { Goal } from '../domain/goal.ts';
import type { Proposal } from '../operation.ts';
import type { Context } from './context.ts';

/** Whoever comes later wants the nodes as they are now: a role is not taken back to where it once was. */
const LATEST_MS = 24 * 3600 * 1000;

/** The run of this command line that broke off before its end, where it wanted the same of the same nodes. */
export async function runBrokenOff(
  goal: Goal,
  proposal: Proposal,
  { openRuns, clock }: Pick<Context, 'clock'> & { openRuns: OpenRuns },
): Promise<OpenRun | null> {
  const open = await openRuns.find(proposal.plan.cluster);
  if (!open || clock.now().getTime() - Date.parse(open.record.requestedAt) > LATEST_MS) return null;
  const sameGoal = JSON.stringify(open.record.goal) === JSON.stringify(goal);
  return sameGoal && open.contents === contentsOf(proposal) ? open : null;
}

/** What Git asks for, as a digest: the revision of a working tree says nothing. */
export function contentsOf({ desired }: Proposal): string {
  const files = desired.nodes.map(({ name, address, redisConf, dropIn }) => [
    name,
    address,
    redisConf.content.reveal(),
    dropIn.content.reveal(),
  ]);
  return createHash('sha256').update(JSON.stringify(files)).digest('hex');
}
