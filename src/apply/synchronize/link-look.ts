import type { Endpoint } from '../../domain/replication/endpoint.ts';
import { RedisopsError } from '../../domain/error.ts';
import { isInSync, silenceLimit } from '../../domain/replication/in-sync.ts';
import type { MasterLink } from '../../domain/replication/view.ts';
import type { Progress } from '../../domain/run/event.ts';
import type { Seen } from '../node/await-condition.ts';
import { KeptLink } from '../node/kept-link.ts';
import { recentLog } from '../node/recent-log.ts';
import { PaceOfProgress, bytesProgress } from '../node/pace-of-progress.ts';
import { nodeAt, stateOf } from '../node/redis-on.ts';
import type { ReplicationState } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';
import { syncFailureIn } from './sync-failure.ts';

/** Milliseconds between reads of the log while the link is down. */
const LOG_EVERY_MS = 1000;
const PROGRESS_EVERY_MS = 250;
/** After this many interrupted synchronizations in one wait, whatever the reason, it is a loop. */
const MOST_ATTEMPTS = 3;

/** Observes a replica’s link during a wait. */
export class LinkLook {
  readonly #master: Endpoint;
  readonly #step: Step;
  readonly #logSince: () => Promise<readonly string[]>;
  readonly #replica: KeptLink;
  /** The master’s offset and history at the start; a restarted master has a new history with its own offsets. */
  #target: { history: string; offset: number } | null = null;
  #receiving = false;
  #brokenOff = 0;
  #logReadAt: number;
  #toldAt = Number.NEGATIVE_INFINITY;
  #told = '';
  readonly #paceOfProgress = new PaceOfProgress();
  /** Size of the master’s data; null before it was read, and if unreadable. */
  #datasetBytes: Promise<number | null> | null = null;

  constructor(master: Endpoint, step: Step, logSince: () => Promise<readonly string[]>) {
    this.#master = master;
    this.#step = step;
    this.#logSince = logSince;
    this.#replica = new KeptLink(step);
    this.#logReadAt = step.clock.elapsed();
  }

  close(): void {
    this.#replica.close();
  }

  async once(): Promise<Seen<true>> {
    const state = await this.#replica.state();
    if (!state) return { done: false, progress: 'no answer' };
    const link = this.#ownLink(state);
    if (!link.up) await this.#failIfHopeless(this.#brokeOff(state, link));
    if (this.#isInSync(state) && (await this.#caughtUp(state))) return { done: true, value: true };
    await this.#tell(progressOf(state, link));
    return { done: false, progress: this.#movement(state, link) };
  }

  #ownLink({ master: link }: ReplicationState): MasterLink {
    const { host, port } = this.#master;
    const { name } = this.#step.node;
    if (link && this.#step.identities.isSame(link, this.#master, name)) return link;
    const follows = link ? `${link.host}:${link.port}` : 'nobody';
    throw new RedisopsError(
      'STALE_PLAN',
      `${name} follows ${follows} instead of ${host}:${port}: someone changed it.`,
      {
        hint: 'It was not changed. Make a new plan and read it.',
      },
    );
  }

  #brokeOff(state: ReplicationState, link: MasterLink): boolean {
    const before = this.#receiving;
    this.#receiving = link.syncInProgress || state.loading;
    const broke = before && !this.#receiving;
    if (broke) this.#brokenOff += 1;
    return broke;
  }

  async #failIfHopeless(justBroke: boolean): Promise<void> {
    const now = this.#step.clock.elapsed();
    if (!justBroke && now - this.#logReadAt < LOG_EVERY_MS) return;
    this.#logReadAt = now;
    const { name } = this.#step.node;
    const failure = syncFailureIn(await this.#logSince());
    if (failure)
      throw new RedisopsError(failure.code, `${name}: ${failure.message}`, {
        hint: 'Further attempts would fail the same way. Fix the cause first.',
      });
    if (this.#brokenOff < MOST_ATTEMPTS) return;
    const log = await recentLog(this.#step);
    throw new RedisopsError(
      'REPLICA_LINK_DOWN',
      `${name}’s synchronization broke off ${this.#brokenOff} times. Its log: ${log}`,
      { hint: 'Check both logs: something interrupts every attempt.' },
    );
  }

  #isInSync(state: ReplicationState): boolean {
    const master = nodeAt(this.#master, this.#step);
    return isInSync(state, silenceLimit(master?.redisConf.content ?? null));
  }

  async #caughtUp(replica: ReplicationState): Promise<boolean> {
    if (this.#target?.history !== replica.replicationId) {
      const master = nodeAt(this.#master, this.#step);
      // A master outside the inventory cannot be read: its link being up must be enough.
      const offset = master ? (await stateOf(master, this.#step)).offset : replica.offset;
      this.#target = { history: replica.replicationId, offset };
    }
    return replica.offset >= this.#target.offset;
  }

  async #tell(progress: Progress): Promise<void> {
    const now = this.#step.clock.elapsed();
    if (progress.message === this.#told && now - this.#toldAt < PROGRESS_EVERY_MS) return;
    this.#toldAt = now;
    this.#told = progress.message;
    this.#step.progress(this.#paceOfProgress.timed(await this.#withTotal(progress), now));
  }

  /** A master that streams its snapshot does not know its size: uses the data’s size in memory. */
  async #withTotal(progress: Progress): Promise<Progress> {
    if (progress.doneBytes === undefined || progress.totalBytes !== undefined) return progress;
    this.#datasetBytes ??= this.#readDataset().catch(() => null);
    const totalBytes = await this.#datasetBytes;
    return totalBytes === null ? progress : { ...progress, totalBytes, estimated: true };
  }

  async #readDataset(): Promise<number | null> {
    const master = nodeAt(this.#master, this.#step);
    return master ? (await stateOf(master, this.#step)).datasetBytes : null;
  }

  /** Changes from look to look while there is progress; a master that sends pings during its snapshot counts. */
  #movement(state: ReplicationState, link: MasterLink): string {
    const { syncLastIoSeconds: silence } = link;
    const heard = link.syncInProgress && silence !== null && silence >= 0 && silence <= 5;
    const figures = [link.state, link.syncReadBytes, state.loadedBytes, link.up ? state.offset : 0];
    return heard ? `heard at ${this.#step.clock.elapsed()}` : figures.join(' ');
  }
}

export function progressOf(state: ReplicationState, link: MasterLink): Progress {
  const { syncReadBytes: read } = link;
  if (state.loading) return bytesProgress('loading the received data', state.loadedBytes, state.loadTotalBytes);
  if (link.syncInProgress && read !== null && read > 0)
    return bytesProgress('receiving a full synchronization', read, link.syncTotalBytes);
  if (link.syncInProgress || link.state === 'sync') return { message: 'waiting for the master’s snapshot' };
  if (link.up) return { message: 'catching up with what was written meanwhile' };
  // The replica has asked, and the master waits for others for repl-diskless-sync-delay seconds.
  if (link.state === 'handshake') return { message: 'waiting for the master to begin' };
  return { message: 'connecting to the master' };
}
