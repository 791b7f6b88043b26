import { hostsOf, secretsOf, type DesiredCluster, type NodeAddress } from '../../domain/desired.ts';
import { RedisopsError, asRedisopsError, withoutSecrets } from '../../domain/error.ts';
import { HOLD_SCRIPT, SILENCE_LIMIT_MS, holdAnswer } from '../../domain/hold.ts';
import { PASSING } from '../../domain/run/passing.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Hold, Nodes } from '../../ports/nodes.ts';
import { realClock } from '../../time/real-clock.ts';
import { awaitCondition } from '../node/await-condition.ts';

const AGAIN_MS = 500;

export interface NodesHold {
  /** Names of the reachable nodes, which are held. */
  held: ReadonlySet<string>;
  /** Aborts, with HOLD_LOST, if a hold ends without being released. */
  lost: AbortSignal;
  release(): Promise<void>;
}

/**
 * Holds every reachable node of the cluster for one writer, bot or command line. Takes the first node of the inventory
 * before the others, so that of two writers one gets all. An unreachable node cannot be changed anyway.
 * @throws RUN_IN_PROGRESS, naming the holder, after releasing what was taken.
 */
export async function holdNodes(
  desired: DesiredCluster,
  nodes: Nodes,
  holder: string,
  clock: Clock = realClock,
): Promise<NodesHold> {
  const name = sanitized(holder);
  const holds: Hold[] = [];
  const held = new Set<string>();
  const lost = new AbortController();
  let released = false;
  const release = async (): Promise<void> => {
    released = true;
    await Promise.allSettled(holds.splice(0).map((hold) => hold.release()));
  };
  /** Returns whether the node was reachable. */
  const take = async (node: NodeAddress): Promise<boolean> => {
    const hold = await holdNode(node, nodes, name, clock).catch((error: unknown) => {
      throw error instanceof RedisopsError ? withoutSecrets(error, secretsOf(desired)) : error;
    });
    if (!hold) return false;
    holds.push(hold);
    held.add(node.name);
    onAbort(hold.lost, () => released || lost.abort(noLongerHeld(node)));
    return true;
  };
  await Promise.allSettled(hostsOf(desired).map((node) => nodes.connect(node)));
  const others = [...hostsOf(desired)];
  let first = others.shift();
  while (first && !(await take(first))) first = others.shift();
  const taken = await Promise.allSettled(others.map(take));
  const failed = taken.find((each) => each.status === 'rejected');
  if (!failed) return { held, lost: lost.signal, release };
  await release();
  throw failed.reason;
}

/**
 * As `holdNodes`, but retries briefly unreachable nodes for this long (milliseconds): a node that returns after the
 * others were held may not be changed.
 */
export async function holdReached(
  desired: DesiredCluster,
  nodes: Nodes,
  holder: string,
  forMs: number,
  clock: Clock = realClock,
): Promise<NodesHold> {
  const deadline = clock.elapsed() + forMs;
  for (;;) {
    const hold = await holdNodes(desired, nodes, holder, clock).catch(asRedisopsError);
    const isHidden = hold instanceof RedisopsError ? PASSING.has(hold.code) : hold.held.size < hostsOf(desired).length;
    if (isHidden && clock.elapsed() < deadline) {
      if (!(hold instanceof RedisopsError)) await hold.release();
      await clock.sleep(AGAIN_MS, null);
    } else if (hold instanceof RedisopsError) throw hold;
    else return hold;
  }
}

function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
}

/** Null if the node is unreachable. Waits for this run’s own predecessor to lose its hold. */
function holdNode(node: NodeAddress, nodes: Nodes, holder: string, clock: Clock): Promise<Hold | null> {
  return awaitCondition(
    async () => {
      const hold = await tryHold(node, nodes, holder);
      if (hold === null) return { done: true, value: null };
      const answer = holdAnswer(hold.firstLine);
      if (answer?.held) return { done: true, value: hold };
      await hold.release();
      if (!answer) throw notHeld(node, hold.firstLine);
      if (sanitized(answer.by) !== holder) throw inProgress(node, sanitized(answer.by));
      return { done: false, progress: '' };
    },
    {
      everyMs: 200,
      limitMs: SILENCE_LIMIT_MS + 5000,
      clock,
      stop: null,
      givenUp: () => inProgress(node, holder),
    },
  );
}

async function tryHold(node: NodeAddress, nodes: Nodes, holder: string): Promise<Hold | null> {
  const session = await nodes.connect(node).catch((error: unknown) => {
    if (error instanceof RedisopsError && error.code.startsWith('SSH_')) return null;
    throw error;
  });
  // A reachable node that cannot be held is not skipped: another run may be changing it.
  return session ? session.hold(HOLD_SCRIPT, { parameters: [holder] }) : null;
}

function inProgress(node: NodeAddress, holder: string): RedisopsError {
  const by = holder === '' ? 'another run' : `run ${holder}`;
  return new RedisopsError('RUN_IN_PROGRESS', `${node.name} is held by ${by}.`, {
    hint: 'Wait until it ends and ask again. The lock of a dead run is released within 30 seconds.',
  });
}

function noLongerHeld({ name }: NodeAddress): RedisopsError {
  return new RedisopsError('HOLD_LOST', `${name} is no longer held by this run: the connection broke or went silent.`, {
    hint: 'Another run may hold the node now. Check the cluster, then run again: finished steps are skipped.',
  });
}

function notHeld(node: NodeAddress, said: string): RedisopsError {
  return new RedisopsError('COMMAND_FAILED', `${node.name} could not be held: ${sanitized(said)}`, {
    hint: 'Check that bash and flock (util-linux) are installed on the node.',
  });
}

/** The holder’s name comes from people and is shown to others: one short line of plain characters. */
function sanitized(text: string): string {
  return text
    .replaceAll(/[^\p{L}\p{N} ._@:/+-]/gu, ' ')
    .replaceAll(/ +/g, ' ')
    .trim()
    .slice(0, 120);
}
