import { randomBytes } from 'node:crypto';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { FailoverRecord, WatchedMaster } from '../../domain/failover/failover-record.ts';
import { lackedBytes, type RedisSample } from '../../domain/failover/redis-sample.ts';
import { abortIn, masterIn, switchIn, type SentinelEvent } from '../../domain/failover/sentinel-events.ts';
import { everyNode, identitiesOf } from '../../domain/known-nodes.ts';
import { sameEndpoint, type Endpoint } from '../../domain/replication/endpoint.ts';
import type { SentinelFeed } from '../../observed/failover/sentinel-feed.ts';
import type { RunPorts } from '../ports.ts';
import { followUp } from './follow-up.ts';
import { doneRecord, givenUpRecord, nextTryAt, type Seen } from './new-record.ts';
import { tellFailover } from './tell-failover.ts';

/** A master that is down is reported after this time, if no failover came of it. */
const ALARM_MS = 2500;
const LEASE_MS = 4000;
const LOOK_BACK = 20;

export interface FailoverTimes {
  /** A second failover within this time is flagged. */
  againMs: number;
}

/** The master as most Sentinels of the newest epoch name it. */
interface NamedMaster extends Endpoint {
  /** Inventory name; the address if it has none. */
  name: string;
  epoch: number;
  failoverTimeoutMs: number;
  /** All Sentinels that answered name it, and none is in a failover. */
  isSettled: boolean;
}

/** What one worker keeps of a cluster between looks. What must survive is in the store. */
export class FailoverWatch {
  readonly #cluster: string;
  readonly #times: FailoverTimes;
  /** Looks at the cluster’s health at once. */
  readonly #alarm: (isCertain: boolean) => void;
  readonly #holder = randomBytes(9).toString('base64url');
  /** Each node as it was read last while it was a master. */
  readonly #asMaster = new Map<string, RedisSample>();
  #handled = -Infinity;
  #alarmAt = Infinity;
  #lastLook: number | null = null;
  /** The old master as it was read last before the failover. */
  #old: { failover: string; sample: RedisSample | undefined } | null = null;
  #syncsBefore: RedisSample['syncs'] | undefined;

  constructor(cluster: string, times: FailoverTimes, alarm: (isCertain: boolean) => void) {
    this.#cluster = cluster;
    this.#times = times;
    this.#alarm = alarm;
  }

