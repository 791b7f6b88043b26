import type { HandOver } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { bytes } from '../../domain/text/figures.ts';
import { replicaBuffer } from '../../domain/redis/output-buffer.ts';
import { awaitCondition, type Seen } from '../node/await-condition.ts';
import { readSettings } from '../node/redis-on.ts';
import { readInfo } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';
import type { RedisLink } from '../../ports/nodes.ts';

const EVERY_MS = 50;
const TELL_EVERY_MS = 1000;
/** Even an idle replica’s buffer holds a block or two of the shared backlog (networking.c). Bytes. */
const LEAST_ROOM = 1_048_576;

/** A replica’s pending output on the master. */
interface Backed {
  address: string;
  waitingBytes: number;
}

/**
 * Waits until every replica’s pending output on the master is small enough: a demoted master drops it, and the replica
 * continues from the new master’s backlog. Beyond that backlog it would need a full synchronization; beyond
 * `client-output-buffer-limit` it soon will.
 * @throws HANDOVER_REFUSED without progress for `limits.standstill`; on a stop, what `stopped` makes of it. Nothing has
 * been touched then.
 */
export async function awaitBuffers(
  { to }: HandOver,
  { old, candidate }: { old: RedisLink; candidate: RedisLink },
  step: Step,
): Promise<void> {
  if (step.disabledGuards.has('output-buffers')) return;
  const limitMs = step.desired.limits.standstillMs;
  const room = await roomFor(old, candidate);
  /** Replicas with too much output: one disconnected for that has not caught up, and will return. */
  const late = new Set<string>();
  let least = Number.POSITIVE_INFINITY;
  let obstacle = '';
  let toldAt = Number.NEGATIVE_INFINITY;
  const look = async (): Promise<Seen<true>> => {
    const replicas = String(await old.command('CLIENT', 'LIST', 'TYPE', 'replica'))
      .split('\n')
      .map(backedOf);
    for (const { address, waitingBytes } of replicas) if (waitingBytes > room) late.add(address);
    const gone = [...late].find((address) => !replicas.some((each) => each.address === address));
    const most = fullest(replicas);
    if (gone === undefined && most.waitingBytes <= room) return { done: true, value: true };
    obstacle =
      gone === undefined
        ? `${bytes(most.waitingBytes)} wait in its output buffer for ${nameOf(most.address, step)}, ${bytes(room)} may`
        : `${nameOf(gone, step)} read too slowly and was disconnected`;
    if (step.clock.elapsed() - toldAt >= TELL_EVERY_MS) {
      toldAt = step.clock.elapsed();
      step.progress({ message: obstacle });
    }
    // An increase is no progress.
    if (gone === undefined) least = Math.min(least, most.waitingBytes);
    return { done: false, progress: String(least) };
  };
  await awaitCondition(look, {
    everyMs: EVERY_MS,
    limitMs,
    clock: step.clock,
    stop: step.stopUntouched,
    givenUp: () =>
      new RedisopsError('HANDOVER_REFUSED', `${step.node.name} does not hand its role to ${to.name}: ${obstacle}.`, {
        hint: `No changes were made. The buffer did not shrink for ${limitMs / 1000} s. Check that the replica still reads.`,
      }),
  });
}

/** The smaller of the new master’s backlog and the old one’s buffer limit. Bytes. */
async function roomFor(old: RedisLink, candidate: RedisLink): Promise<number> {
  const [limits, replication] = await Promise.all([
    readSettings(old, 'client-output-buffer-limit'),
    readInfo(candidate, 'replication'),
  ]);
  const { hardBytes, softBytes } = replicaBuffer(limits.get('client-output-buffer-limit') ?? '');
  const backlog = replication.number('repl_backlog_histlen');
  const all = [hardBytes, softBytes, backlog].filter((limit) => limit > 0);
  return Math.max(LEAST_ROOM, Math.min(...all));
}

function fullest(replicas: readonly Backed[]): Backed {
  return replicas.reduce((most, each) => (each.waitingBytes > most.waitingBytes ? each : most));
}

/** Parses a line of CLIENT LIST: `id=5 addr=10.0.0.3:40112 … omem=20512 …`. */
function backedOf(line: string): Backed {
  const [, address = ''] = /(?:^| )addr=(\S+):\d+/.exec(line) ?? [];
  const [, waiting = '0'] = /(?:^| )omem=(\d+)/.exec(line) ?? [];
  return { address, waitingBytes: Number(waiting) };
}

/** Nothing else from the node’s reply is shown. */
function nameOf(address: string, { identities }: Step): string {
  return identities.nodeOn(address) ?? 'a replica that Git does not name';
}
