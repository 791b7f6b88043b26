import { bytes, duration } from '../../domain/text/figures.ts';
import type { Limits } from '../../domain/limits.ts';
import type { OutputBuffer } from '../../domain/redis/output-buffer.ts';
import type { Risk } from '../../domain/plan.ts';

/** A cluster’s replication load and the settings for it. */
export interface Burden {
  master: string;
  datasetBytes: number;
  writeBytesPerSecond: number;
  buffer: OutputBuffer;
  backlogBytes: number;
  timeoutSeconds: number;
  limits: Limits;
}

export interface Occasion {
  /** Whether a full synchronization will, or may, take place. */
  synchronizes: boolean;
  /** What disconnects a replica for a while. */
  interrupted: 'by a restart' | 'by the network' | null;
}

/** Seconds for a full synchronization of that size, by the limits. */
export function syncFigures(size: number, limits: Limits): { transfer: number; load: number } {
  return { transfer: size / limits.syncBytesPerSecond, load: size / limits.loadBytesPerSecond };
}

/** These remain with more data or more writes. */
export function syncRisks(burden: Burden, { synchronizes, interrupted }: Occasion): readonly Risk[] {
  return [
    ...(synchronizes ? [...bufferRisk(burden), ...timeoutRisk(burden)] : []),
    ...(interrupted ? backlogRisk(burden, interrupted) : []),
  ];
}

/**
 * Writes during a full synchronization wait in the master’s output buffer until the replica has loaded. Above its limit
 * the master disconnects, and everything starts again. Below the backlog’s size the hard limit does not apply
 * (networking.c).
 */
function bufferRisk(burden: Burden): readonly Risk[] {
  const { buffer, backlogBytes, writeBytesPerSecond: rate, datasetBytes, master, limits } = burden;
  const { transfer, load } = syncFigures(datasetBytes, limits);
  const seconds = transfer + load;
  const waiting = rate * seconds;
  const hard = Math.max(buffer.hardBytes, backlogBytes);
  const isOverHard = buffer.hardBytes > 0 && waiting > hard;
  const overSoft = buffer.softBytes > 0 && rate > 0 ? seconds - buffer.softBytes / rate : 0;
  if (!isOverHard && overSoft <= buffer.softSeconds) return [];
  const limit = isOverHard
    ? `the hard limit is ${bytes(hard)}`
    : `the soft limit is ${bytes(buffer.softBytes)} for ${buffer.softSeconds} s`;
  return [
    {
      code: 'SYNC_BUFFER_SHORT',
      node: master,
      message: `${bytes(datasetBytes)} take about ${duration(seconds * 1000)} to synchronize; by then ${master} has written ${bytes(waiting)} (${bytes(rate)}/s), and ${limit} (client-output-buffer-limit replica): the synchronization would break off and restart endlessly.`,
    },
  ];
}

function backlogRisk(burden: Burden, interrupted: NonNullable<Occasion['interrupted']>): readonly Risk[] {
  const { backlogBytes, writeBytesPerSecond: rate, datasetBytes, master, limits } = burden;
  const load = interrupted === 'by a restart' ? syncFigures(datasetBytes, limits).load : 0;
  const seconds = limits.interruptionMs / 1000 + load;
  const written = rate * seconds;
  if (written <= backlogBytes) return [];
  const loading = load < 1 ? '' : `, loading included`;
  return [
    {
      code: 'BACKLOG_SHORT',
      node: master,
      message: `${master} writes ${bytes(rate)}/s: its repl-backlog-size of ${bytes(backlogBytes)} lasts ${duration((backlogBytes / rate) * 1000)}. A replica that is away ${interrupted} for ${duration(seconds * 1000)} (limits.interruption${loading}) would need a full synchronization of ${bytes(datasetBytes)}; a backlog of ${bytes(written)} is enough.`,
    },
  ];
}

/** A loading replica sends signs of life; a hanging disk, or one large key, silences it. */
function timeoutRisk({ timeoutSeconds, datasetBytes, master, limits }: Burden): readonly Risk[] {
  const { load } = syncFigures(datasetBytes, limits);
  if (load <= timeoutSeconds) return [];
  return [
    {
      code: 'REPL_TIMEOUT_SHORT',
      node: master,
      message: `A replica needs about ${duration(load * 1000)} to load ${bytes(datasetBytes)}, and repl-timeout is ${timeoutSeconds} s: one that is silent meanwhile (a slow disk, a large key) is disconnected and starts over.`,
    },
  ];
}
