import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import type { Action } from '../../src/domain/action.ts';
import { RedisopsError } from '../../src/domain/error.ts';
import type { RunEvent } from '../../src/domain/run/event.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { DONE, HEALTHY, desiredCluster, fakeNodes, info, planOf, reload, type Runs } from './fake-nodes.ts';
import type { JournalEntry } from '../../src/domain/run/journal.ts';
import { fakeClock } from '../fake-clock.ts';
import { realClock } from '../../src/time/real-clock.ts';

function infoUnder(host: string, isMaster: boolean): string {
  const link = { master_host: host, master_port: 6379, master_link_status: 'up', master_last_io_seconds_ago: 0 };
  const own = isMaster
    ? { role: 'master', master_repl_offset: 5, slave0: 'ip=10.0.0.1,port=6379,state=online,offset=5,lag=0' }
    : { role: 'slave', slave_repl_offset: 5, ...link };
  return info({ master_replid: 'a', master_replid2: '0', second_repl_offset: -1, ...own });
}

const NAMES = ['redis-01', 'redis-02', 'redis-03'];
const PLANNED = { desired: desiredCluster(NAMES), observed: [] };
const FAILED = { status: 1, stdout: '', stderr: 'Failed to reload: AUTH canary\n' };

async function applied(plan: Plan, runs: Runs, stop?: AbortSignal) {
  const events: RunEvent[] = [];
  const journal: JournalEntry[] = [];
  const watch = {
    emit: (event: RunEvent) => void events.push(event),
    record: (entry: JournalEntry) => Promise.resolve(void journal.push(entry)),
    clock: fakeClock(),
    verify: () => Promise.resolve(HEALTHY),
    ...(stop ? { stop } : {}),
  };
  const result = await applyPlan(plan, PLANNED, fakeNodes(runs), watch);
  return { ...result, events, journal };
}

