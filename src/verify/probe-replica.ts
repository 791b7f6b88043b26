import { RedisopsError, asRedisopsError } from '../domain/error.ts';
import { isErrorReply } from '../domain/redis/error-reply.ts';
import { Info } from '../domain/replication/info.ts';
import type { ReplicaProbe } from '../domain/verification.ts';
import type { Fault } from '../domain/verdict.ts';
import type { ReadLook } from './look-at.ts';
import type { Clock } from '../ports/clock.ts';
import { poll } from './poll.ts';
import type { ProbeKey } from './probe-key.ts';

export interface Expected {
  probe: ProbeKey;
  /** The master’s offset after the SET, in bytes. */
  offset: number;
  /** Time of SET’s reply. */
  setAt: number;
  /** Time limit for the value, in milliseconds. */
  limitMs: number;
}

interface Sight {
  value: string | null;
  offset: number;
  at: number;
}

/** Waits for the value and its offset, then tries a write, which must be rejected. */
export async function probeReplica(
  replica: ReadLook,
  expected: Expected,
  clock: Clock,
): Promise<{ result: ReplicaProbe; faults: readonly Fault[] }> {
  const { name } = replica.node;
  const { value: wanted } = expected.probe;
  try {
    let firstMatchAt: number | null = null;
    const seen = await poll(
      async () => {
        const sight = await read(replica, expected.probe, clock);
        if (sight.value === wanted) firstMatchAt ??= sight.at;
        return sight;
      },
      ({ value, offset }) => value === wanted && offset >= expected.offset,
      expected.limitMs,
      clock,
    );
    const write = await tryWrite(replica, expected.probe);
    const result = {
      name,
      value: seen.value,
      matches: seen.value === wanted,
      latencyMs: firstMatchAt === null ? null : round(firstMatchAt - expected.setAt),
      offsetLag: Math.max(0, expected.offset - seen.offset),
      refusedWrite: write.refused,
    };
    return { result, faults: [...arrivalFaults(result), ...write.faults] };
  } catch (thrown) {
    const error = asRedisopsError(thrown);
    const fault: Fault = { verdict: 'unknown', code: error.code, node: name, message: error.message };
    return { result: unprobed(name), faults: [fault] };
  }
}

/** A replica that was not probed. */
export function unprobed(name: string): ReplicaProbe {
  return { name, value: null, matches: false, latencyMs: null, offsetLag: null, refusedWrite: null };
}

/** Whether the removal arrived. */
export async function isRemoved(
  { link }: ReadLook,
  { key }: ProbeKey,
  limitMs: number,
  clock: Clock,
): Promise<boolean> {
  try {
    const left = await poll(
      () => link.command('EXISTS', key),
      (count) => count === 0,
      limitMs,
      clock,
    );
    return left === 0;
  } catch {
    return false;
  }
}

async function read({ link }: ReadLook, { key }: ProbeKey, clock: Clock): Promise<Sight> {
  const [value, info] = await Promise.all([
    link.command('GET', key).catch(refusal),
    link.command('INFO', 'replication'),
  ]);
  const at = clock.elapsed();
  const offset = new Info(info).number('slave_repl_offset');
  return { value: typeof value === 'string' ? value : null, offset, at };
}

/** A replica without a link may refuse reads (MASTERDOWN): there is no value yet. */
function refusal(error: unknown): null {
  if (error instanceof RedisopsError && isErrorReply(error.code)) return null;
  throw error;
}

/** Writes the probe’s own key with an expiry of one second: harmless if accepted. */
async function tryWrite(
  { node, link }: ReadLook,
  { key, value }: ProbeKey,
): Promise<{ refused: boolean | null; faults: readonly Fault[] }> {
  try {
    await link.command('SET', key, value, 'EX', '1');
  } catch (thrown) {
    const error = asRedisopsError(thrown);
    if (!isErrorReply(error.code)) throw error;
    if (/READONLY/.test(error.message)) return { refused: true, faults: [] };
    const message = `${node.name} did not answer a write with READONLY: ${error.message}`;
    return { refused: null, faults: [{ verdict: 'degraded', code: 'PROBE_FAILED', node: node.name, message }] };
  }
  const message = `${node.name} is a replica but accepted a write.`;
  return {
    refused: false,
    faults: [{ verdict: 'degraded', code: 'REPLICA_ACCEPTS_WRITES', node: node.name, message }],
  };
}

function arrivalFaults({ name, matches, value, offsetLag }: ReplicaProbe): readonly Fault[] {
  const fault = { verdict: 'degraded', node: name } as const;
  if (!matches) {
    const instead = value === null ? 'nothing' : 'another value';
    return [{ ...fault, code: 'PROBE_FAILED', message: `The write did not arrive on ${name}: it has ${instead}.` }];
  }
  if (offsetLag === null || offsetLag === 0) return [];
  return [{ ...fault, code: 'OFFSET_STANDS_STILL', message: `${name} is ${offsetLag} bytes behind its master.` }];
}

function round(milliseconds: number): number {
  return Math.round(Math.max(0, milliseconds) * 10) / 10;
}
