import type { Step } from '../node/step.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** Gives a node the password that it needs as a replica; answers whether it lacked it. */
export async function setMasterauth(link: RedisLink, { desired }: Step): Promise<boolean> {
  const wanted = desired.masterauth ?? desired.password;
  if (!wanted) return false;
  const reply = await link.command('CONFIG', 'GET', 'masterauth');
  if (Array.isArray(reply) && wanted.equals(String(reply[1] ?? ''))) return false;
  await link.command('CONFIG', 'SET', 'masterauth', wanted);
  return true;
}
