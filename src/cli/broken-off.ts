import { createHash } from 'node:crypto';
import type { OpenRun, OpenRuns } from '../adapters/store/open-run.ts';
import type { Goal } from '../domain/goal.ts';
import type { Proposal } from '../operation.ts';
import type { Context } from './context.ts';

/** Later, people want the nodes as they are: a role is not moved back to where it once was. */
const LATEST_MS = 24 * 3600 * 1000;

/** The command line’s interrupted run with the same goal for the same nodes. */
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

/** Digest of the desired state: a working tree’s revision says nothing. */
export function contentsOf({ desired }: Proposal): string {
  const files = desired.nodes.map(({ name, address, redisConf, dropIn }) => [
    name,
    address,
    redisConf.content.reveal(),
    dropIn.content.reveal(),
  ]);
  return createHash('sha256').update(JSON.stringify(files)).digest('hex');
}
