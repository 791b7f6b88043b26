import type { ForgetMaster } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { mastersIn } from '../../domain/sentinel/replies.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import type { SentinelStep } from '../node/step.ts';
import { withSentinelAt } from './sentinel-link.ts';

/** SENTINEL REMOVE. @throws STALE_PLAN during a failover: the Sentinel that leads it must end it. */
export async function forgetMaster({ node, port, masterName }: ForgetMaster, step: SentinelStep): Promise<boolean> {
  return withSentinelAt({ node, port }, step, (link) => removeMaster(masterName, node, link));
}

/** Returns whether there was one. @throws STALE_PLAN during a failover. */
export async function removeMaster(name: string, node: string, link: RedisLink): Promise<boolean> {
  const found = mastersIn(await link.command('SENTINEL', 'MASTERS')).find((master) => master.name === name);
  if (!found) return false;
  if (found.flags.has('failover_in_progress'))
    throw new RedisopsError('STALE_PLAN', `The Sentinel on ${node} is failing over.`, {
      hint: 'Wait until it ends, then plan again.',
    });
  await link.command('SENTINEL', 'REMOVE', name);
  return true;
}
