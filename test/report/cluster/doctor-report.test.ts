import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/domain/finding.ts';
import { doctorReport } from '../../../src/report/cluster/doctor-report.ts';
import { itemsOf } from '../look.ts';

const FINDING: Finding = {
  id: 'DATA_DIRECTORY_READ_ONLY',
  node: 'redis-02',
  cause: 'Redis cannot write /data/redis.',
  evidence: ['ProtectSystem=strict'],
  remedy: '`apply` writes the drop-in.',
  safe: true,
};

describe('doctorReport', () => {
  it('says that nothing was found', () => {
    expect(doctorReport([])).toMatchObject({ title: 'Doctor: nothing found', tone: 'good', sections: [] });
  });

  it('gives cause, evidence and remedy, and who may carry it out', () => {
    const report = doctorReport([FINDING, { ...FINDING, node: null, id: 'MASTER_UNKNOWN', safe: false }]);
    expect(report).toMatchObject({ title: 'Doctor: 2 causes found', tone: 'warning' });
    expect(itemsOf(report, 'redis-02: DATA_DIRECTORY_READ_ONLY')).toEqual([
      { tone: 'bad', text: 'Redis cannot write /data/redis.' },
      { tone: 'neutral', text: 'ProtectSystem=strict' },
      { tone: 'good', text: 'Remedy: `apply` writes the drop-in.' },
    ]);
    expect(itemsOf(report, 'MASTER_UNKNOWN').at(-1)?.text).toMatch(/^Remedy, by a person: /);
  });
});
