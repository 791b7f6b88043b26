import { describe, expect, it } from 'vitest';
import { awaitBuffers } from '../../../src/apply/hand-over/await-buffers.ts';
import type { HandOver } from '../../../src/domain/action.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';
import { DONE, TEXT, desiredCluster, fakeLink, fakeNodes, fakeStep } from '../fake-nodes.ts';

const ACTION: HandOver = {
  ...TEXT,
  kind: 'hand-over',
  node: 'redis-01',
  to: { name: 'redis-02', host: '10.0.0.2', port: 6379 },
};
const MIB = 1_048_576;
const IDLE = 20_512;

/** In place of a size: Redis closed the connection. */
const GONE = -1;

function clientsOf(waiting: number): string {
  const line = (host: string, omem: number): string => `id=7 addr=${host}:40112 oll=1 omem=${omem} tot-mem=9\n`;
  return line('10.0.0.2', IDLE) + (waiting === GONE ? '' : line('10.0.0.3', waiting));
}

/** Pending output for redis-03 at each look; the last value repeats. */
async function outcome(waiting: readonly number[], { limits = 'slave 268435456 67108864 60', backlog = 8 * MIB } = {}) {
  const left = [...waiting];
  const look = (): string => clientsOf((left.length > 1 ? left.shift() : left[0]) ?? 0);
  const old = fakeLink('redis-01', (_, [command = '']) =>
    command === 'CLIENT' ? look() : ['client-output-buffer-limit', `normal 0 0 0 ${limits} pubsub 32 8 60`],
  );
  const candidate = fakeLink('redis-02', () => `# Replication\r\nrole:slave\r\nrepl_backlog_histlen:${backlog}\r\n`);
  const step = await fakeStep(
    'redis-01',
    desiredCluster(['redis-01', 'redis-02', 'redis-03']),
    fakeNodes(() => DONE),
  );
  const error = await awaitBuffers(ACTION, { old, candidate }, step).then(() => null, asRedisopsError);
  return { code: error?.code ?? null, message: error?.message, told: step.told, waitedMs: step.clock.elapsed() };
}

describe('what waits in the master’s output buffers', () => {
  it.each<[string, number, Parameters<typeof outcome>[1]]>([
    ['an idle replica', IDLE, {}],
    ['as much as the backlog gives back', 8 * MIB, {}],
    ['an idle replica with the smallest backlog', IDLE, { backlog: 16_384 }],
    ['no limits at all', 7 * MIB, { limits: 'slave 0 0 0' }],
  ])('holds nothing up: %s', async (_, waiting, options) => {
    expect(await outcome([waiting], options)).toMatchObject({ code: null, told: [], waitedMs: 0 });
  });

  it.each<[string, number, Parameters<typeof outcome>[1], string]>([
    ['the candidate’s backlog', 9 * MIB, {}, '8 MiB'],
    ['the soft limit', 4 * MIB, { limits: 'slave 268435456 2097152 60' }, '2 MiB'],
    ['the hard limit', 4 * MIB, { limits: 'replica 3145728 0 0' }, '3 MiB'],
  ])('ends the hand-over where it stays over %s', async (_, waiting, options, room) => {
    const { code, message, waitedMs } = await outcome([waiting], options);
    expect(code).toBe('HANDOVER_REFUSED');
    expect(message).toContain(`wait in its output buffer for redis-03, ${room} may`);
    expect(waitedMs).toBe(60_000);
  });

  it('is awaited as long as it shrinks, and no longer', async () => {
    const draining = Array.from({ length: 3000 }, (_, at) => 4000 * MIB - at * MIB);
    expect(await outcome([...draining, IDLE])).toMatchObject({ code: null, waitedMs: 150_000 });
    const filling = Array.from({ length: 3000 }, (_, at) => 9 * MIB + at * MIB);
    expect(await outcome(filling)).toMatchObject({ code: 'HANDOVER_REFUSED', waitedMs: 60_000 });
  });

  it('does not count as shrunk if Redis closed the connection: the replica is awaited', async () => {
    const dropped = Array.from({ length: 40 }, () => GONE);
    expect(await outcome([9 * MIB, ...dropped, IDLE])).toMatchObject({ code: null, waitedMs: 2050 });
    const { code, message } = await outcome([9 * MIB, GONE]);
    expect([code, message]).toEqual(['HANDOVER_REFUSED', expect.stringContaining('redis-03 read too slowly')]);
    expect(await outcome([GONE])).toMatchObject({ code: null, waitedMs: 0 });
  });

  it('is reported once a second', async () => {
    const draining = Array.from({ length: 100 }, (_, at) => 4000 * MIB - at * MIB);
    expect((await outcome([...draining, IDLE])).told).toHaveLength(5);
  });
});
