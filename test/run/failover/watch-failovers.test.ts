import { describe, expect, it } from 'vitest';
import type { FailoverRecord } from '../../../src/domain/failover/failover-record.ts';
import type { RedisSample } from '../../../src/domain/failover/redis-sample.ts';
import type { SentinelEvent } from '../../../src/domain/failover/sentinel-events.ts';
import type { SentinelFeed, SentinelView } from '../../../src/observed/failover/sentinel-feed.ts';
import { FailoverWatch } from '../../../src/run/failover/watch-failovers.ts';
import { cluster } from '../../builders.ts';
import { masterSeenBy, NAMES, idOf } from '../../sentinels.ts';
import { CHANNEL, NOW, portsOf, type Given } from '../../ports.ts';
import { record as run } from '../../report/fixtures.ts';
import { realClock } from '../../../src/time/real-clock.ts';

const ADDRESSES: Readonly<Record<string, string>> = {
  'redis-01': '10.0.0.123',
  'redis-02': '10.0.0.124',
  'redis-03': '10.0.0.125',
};
const A = 'a'.repeat(40);
const ABOUT = 'master redis 10.0.0.123 6379';

function sample(change: Partial<RedisSample> = {}): RedisSample {
  const follows = { host: '10.0.0.123', port: 6379 };
  const syncs = { full: 2, partial: 0 };
  return {
    at: 0,
    role: 'replica',
    follows,
    linkUp: true,
    offset: 500,
    replicationId: A,
    before: null,
    syncs,
    ...change,
  };
}

/** Three Sentinels, three Redis, and a clock that is moved. */
function world() {
  const state = {
    now: 0,
    master: 'redis-01',
    epoch: 3,
    events: [] as SentinelEvent[],
    samples: new Map<string, RedisSample>([
      ['redis-01', sample({ role: 'master', follows: null })],
      ['redis-02', sample()],
      ['redis-03', sample()],
    ]),
    clients: '',
  };
  const feed: SentinelFeed = {
    poll: () => Promise.resolve(),
    views: () =>
      NAMES.map((node): SentinelView => {
        const change = { host: ADDRESSES[state.master] ?? '', configEpoch: state.epoch };
        return { node, id: idOf(node), masters: [masterSeenBy(node, change)] };
      }),
    samples: () => state.samples,
    events: () => state.events,
    ask: () => Promise.resolve(state.clients),
    close: () => undefined,
  };
  return {
    state,
    feed,
    hears: (channel: string, message: string) => {
      for (const by of NAMES) state.events.push({ by, channel, message, at: state.now });
    },
    /** kill -9 of the master, and what Sentinel does about it. */
    failsOver(to = 'redis-02', offset = 480) {
      const { hears } = this;
      const from = state.master;
      const about = `master redis ${ADDRESSES[from]} 6379`;
      state.samples.delete(from);
      state.now += 2000;
      hears('+sdown', about);
      hears('+odown', `${about} #quorum 2/2`);
      hears('+try-failover', about);
      hears('+vote-for-leader', `${idOf('redis-03')} ${state.epoch + 1}`);
      state.now += 500;
      hears('+promoted-slave', 'slave');
      hears('+switch-master', `redis ${ADDRESSES[from]} 6379 ${ADDRESSES[to]} 6379`);
      state.master = to;
      state.epoch += 1;
      const before = { replicationId: A, offset };
      state.samples.set(
        to,
        sample({ at: state.now, role: 'master', follows: null, before, replicationId: 'b'.repeat(40) }),
      );
    },
  };
}

function watching(sees: ReturnType<typeof world>, given: Given = {}) {
  const clock = {
    ...realClock,
    now: () => new Date(NOW.getTime() + sees.state.now),
    elapsed: () => sees.state.now,
  };
  const ports = portsOf({ ...given, ports: { clock, ...given.ports } });
  const alarms: boolean[] = [];
  const worker = () => new FailoverWatch('redis', { againMs: 3_600_000 }, (isCertain) => void alarms.push(isCertain));
  const watch = worker();
  return {
    ports,
    alarms,
    worker,
    look: (by = watch) => by.look(cluster, sees.feed, ports),
    ways: () => ports.outside.said.map(({ how }) => how),
    last: () => ports.outside.said.at(-1),
    text: () => JSON.stringify(ports.outside.said.at(-1)?.report),
    records: (): readonly FailoverRecord[] => [...ports.outside.failovers.values()],
  };
}

