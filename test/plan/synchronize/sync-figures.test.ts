import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/domain/limits.ts';
import { syncRisks, type Burden } from '../../../src/plan/synchronize/sync-figures.ts';

const MB = 1_000_000;
const BURDEN: Burden = {
  master: 'redis-01',
  datasetBytes: 1000 * MB,
  writeBytesPerSecond: 100,
  buffer: { hardBytes: 256 * MB, softBytes: 64 * MB, softSeconds: 60 },
  backlogBytes: 16 * MB,
  timeoutSeconds: 60,
  limits: DEFAULT_LIMITS,
};
const SYNC = { synchronizes: true, interrupted: 'by the network' } as const;

function codesOf(
  change: Partial<Burden>,
  occasion: Parameters<typeof syncRisks>[1] = SYNC,
): readonly (string | null)[] {
  return syncRisks({ ...BURDEN, ...change }, occasion).map(({ code }) => code);
}

describe('a full synchronization of 1 GB: 80 s for the network, 20 s to load', () => {
  it.each<[string, Partial<Burden>, readonly string[]]>([
    ['few writes', {}, []],
    [
      'as much as the hard limit',
      { writeBytesPerSecond: 2.56 * MB, buffer: { hardBytes: 256 * MB, softBytes: 0, softSeconds: 0 } },
      ['BACKLOG_SHORT'],
    ],
    [
      'more than the hard limit',
      { writeBytesPerSecond: 2.57 * MB, buffer: { hardBytes: 256 * MB, softBytes: 0, softSeconds: 0 } },
      ['SYNC_BUFFER_SHORT', 'BACKLOG_SHORT'],
    ],
    ['over the soft limit for 40 s', { writeBytesPerSecond: (64 * MB) / 60, backlogBytes: 256 * MB }, []],
    [
      'over the soft limit for 61 s',
      { writeBytesPerSecond: (64 * MB) / 39, backlogBytes: 256 * MB },
      ['SYNC_BUFFER_SHORT'],
    ],
    [
      'a hard limit below the backlog, which counts instead',
      { writeBytesPerSecond: MB, backlogBytes: 256 * MB, buffer: { hardBytes: 1, softBytes: 0, softSeconds: 0 } },
      [],
    ],
    [
      'no limits',
      {
        writeBytesPerSecond: 100 * MB,
        backlogBytes: 10_000 * MB,
        buffer: { hardBytes: 0, softBytes: 0, softSeconds: 0 },
      },
      [],
    ],
    ['a short backlog', { writeBytesPerSecond: 0.3 * MB }, ['BACKLOG_SHORT']],
    ['a short repl-timeout', { timeoutSeconds: 19 }, ['REPL_TIMEOUT_SHORT']],
  ])('%s', (_, change, expected) => {
    expect(codesOf(change)).toEqual(expected);
  });

  it('names its figures', () => {
    const [buffer, , backlog] = syncRisks(
      { ...BURDEN, writeBytesPerSecond: 4 * MB, datasetBytes: 5 * 1024 ** 3 },
      SYNC,
    );
    expect(buffer?.message).toBe(
      '5 GiB take about 8 min 57 s to synchronize; by then redis-01 has written 2 GiB (3.81 MiB/s), and the hard limit is 244 MiB (client-output-buffer-limit replica): the synchronization would break off and restart endlessly.',
    );
    expect(backlog?.message).toContain('repl-backlog-size of 15.3 MiB lasts 4.0 s.');
  });
});

it('reckons the time to load to a restart', () => {
  const change = { writeBytesPerSecond: 0.25 * MB };
  expect(codesOf(change)).toEqual([]);
  expect(codesOf(change, { synchronizes: false, interrupted: 'by a restart' })).toEqual(['BACKLOG_SHORT']);
});

it('warns no less of more data and more writes', () => {
  const size = fc.integer({ min: 0, max: 1e12 });
  const burden = fc.record({
    datasetBytes: size,
    writeBytesPerSecond: size,
    backlogBytes: size,
    timeoutSeconds: fc.integer({ min: 1, max: 3600 }),
    buffer: fc.record({ hardBytes: size, softBytes: size, softSeconds: fc.integer({ min: 0, max: 3600 }) }),
  });
  fc.assert(
    fc.property(burden, size, size, (change, data, rate) => {
      const more = {
        ...change,
        datasetBytes: change.datasetBytes + data,
        writeBytesPerSecond: change.writeBytesPerSecond + rate,
      };
      const restart = { synchronizes: true, interrupted: 'by a restart' } as const;
      expect(codesOf(more, restart)).toEqual(expect.arrayContaining([...codesOf(change, restart)]));
    }),
  );
});
