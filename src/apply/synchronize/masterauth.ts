import type { Step } from '../node/step.ts';
import { readSettings } from '../node/redis-on.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** Sets the password a node needs as a replica; returns whether it was missing. */
export async function setMasterauth(link: RedisLink, { desired }: Step): Promise<boolean> {
  const wanted = desired.masterauth ?? desired.password;
  if (!wanted) return false;
  if (wanted.equals((await readSettings(link, 'masterauth')).get('masterauth'))) return false;
  await link.command('CONFIG', 'SET', 'masterauth', wanted);
  return true;
}
