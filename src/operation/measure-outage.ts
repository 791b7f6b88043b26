import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import type { RunEvent } from '../domain/run/event.ts';
import type { Outage } from '../domain/run/outage.ts';
import type { RedisLink } from '../ports/nodes.ts';
import type { OperationPorts } from './run.ts';

const EVERY_MS = 10;
const GRACE_MS = 300;
/** Answered once the data is loaded; ROLE alone is answered before. */
const KEY = 'redisops:outage';

export interface OutageMeter {
  /** Events of the run, in order. */
  see(event: RunEvent): void;
  /** The longest time that a hand-over held writes back; null if none did. */
  heldBackMs(): number | null;
  /** Ends the measuring. Null where nothing of the run touched the master. */
  end(): Promise<Outage | null>;
}

/**
 * Measures how long the master’s address takes no writes: from the step that moves the role or restarts the master, until
 * the node is a master again that answers. A probe reads only (ROLE, EXISTS).
 * @param master The master before the run.
 */
export function measureOutage(
  master: DesiredNode | undefined,
  desired: DesiredCluster,
  { nodes, clock }: Pick<OperationPorts, 'nodes' | 'clock'>,
): OutageMeter {
  const ending = new AbortController();
  let probing: Promise<number | null> | null = null;
  let heldBackMs: number | null = null;

  async function probe(node: DesiredNode): Promise<number | null> {
    let link: RedisLink | null = null;
    let takenAt = clock.elapsed();
    let isLost = false;
    while (!ending.signal.aborted) {
      const isTaken = await (async () => {
        link ??= await (await nodes.connect(node)).redis(desired.password);
        const [role] = await Promise.all([link.command('ROLE'), link.command('EXISTS', KEY)]);
        return Array.isArray(role) && role[0] === 'master';
      })().catch(() => {
        link?.close();
        link = null;
        return false;
      });
      const now = clock.elapsed();
      if (isTaken && isLost) break;
      if (isTaken) takenAt = now;
      isLost ||= !isTaken;
      await clock.sleep(EVERY_MS, ending.signal);
    }
    (link as RedisLink | null)?.close();
    if (!isLost) return 0;
    return ending.signal.aborted ? null : Math.round(clock.elapsed() - takenAt);
  }

  return {
    see(event) {
      if (event.kind === 'step-progress')
        heldBackMs = Math.max(heldBackMs ?? 0, event.progress.heldBackMs ?? 0) || null;
      if (event.kind !== 'step-started' || !master || event.action.node !== master.name) return;
      const { kind } = event.action;
      if (kind === 'hand-over' || kind === 'restart-unit') probing ??= probe(master);
    },
    heldBackMs: () => heldBackMs,
    async end() {
      if (!probing) return null;
      // The probe may be about to see the role back.
      await Promise.race([probing, clock.sleep(GRACE_MS)]);
      ending.abort();
      const fixed = await probing;
      // No other node took the role over: everybody waited for this one.
      return { following: heldBackMs ?? fixed, fixed };
    },
  };
}
