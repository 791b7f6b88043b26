import type { HandOver } from '../domain/action.ts';
import { RedisopsError } from '../domain/error.ts';
import { bytes } from '../domain/figures.ts';
import { replicaBuffer } from '../domain/output-buffer.ts';
import type { RedisLink } from '../ports.ts';
import { awaitCondition, type Seen } from './await-condition.ts';
import { parseFields } from './replication-state.ts';
import type { Step } from './step.ts';

const EVERY_MS = 50;
/** Even an idle replica’s buffer has a block or two of the shared backlog in it (networking.c). Bytes. */
const LEAST_ROOM = 1_048_576;

/** What waits in the master for a replica. */
interface Backed {
  address: string;
  waitingBytes: number;
}

/**
 * Waits until no replica has more waiting in the master’s output buffer than it may: a demoted master drops that, and the
 * replica goes on from the new master’s backlog. Over the backlog’s size it would have to give up its copy and
 * synchronise anew; over `client-output-buffer-limit` it is about to.
 * @throws HANDOVER_REFUSED when nothing got less for `limits.standstill`; nothing was touched then.
 */
export async function awaitBuffers(
  { to }: HandOver,
  { old, heir }: { old: RedisLink; heir: RedisLink },
  step: Step,
): Promise<void> {
  if (step.without.has('output-buffers')) return;
  const limitMs = step.desired.limits.standstillMs;
  const room = await roomFor(old, heir);
  let least = Number.POSITIVE_INFINITY;
  let obstacle = '';
  const look = async (): Promise<Seen<true>> => {
    const most = fullest(await old.command('CLIENT', 'LIST', 'TYPE', 'replica'));
    if (most.waitingBytes <= room) return { done: true, value: true };
    obstacle = `${bytes(most.waitingBytes)} wait in its output buffer for ${nameOf(most, step)}, ${bytes(room)} may`;
    step.progress({ message: obstacle });
    // More than before is no progress.
    least = Math.min(least, most.waitingBytes);
    return { done: false, progress: String(least) };
  };
  await awaitCondition(look, {
    everyMs: EVERY_MS,
    limitMs,
    pace: step.pace,
    stop: step.stop,
    givenUp: () =>
      new RedisopsError('HANDOVER_REFUSED', `${step.node.name} does not hand its role to ${to.name}: ${obstacle}.`, {
        hint: `Nothing was changed. It got no less for ${limitMs / 1000} s: does that replica still read?`,
      }),
  });
}

/** The least of what the new master can give back and what the old one may keep. Bytes. */
async function roomFor(old: RedisLink, heir: RedisLink): Promise<number> {
  const [limits, replication] = await Promise.all([
    old.command('CONFIG', 'GET', 'client-output-buffer-limit'),
    heir.command('INFO', 'replication'),
  ]);
  const { hardBytes, softBytes } = replicaBuffer(Array.isArray(limits) ? String(limits[1]) : '');
  const backlog = Number(parseFields(String(replication)).get('repl_backlog_size') ?? 0);
  const all = [hardBytes, softBytes, backlog].filter((limit) => limit > 0);
  return Math.max(LEAST_ROOM, Math.min(...all));
}

function fullest(clients: unknown): Backed {
  const all = String(clients).split('\n').map(backedOf);
  return all.reduce((most, each) => (each.waitingBytes > most.waitingBytes ? each : most));
}

/** Of a line of CLIENT LIST: `id=5 addr=10.0.0.3:40112 … omem=20512 …`. */
function backedOf(line: string): Backed {
  const [, address = ''] = /\baddr=(\S+):\d+/.exec(line) ?? [];
  const [, waiting = '0'] = /\bomem=(\d+)/.exec(line) ?? [];
  return { address, waitingBytes: Number(waiting) };
}

function nameOf({ address }: Backed, { desired }: Step): string {
  return desired.nodes.find((node) => node.address === address)?.name ?? `a replica at ${address}`;
}
