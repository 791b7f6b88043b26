import { asRedisopsError } from '../domain/error.ts';
import { Info } from '../domain/replication/info.ts';
import type { Fault } from '../domain/verdict.ts';
import type { ReadLook } from './look-at.ts';
import { PROBE_EXPIRY_SECONDS, type ProbeKey } from './probe-key.ts';

/** The probe key on the master, and the master’s offset right after it, in bytes. */
export type ProbeWrite = { written: true; offset: number } | { written: false; fault: Fault };

export async function writeProbe(look: ReadLook, { key, value }: ProbeKey): Promise<ProbeWrite> {
  const { node, link } = look;
  // In one batch: the offset includes the SET.
  const set = link.command('SET', key, value, 'EX', String(PROBE_EXPIRY_SECONDS), 'NX');
  const offset = link.command('INFO', 'replication').then((info) => new Info(info).number('master_repl_offset'));
  const [answer, behind] = await Promise.allSettled([set, offset]);
  if (answer.status === 'rejected') {
    const { message: why, hint } = asRedisopsError(answer.reason);
    const message = `${node.name} refuses writes: ${why}`;
    return { written: false, fault: { verdict: 'down', code: 'WRITES_REFUSED', node: node.name, message, hint } };
  }
  if (behind.status === 'fulfilled') return { written: true, offset: behind.value };
  // Without the offset nobody can tell whether a replica has the write.
  await removeProbe(look, { key, value });
  const { code, message } = asRedisopsError(behind.reason);
  return { written: false, fault: { verdict: 'unknown', code, node: node.name, message } };
}

/** Always tried; a remaining key expires. */
export async function removeProbe({ link }: ReadLook, { key }: ProbeKey): Promise<boolean> {
  try {
    await link.command('UNLINK', key);
    return true;
  } catch {
    return false;
  }
}