  /** Whether this worker watches the cluster’s failovers: only one does. */
  isMine({ store }: Pick<RunPorts, 'store'>): Promise<boolean> {
    return store.leaseFailovers(this.#cluster, this.#holder, LEASE_MS);
  }

  /** Whether an event wants a look at once. */
  isUrgent(event: SentinelEvent): boolean {
    return switchIn(event) !== null || abortIn(event) !== null || event.channel === '+promoted-slave';
  }

  /** Records and reports what happened since the last look. */
  async look(desired: DesiredCluster, feed: SentinelFeed, ports: RunPorts): Promise<void> {
    await feed.poll();
    const named = namedMaster(desired, feed);
    const known = await ports.store.watchedMaster(this.#cluster);
    const sinceMs = this.#lastLook === null ? 0 : ports.clock.elapsed() - this.#lastLook;
    this.#lastLook = ports.clock.elapsed();
    if (named) await this.#compare(named, known, { desired, feed, ports });
    this.#remember(feed);
    if (named) this.#raiseAlarm(named, feed, ports);
    await this.#followUp({ desired, feed, ports }, sinceMs);
  }

  async #compare(named: NamedMaster, known: WatchedMaster | null, at: Place): Promise<void> {
    const { store } = at.ports;
    const now = { host: named.host, port: named.port, epoch: named.epoch };
    if (!known) return void (await store.noteMaster(this.#cluster, null, { ...now, last: null }));
    if (!sameEndpoint(known, named) && named.epoch > known.epoch) return this.#record(named, known, at);
    const isNew = !sameEndpoint(known, named) || known.epoch !== named.epoch;
    // Sentinels that somebody set up anew begin at epoch 0.
    if (isNew && named.isSettled) await store.noteMaster(this.#cluster, known, { ...now, last: known.last });
    await this.#recordAborts(named, known, at);
  }

  async #record(named: NamedMaster, known: WatchedMaster, at: Place): Promise<void> {
    const seen = await this.#seen(named, known, named.name, at);
    const record = doneRecord(seen);
    const { host, port, epoch } = named;
    const isFirst = await at.ports.store.openFailover(record, known, { host, port, epoch, last: record.failover });
    if (!isFirst) return;
    this.#old = { failover: record.failover, sample: seen.old };
    at.ports.log.info(
      { cluster: this.#cluster, failover: record.failover, from: record.from, to: record.to },
      'failover',
    );
    await closeOthers(seen.before, at.ports);
    this.#alarmAt = Infinity;
    this.#alarm(false);
  }

  async #recordAborts(named: NamedMaster, known: WatchedMaster, at: Place): Promise<void> {
    const { store } = at.ports;
    const event = at.feed
      .events()
      .findLast((each) => abortIn(each) !== null && each.at > this.#handled && sameEndpoint(masterIn(each), known));
    const abort = event && abortIn(event);
    if (!event || !abort) return;
    this.#handled = event.at;
    const seen = await this.#seen(named, known, null, at);
    const open = seen.before.find(({ givenUp, closedAt }) => givenUp !== null && closedAt === null);
    if (open?.givenUp) {
      const next = nextTryAt(seen, named.failoverTimeoutMs);
      const givenUp = { event: abort, tries: open.givenUp.tries + 1, nextTryAt: next };
      return store.changeFailover(open.failover, { givenUp });
    }
    const record = givenUpRecord(seen, abort, named.failoverTimeoutMs);
    await store.openFailover(record, known, { ...known, last: record.failover });
  }

  async #seen(
    named: NamedMaster,
    known: WatchedMaster,
    to: string | null,
    { desired, feed, ports }: Place,
  ): Promise<Seen> {
    const from = nameOf(desired, known);
    const [before, runs] = await Promise.all([
      ports.store.failovers(this.#cluster, LOOK_BACK),
      ports.store.runs(this.#cluster, LOOK_BACK),
    ]);
    return {
      cluster: this.#cluster,
      now: ports.clock.now(),
      elapsed: ports.clock.elapsed(),
      known,
      from,
      to,
      epoch: named.epoch,
      events: feed.events(),
      views: feed.views(),
      old: this.#asMaster.get(from),
      promoted: feed.samples().get(to ?? ''),
      before,
      running: runs.find(({ status }) => status === 'running'),
      againMs: this.#times.againMs,
    };
  }

  #remember(feed: SentinelFeed): void {
    for (const [name, sample] of feed.samples()) if (sample.role === 'master') this.#asMaster.set(name, sample);
  }

  /** A master that is down without a failover is the watch of health’s to report: at once, by Sentinel’s word. */
  #raiseAlarm(named: NamedMaster, feed: SentinelFeed, { clock }: RunPorts): void {
    const now = clock.elapsed();
    const isDown = feed
      .events()
      .some((event) => event.channel === '+sdown' && event.at > now - ALARM_MS && sameEndpoint(masterIn(event), named));
    if (this.#alarmAt === Infinity && isDown) this.#alarmAt = now + ALARM_MS;
    if (now < this.#alarmAt) return;
    this.#alarmAt = Infinity;
    this.#alarm(true);
  }

  async #followUp({ desired, feed, ports }: Place, sinceMs: number): Promise<void> {
    const open = (await ports.store.failovers(this.#cluster, LOOK_BACK)).filter(
      ({ closedAt, message, cause }) => closedAt === null || (message === null && cause.kind !== 'run'),
    );
    for (const record of open.toReversed()) {
      const change = record.closedAt === null ? await this.#changeOf(record, { desired, feed, ports }, sinceMs) : {};
      await ports.store.changeFailover(record.failover, change);
      const current = (await ports.store.failover(record.failover)) ?? { ...record, ...change };
      await tellFailover(current, ports).catch((error: unknown) =>
        ports.log.warn({ cluster: this.#cluster, error }, 'could not report a failover; it is tried again'),
      );
    }
  }

  async #changeOf(
    record: FailoverRecord,
    { desired, feed, ports }: Place,
    sinceMs: number,
  ): Promise<Partial<FailoverRecord>> {
    const date = ports.clock.now();
    if (record.to === null) return endOfGivenUp(record, desired, feed, date);
    const samples = feed.samples();
    if (samples.get(record.from)?.role !== 'replica') this.#syncsBefore = samples.get(record.to)?.syncs;
    const to = endpointNamed(desired, record.to);
    const change = await followUp(record, feed, { date, sinceMs, to, syncsBefore: this.#syncsBefore });
    if (record.lackedBytes !== null || this.#old?.failover !== record.failover) return change;
    return { ...change, lackedBytes: lackedBytes(this.#old.sample, samples.get(record.to)) };
  }
}

interface Place {
  desired: DesiredCluster;
  feed: SentinelFeed;
  ports: RunPorts;
}

/** The master came back before Sentinel found another one. */
function endOfGivenUp(
  { from }: FailoverRecord,
  desired: DesiredCluster,
  feed: SentinelFeed,
  date: Date,
): Partial<FailoverRecord> {
  const endpoint = endpointNamed(desired, from);
  const isBack = feed.samples().get(from)?.role === 'master';
  const isDown = feed
    .views()
    .some(({ masters }) => masters.some((each) => sameEndpoint(each, endpoint) && each.flags.has('s_down')));
  return isBack && !isDown ? { closedAt: date.toISOString() } : {};
}

/** One failover at a time is followed. */
async function closeOthers(before: readonly FailoverRecord[], { store, clock }: RunPorts): Promise<void> {
  const closedAt = clock.now().toISOString();
  const open = before.filter((record) => record.closedAt === null);
  await Promise.all(open.map(({ failover }) => store.changeFailover(failover, { closedAt, shown: null })));
}

function namedMaster(desired: DesiredCluster, feed: SentinelFeed): NamedMaster | null {
  const identities = identitiesOf(everyNode(desired.nodes, []));
  const named = feed.views().flatMap(({ node, masters }) =>
    masters.flatMap((master) => {
      const name = identities.nodeAt(master, node);
      return name === null ? [] : [{ ...master, name }];
    }),
  );
  const [first] = named.toSorted((a, b) => b.configEpoch - a.configEpoch);
  if (!first) return null;
  const isSettled = named.every((each) => each.name === first.name && !each.flags.has('failover_in_progress'));
  return {
    ...endpointNamed(desired, first.name),
    name: first.name,
    epoch: first.configEpoch,
    failoverTimeoutMs: first.failoverTimeoutMs,
    isSettled,
  };
}

function endpointNamed({ nodes }: DesiredCluster, name: string): Endpoint {
  const node = nodes.find((each) => each.name === name);
  return node ? { host: node.address, port: node.redisPort } : { host: name, port: 0 };
}

function nameOf({ nodes }: DesiredCluster, known: Endpoint): string {
  const node = nodes.find(({ address, redisPort }) => sameEndpoint({ host: address, port: redisPort }, known));
  return node?.name ?? `${known.host}:${known.port}`;
}