describe('an automatic failover', () => {
  it('is reported once, with why, for how long and what was lacking', async () => {
    const sees = world();
    const { look, ways, last, text, records } = watching(sees);
    await look();
    sees.failsOver();
    await look();
    await look();
    expect(ways()).toEqual(['post']);
    expect(last()).toMatchObject({ where: CHANNEL, report: { title: 'redis: failed over from redis-01 to redis-02' } });
    expect(records()).toMatchObject([
      { cause: { kind: 'down', quorum: '2/2' }, noWritesMs: 2500, lackedBytes: 20, epoch: 4, sentinels: 3 },
    ]);
    expect(text()).toContain('Votes: 3 of 3 for the Sentinel on redis-03');
    expect(last()?.buttons?.map((each) => each.kind === 'watch' && each.offer)).toEqual(['way-back']);
  });

  it('is edited as the old master returns, until it is in sync', async () => {
    const sees = world();
    const { look, ways, text, records } = watching(sees);
    await look();
    sees.failsOver();
    await look();
    sees.state.now += 5000;
    sees.state.samples.set('redis-01', sample({ role: 'master', follows: null, offset: 0 }));
    sees.state.clients = 'id=1 addr=10.0.0.50:1 laddr=10.0.0.123:6379 name=web flags=N';
    await look();
    expect(text()).toContain('still acts as a master');
    expect(text()).toContain('10.0.0.50 (web)');
    sees.state.now += 10_000;
    const to = { host: '10.0.0.124', port: 6379 };
    sees.state.samples.set('redis-01', sample({ follows: to }));
    const master = sees.state.samples.get('redis-02');
    if (master) sees.state.samples.set('redis-02', { ...master, syncs: { full: 3, partial: 0 } });
    sees.state.clients = '';
    await look();
    expect(text()).toContain('redis-01 follows redis-02 and is in sync, after a full resynchronization');
    expect(records()[0]?.closedAt).not.toBeNull();
    expect(ways()).toEqual(['post', 'edit', 'edit']);
  });

  it('is reported once by two workers, and after a restart', async () => {
    const sees = world();
    const { look, ways, worker, records } = watching(sees);
    const [one, two] = [worker(), worker()];
    await look(one);
    sees.failsOver();
    await Promise.all([look(one), look(two)]);
    await look(worker());
    expect(records()).toHaveLength(1);
    expect(ways().filter((how) => how === 'post').length).toBe(1);
  });

  it('that happened while nobody listened is reported afterwards', async () => {
    const sees = world();
    const { look, text, worker } = watching(sees);
    await look();
    sees.failsOver();
    sees.state.events.length = 0;
    await look(worker());
    expect(text()).toContain('redisops did not hear why');
  });

  it('is flagged when it is the second, until it is acknowledged', async () => {
    const sees = world();
    const { look, last } = watching(sees);
    await look();
    sees.failsOver('redis-02');
    await look();
    sees.state.now += 600_000;
    sees.state.events.length = 0;
    sees.failsOver('redis-03');
    await look();
    expect(last()?.report?.title).toBe('redis: second failover in 10 min, redis-02 to redis-03');
    expect(last()?.buttons).toHaveLength(4);
  });

  it('of a run is recorded, and reported by the run only', async () => {
    const sees = world();
    const { look, ways, records, ports } = watching(sees);
    await look();
    const goal = { kind: 'failover', mode: 'planned' } as const;
    ports.outside.runs.set('r-1', run({ run: 'r-1', status: 'running', goal }));
    sees.failsOver();
    await look();
    expect([ways(), records()]).toMatchObject([[], [{ cause: { kind: 'run', run: 'r-1' } }]]);
  });

  it('is posted later if Slack was away', async () => {
    const sees = world();
    let isDown = true;
    const posted: string[] = [];
    const { look } = watching(sees, {
      chat: {
        post: async (channel) => {
          if (isDown) throw new Error('down');
          posted.push(channel);
          return { channel, timestamp: '1.0' };
        },
      },
    });
    await look();
    sees.failsOver();
    await look();
    isDown = false;
    await look();
    await look();
    expect(posted).toEqual([CHANNEL]);
  });
});

describe('Sentinels set up anew', () => {
  it('are no failover', async () => {
    const sees = world();
    const { look, ways, ports } = watching(sees);
    await look();
    sees.state.epoch = 0;
    sees.state.master = 'redis-03';
    await look();
    expect(ways()).toEqual([]);
    expect(ports.outside.masters.get('redis')).toMatchObject({ host: '10.0.0.125', epoch: 0 });
  });
});

describe('a failover that Sentinel gives up', () => {
  it('says which event, why, and when the next try is due; counts the tries in one message', async () => {
    const sees = world();
    const { look, ways, text, last } = watching(sees);
    await look();
    sees.state.samples.delete('redis-01');
    sees.hears('+odown', `${ABOUT} #quorum 2/2`);
    sees.hears('+try-failover', ABOUT);
    sees.state.now += 1000;
    sees.hears('-failover-abort-no-good-slave', ABOUT);
    await look();
    expect(last()?.report?.title).toBe('redis: Sentinel gave up the failover of redis-01');
    expect(text()).toContain('no replica can be promoted');
    expect(text()).toContain('The next try is due at 2025-11-23 12:02:00 UTC');
    await look();
    expect(ways()).toEqual(['post']);
    sees.state.now += 120_000;
    sees.hears('+try-failover', ABOUT);
    sees.state.now += 10;
    sees.hears('-failover-abort-not-elected', ABOUT);
    await look();
    expect(ways()).toEqual(['post', 'edit']);
    expect(text()).toContain('2 tries so far');
    sees.state.samples.set('redis-01', sample({ role: 'master', follows: null }));
    await look();
    expect(last()?.report?.title).toBe('redis: a failover of redis-01 was given up');
  });
});

describe('a master that is down without a failover', () => {
  it('is handed to the watch of health, by Sentinel’s word', async () => {
    const sees = world();
    const { look, alarms } = watching(sees);
    await look();
    sees.state.samples.delete('redis-01');
    sees.hears('+sdown', ABOUT);
    await look();
    expect(alarms).toEqual([]);
    sees.state.now += 3000;
    await look();
    expect(alarms).toEqual([true]);
  });
});
