import { asRedisopsError } from '../domain/error.ts';
import { parseInfo } from '../observed/redis-info.ts';
import type { Fault } from './fault.ts';
import type { ReadLook } from './look-at.ts';
import { PROBE_EXPIRY_SECONDS, type ProbeKey } from './probe-key.ts';

/** The probe key is on the master; its offset right after that, in bytes. */
export type ProbeWrite = { written: true; offset: number } | { written: false; fault: Fault };

export async function writeProbe({ node, link }: ReadLook, { key, value }: ProbeKey): Promise<ProbeWrite> {
  // In one batch: the offset is the one behind the SET.
  const set = link.command('SET', key, value, 'EX', String(PROBE_EXPIRY_SECONDS), 'NX');
  const info = link.command('INFO', 'replication');
  const [answer, replication] = await Promise.allSettled([set, info]);
  if (answer.status === 'rejected') {
    const message = `${node.name} refuses writes: ${asRedisopsError(answer.reason).message}`;
    return { written: false, fault: { verdict: 'down', code: 'WRITES_REFUSED', node: node.name, message } };
  }
  const text = replication.status === 'fulfilled' ? String(replication.value) : '';
  return { written: true, offset: Number(parseInfo(text).get('master_repl_offset') ?? 0) };
}

/** Always tried; a key that stays goes with its expiry. */
export async function removeProbe({ link }: ReadLook, { key }: ProbeKey): Promise<boolean> {
  try {
    await link.command('UNLINK', key);
    return true;
  } catch {
    return false;
  }
}
