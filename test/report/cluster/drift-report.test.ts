import { describe, expect, it } from 'vitest';
import type { Drift, DriftLook } from '../../../src/domain/drift/drift.ts';
import { driftReport } from '../../../src/report/cluster/drift-report.ts';
import { driftJson } from '../../../src/report/json.ts';
import { itemsOf } from '../look.ts';

const MAXMEMORY: Drift = {
  node: 'redis-02',
  kind: 'running',
  subject: 'maxmemory',
  git: '256mb',
  actual: '1048576',
  byApply: true,
};
const ROLE: Drift = {
  node: 'redis-02',
  kind: 'role',
  subject: 'master of the cluster',
  git: 'redis-01',
  actual: 'redis-02',
  byApply: false,
};

function found(change: Partial<DriftLook> = {}): DriftLook {
  return { cluster: 'redis', revision: 'c'.repeat(40), drifts: [], unread: [], obstacles: [], ...change };
}

describe('driftReport', () => {
  it('says that there is none', () => {
    expect(driftReport(found())).toMatchObject({ title: 'redis: no drift', tone: 'good', sections: [] });
  });

  it('shows nodes with the same difference together, sizes in words beside the value', () => {
    const drifts = [MAXMEMORY, { ...MAXMEMORY, node: 'redis-03' }];
    const report = driftReport(found({ drifts }));
    expect(report.title).toBe('redis: 2 differences from Git');
    expect(report.summary).toBe('2 differences on redis-02 and redis-03.');
    expect(report.sections).toMatchObject([
      { kind: 'table', rows: [['redis-02, redis-03', 'running', 'maxmemory', '256 MiB (256mb)', '1 MiB (1048576)']] },
    ]);
  });

  it('offers what there is for a master that Git does not nominate', () => {
    expect(driftReport(found({ drifts: [ROLE] })).next).toBe(
      'An apply does not move roles: put `redis_master_host: redis-02` into Git, or hand the role back.',
    );
  });

  it('does not treat unknown as none', () => {
    const unread = [{ node: 'redis-03', code: 'SSH_TIMEOUT' as const, reason: 'no answer' }];
    const report = driftReport(found({ unread }));
    expect(report).toMatchObject({ title: 'redis: drift unknown', tone: 'bad' });
    expect(report.summary).toBe(
      'Everything that was read matches Git. redis-03 could not be read, so drift there is unknown.',
    );
    expect(driftJson(found({ unread, drifts: [MAXMEMORY] }))).toEqual({
      cluster: 'redis',
      revision: 'c'.repeat(40),
      drifts: [{ node: 'redis-02', kind: 'running', subject: 'maxmemory', git: '256mb', actual: '1048576' }],
      unread,
    });
  });

  it('names what blocks an apply', () => {
    const report = driftReport(found({ drifts: [MAXMEMORY], obstacles: ['redis-01 is loading its data.'] }));
    expect(report.next).toContain('would be refused');
    expect(itemsOf(report, 'Blockers of an apply')).toEqual([{ tone: 'bad', text: 'redis-01 is loading its data.' }]);
  });
});
