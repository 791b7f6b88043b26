import { describe, expect, it } from 'vitest';
import { verifyReport } from '../../../src/report/cluster/verify-report.ts';
import { verification } from '../fixtures.ts';
import { rowsOf, sectionOf } from '../look.ts';

const HEADING = 'SET/GET redisops:probe:8c1f0a7d2b';

describe('verifyReport', () => {
  it('shows the proof by a write', () => {
    const report = verifyReport(verification());
    expect(report).toMatchObject({
      title: 'Verification: healthy',
      tone: 'good',
      summary: 'A write on redis-01 arrived on 2 of 2 replicas.',
    });
    expect(rowsOf(report, HEADING)).toEqual([
      ['redis-02', 'OK', '0.42 ms', '0 B', 'refused'],
      ['redis-03', 'OK', '0.57 ms', '0 B', 'refused'],
    ]);
    expect(report.sections.at(-1)).toMatchObject({ text: 'SET on redis-01, WAIT: 2 of 2 replicas acknowledged it.' });
  });

  it.each([
    [
      { value: null, matches: false, latencyMs: null, offsetLag: null, refusedWrite: true },
      ['nothing', '–', '–', 'refused'],
    ],
    [
      { value: 'old', matches: false, latencyMs: 2, offsetLag: 4096, refusedWrite: false },
      ['differs', '2.00 ms', '4 KiB', 'accepted'],
    ],
  ])('shows a replica that fails it: %j', (probe, cells) => {
    const report = verifyReport(verification({ verdict: 'degraded', replicas: [{ name: 'redis-02', ...probe }] }));
    expect(report).toMatchObject({ tone: 'warning', summary: 'A write on redis-01 arrived on 0 of 1 replica.' });
    expect(rowsOf(report, HEADING)).toEqual([['redis-02', ...cells]]);
  });

  it('tells nothing of a replica that was not asked', () => {
    const [asked] = verification().replicas;
    const unasked = { value: null, matches: false, latencyMs: null, offsetLag: null, refusedWrite: null };
    const replicas = [...(asked ? [asked] : []), { name: 'redis-03', ...unasked }];
    const report = verifyReport(verification({ verdict: 'unknown', replicas }));
    expect(rowsOf(report, HEADING)[1]).toEqual(['redis-03', '–', '–', '–', 'not tried']);
    expect(report.summary).toBe('A write on redis-01 arrived on 1 of 2 replicas. redis-03 could not be asked.');
  });

  it('says that no write was tried', () => {
    const report = verifyReport(verification({ verdict: 'unknown', key: null, master: null, replicas: [] }));
    expect(report).toMatchObject({ tone: 'bad', summary: 'No node could be verified as the master.' });
    expect(sectionOf(report, 'SET/GET')).toMatchObject({ text: 'No write was tried.' });
  });

  it('reports no write attempt on replicas if there was none', () => {
    const probe = { value: null, matches: false, latencyMs: null, offsetLag: null, refusedWrite: null };
    const refused = { code: 'WRITES_REFUSED', node: 'redis-01', message: 'redis-01 refuses writes: OOM' } as const;
    const replicas = [{ name: 'redis-02', ...probe }];
    const full = verifyReport(verification({ verdict: 'down', reasons: [refused], replicas }));
    expect(full.summary).toBe('redis-01 refuses writes.');
    expect(sectionOf(full, HEADING)).toMatchObject({ kind: 'text', text: 'redis-01 refused the SET.' });
    const away = verifyReport(verification({ verdict: 'degraded', replicas }));
    expect(rowsOf(away, HEADING)).toEqual([['redis-02', '–', '–', '–', 'not tried']]);
  });
});
