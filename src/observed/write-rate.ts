import type { Info } from '../domain/replication/info.ts';
import type { AttachedReplica } from '../domain/replication/view.ts';

/**
 * Bytes per second to be sent to replicas. Currently: the output to replicas or, during a full synchronization or
 * without replicas, the clients’ input. On average: the replication offset and the total output to replicas have both
 * grown by at least the writes since the start; the smaller is more accurate, as one may be inherited and the other
 * includes synchronizations.
 * @throws REDIS_ERROR if INFO lacks a figure.
 */
export function writeRate(info: Info, replicas: readonly AttachedReplica[]): number {
  const isStreaming = replicas.length > 0 && replicas.every(({ state }) => state === 'online');
  const kibibytes = isStreaming
    ? info.number('instantaneous_output_repl_kbps') / replicas.length
    : info.number('instantaneous_input_kbps');
  const sent = Math.min(info.number('master_repl_offset'), info.number('total_net_repl_output_bytes'));
  return Math.max(kibibytes * 1024, sent / Math.max(1, info.number('uptime_in_seconds')));
}