describe('applyPlan', () => {
  it('shows no password printed by a node if a step failed before its command began', async () => {
    const error = new RedisopsError('COMMAND_FAILED', 'The session ended. It printed: AUTH canary', { hint: 'look' });
    const { failure, events } = await applied(planOf([[reload('redis-01')]]), () => Promise.reject(error));
    const masked = { code: 'COMMAND_FAILED', message: 'The session ended. It printed: AUTH ••••••', hint: 'look' };
    expect(failure?.error).toMatchObject(masked);
    expect(events.at(-1)).toMatchObject({ kind: 'step-failed', error: masked });
  });

  it('refuses a plan with blockers: nothing is touched', async () => {
    const touched: string[] = [];
    const plan = planOf(
      [[reload('redis-01')]],
      [{ code: 'MASTER_UNKNOWN', node: null, message: 'who?', hint: 'look' }],
    );
    const run = applied(plan, (node) => {
      touched.push(node);
      return DONE;
    });
    await expect(run).rejects.toMatchObject({ code: 'MASTER_UNKNOWN', hint: 'look' });
    expect(touched).toEqual([]);
  });

  it('reports and records each step, before and after', async () => {
    const { events, journal, failure } = await applied(planOf([[reload('redis-02')]]), () => DONE);
    expect(failure).toBeNull();
    expect(events.map((event) => event.kind)).toEqual(['step-started', 'step-finished']);
    expect(events[1]).toMatchObject({ step: 1, of: 1, changed: true });
    const at = '2026-01-01T00:00:00.000Z';
    const entry = { at, step: 1, node: 'redis-02', action: 'daemon-reload' };
    expect(journal).toEqual([
      { ...entry, state: 'began' },
      { ...entry, state: 'ended' },
    ]);
  });

  it('counts an unnecessary change as ok, not as changed', async () => {
    const { recap, unfinished } = await applied(planOf([[reload('redis-01')]]), () => ({
      ...DONE,
      stdout: 'unchanged\n',
    }));
    expect(unfinished).toEqual(new Set());
    expect(recap[0]).toEqual({ name: 'redis-01', ok: 1, changed: 0, failed: 0, skipped: 0 });
  });

  it('lets running nodes of the wave finish and begins nothing more', async () => {
    const finish: (() => void)[] = [];
    const plan = planOf([[reload('redis-01'), reload('redis-02'), reload('redis-02')], [reload('redis-03')]]);
    const { failure, recap, journal, unfinished } = await applied(plan, async (node) => {
      if (node === 'redis-01') {
        setImmediate(() => finish.forEach((end) => end()));
        return FAILED;
      }
      await new Promise<void>((resolve) => void finish.push(resolve));
      return DONE;
    });
    expect(failure).toMatchObject({ node: 'redis-01', error: { code: 'COMMAND_FAILED' } });
    expect(new Set(journal.map(({ step }) => step))).toEqual(new Set([1, 2]));
    expect(unfinished).toEqual(new Set(['redis-01', 'redis-02', 'redis-03']));
    expect(recap).toEqual([
      { name: 'redis-01', ok: 0, changed: 0, failed: 1, skipped: 0 },
      { name: 'redis-02', ok: 1, changed: 1, failed: 0, skipped: 1 },
      { name: 'redis-03', ok: 0, changed: 0, failed: 0, skipped: 1 },
    ]);
  });

  it.each([
    ['a person stopped it', undefined, 'STOPPED'],
    ['a lock was lost', new RedisopsError('HOLD_LOST', 'gone', { hint: 'look' }), 'HOLD_LOST'],
  ])('begins no further step when %s, and says why', async (_, reason, code) => {
    const stop = new AbortController();
    const plan = planOf([[reload('redis-01'), reload('redis-01')], [reload('redis-02')]]);
    const runs = (): typeof DONE => {
      stop.abort(reason);
      return DONE;
    };
    const { failure, recap } = await applied(plan, runs, stop.signal);
    expect(failure).toMatchObject({ node: 'redis-01', error: { code } });
    expect(recap.map(({ changed, failed, skipped }) => [changed, failed, skipped])).toEqual([
      [1, 0, 1],
      [0, 0, 1],
      [0, 0, 0],
    ]);
  });

  it('does not carry out a step when it must stop while the step is written down', async () => {
    const stop = new AbortController();
    const touched: string[] = [];
    const watch = {
      emit: () => {},
      record: async () => stop.abort(),
      clock: fakeClock(),
      verify: () => Promise.resolve(HEALTHY),
      stop: stop.signal,
    };
    const nodes = fakeNodes((node) => {
      touched.push(node);
      return DONE;
    });
    const { failure } = await applyPlan(planOf([[reload('redis-01')]]), PLANNED, nodes, watch);
    expect(failure?.error.code).toBe('STOPPED');
    expect(touched).toEqual([]);
  });

  it.each([
    ['before the role goes', 0, []],
    ['while it goes', 1, ['redis-01', 'redis-02']],
    ['while the files follow', 2, ['redis-01', 'redis-02']],
    ['before the restart', 4, ['redis-01', 'redis-02']],
  ])('stops %s at a point where every file has the roles that are', async (_, stopAt, reloaded) => {
    const stop = new AbortController();
    let began = 0;
    const touched: string[] = [];
    const watch = {
      emit: () => {},
      record: async ({ state }: JournalEntry) => {
        if (state === 'began' && (began += 1) === stopAt) stop.abort();
      },
      clock: fakeClock(),
      verify: async () => HEALTHY,
      stop: stop.signal,
    };
    if (stopAt === 0) stop.abort();
    // It already has the role: this test is about the order.
    const to = { name: 'redis-02', host: '10.0.0.2', port: 6379 };
    const handOver: Action = { ...reload('redis-01'), kind: 'hand-over', to };
    const nodes = fakeNodes(
      (node, script) => {
        if (script.includes('daemon-reload')) touched.push(node);
        return DONE;
      },
      (node, [command]) => {
        if (command === 'INFO') return infoUnder(to.host, node === to.name);
        return command === 'ROLE' ? ['slave', '', 0, 'connected', 5] : ['masterauth', 'canary'];
      },
    );
    // Any step can stand for the files in that wave, and for the later restart.
    const waves = [[handOver], [reload('redis-01'), reload('redis-02')], [reload('redis-03')], [reload('redis-03')]];
    const { failure } = await applyPlan(planOf(waves), PLANNED, nodes, watch);
    expect(failure?.error.code).toBe('STOPPED');
    expect(touched.toSorted()).toEqual(reloaded);
  });

  it('stops while the role still waits for an output buffer: nothing is touched', async () => {
    const stop = new AbortController();
    const said: string[] = [];
    const watch = {
      emit: () => {},
      record: async () => {},
      clock: fakeClock(),
      verify: async () => HEALTHY,
      stop: stop.signal,
    };
    const to = { name: 'redis-02', host: '10.0.0.2', port: 6379 };
    const nodes = fakeNodes(
      () => DONE,
      (node, words) => {
        const [command, what] = words;
        if (command === 'INFO') return infoUnder('10.0.0.1', node === 'redis-01');
        if (command === 'ROLE') return ['master', 5, []];
        if (command === 'CONFIG') return ['masterauth', 'canary'];
        said.push(words.join(' '));
        if (what !== 'LIST') return 'OK';
        if (said.filter((line) => line.includes('LIST')).length === 3) stop.abort();
        return 'id=7 addr=10.0.0.3:40112 omem=999999999';
      },
    );
    const handOver: Action = { ...reload('redis-01'), kind: 'hand-over', to };
    const { failure } = await applyPlan(planOf([[handOver]]), PLANNED, nodes, watch);
    expect(failure?.error.code).toBe('STOPPED');
    expect(new Set(said)).toEqual(new Set(['CLIENT LIST TYPE replica']));
  });

  it('quotes the node without the password', async () => {
    const { failure } = await applied(planOf([[reload('redis-01')]]), () => FAILED);
    expect(failure?.error.message).toBe('systemctl daemon-reload failed with status 1: Failed to reload: AUTH ••••••');
  });

  it('does not begin a step that cannot be written down', async () => {
    const touched: string[] = [];
    const watch = {
      emit: () => {},
      record: () => Promise.reject(new Error('disk full')),
      clock: realClock,
      verify: () => Promise.resolve(HEALTHY),
    };
    const nodes = fakeNodes((node) => {
      touched.push(node);
      return DONE;
    });
    const plan = planOf([[reload('redis-01')], [reload('redis-02')]]);
    const { failure, recap } = await applyPlan(plan, PLANNED, nodes, watch);
    expect(failure?.error.message).toBe('disk full');
    expect(touched).toEqual([]);
    expect(recap.map(({ failed, skipped }) => failed + skipped)).toEqual([1, 1, 0]);
  });

  it('begins nothing after a stop', async () => {
    const stop = new AbortController();
    const plan = planOf([[reload('redis-01'), reload('redis-01')], [reload('redis-02')]]);
    const runs = () => {
      stop.abort();
      return DONE;
    };
    const { failure, recap } = await applied(plan, runs, stop.signal);
    expect(failure?.error.code).toBe('STOPPED');
    expect(recap.map(({ ok, skipped }) => [ok, skipped])).toEqual([
      [1, 1],
      [0, 1],
      [0, 0],
    ]);
  });

  it('holds its order whatever the plan, the delays and the failures', async () => {
    const step = fc.record({ node: fc.constantFrom(...NAMES), fails: fc.boolean(), ticks: fc.nat(3) });
    const waves = fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(waves, async (spec) => {
        const plan = planOf(spec.map((wave) => wave.map(({ node }) => reload(node))));
        const queues = new Map(NAMES.map((name) => [name, spec.flat().filter(({ node }) => node === name)]));
        const { events, recap, failure } = await applied(plan, async (node) => {
          const next = queues.get(node)?.shift();
          for (let tick = 0; tick < (next?.ticks ?? 0); tick += 1) await Promise.resolve();
          return next?.fails ? FAILED : DONE;
        });
        expect(
          disorderIn(
            spec.map((wave) => wave.length),
            events,
          ),
        ).toEqual([]);
        expect(failure !== null).toBe(recap.some(({ failed }) => failed > 0));
        for (const name of NAMES) {
          const counts = recap.find((each) => each.name === name);
          const planned = spec.flat().filter(({ node }) => node === name).length;
          expect((counts?.ok ?? 0) + (counts?.failed ?? 0) + (counts?.skipped ?? 0)).toBe(planned);
        }
      }),
    );
  });
});

/** Steps that begin after a failure, before the wave above them ended, or before their node’s earlier step ended. */
function disorderIn(waveSizes: readonly number[], events: readonly RunEvent[]): readonly string[] {
  const waveOf = waveSizes.flatMap((size, wave) => Array.from({ length: size }, () => wave));
  const running = new Map<number, string>();
  const found: string[] = [];
  let failed = false;
  for (const event of events) {
    if (event.kind === 'step-started') {
      const { step, action } = event;
      if (failed) found.push(`${step} begins after a failure`);
      if ([...running.keys()].some((other) => waveOf[other - 1] !== waveOf[step - 1])) found.push(`${step} is early`);
      if ([...running.values()].includes(action.node)) found.push(`${step} overtakes`);
      running.set(step, action.node);
    }
    if (event.kind === 'step-finished' || event.kind === 'step-failed') running.delete(event.step);
    if (event.kind === 'step-failed') failed = true;
  }
  return [...found, ...[...running.keys()].map((step) => `${step} never ends`)];
}
