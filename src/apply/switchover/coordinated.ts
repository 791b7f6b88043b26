import { RedisopsError } from '../../domain/error.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import type { Sentinels } from './sentinels.ts';

/**
 * Asks for a failover in which Sentinel has the master itself hand over (Valkey 9, `SENTINEL FAILOVER … COORDINATED`):
 * for a candidate too far behind for our write pause. The master waits for its acknowledgement, which comes once a
 * second, and gives up by itself.
 * @throws HANDOVER_REFUSED where this Sentinel does not know it: the master is as before.
 */
export async function askCoordinated({ leader, masterName }: Sentinels, names: { from: string; to: string }) {
  if (!(await isKnown(leader.link)))
    throw new RedisopsError(
      'HANDOVER_REFUSED',
      `${names.to} did not catch up with ${names.from} while writes were held back.`,
      { hint: `${names.from} is still the master. Check for a slow network or a very busy writer, then run again.` },
    );
  await leader.link.command('SENTINEL', 'FAILOVER', masterName, 'COORDINATED');
}

/** Its own help says so: versions and names of servers say nothing certain. */
async function isKnown(link: RedisLink): Promise<boolean> {
  const help = await link.command('SENTINEL', 'HELP').catch(() => null);
  return Array.isArray(help) && help.some((line) => String(line).includes('COORDINATED'));
}
