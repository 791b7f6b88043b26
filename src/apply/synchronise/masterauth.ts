import type { Step } from '../node/step.ts';
import { readSettings } from '../node/redis-on.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** Gives a node the password that it needs as a replica; answers whether it lacked it. */
export async function setMasterauth(link: RedisLink, { desired }: Step): Promise<boolean> {
  const wanted = desired.masterauth ?? desired.password;
  if (!wanted) return false;
  if (wanted.equals((await readSettings(link, 'masterauth')).get('masterauth'))) return false;
  await link.command('CONFIG', 'SET', 'masterauth', wanted);
  return true;
}
