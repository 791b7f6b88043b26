import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/domain/finding.ts';
import { doctorReport } from '../../../src/report/cluster/doctor-report.ts';
import { itemsOf } from '../look.ts';

const FINDING: Finding = {
  id: 'DATA_DIRECTORY_READ_ONLY',
  node: 'redis-02',
  cause: 'Redis cannot write /data/redis.',
  evidence: ['ProtectSystem=strict'],
  nodes: ['redis-02'],
  since: null,
  severity: 'cause',
  notBecause: ['the file system is mounted read-write'],
  remedy: '`apply` writes the drop-in.',
  safe: true,
  fix: { kind: 'converge' },
};

describe('doctorReport', () => {
  it('says that nothing was found', () => {
    expect(doctorReport({ findings: [], probed: true })).toMatchObject({
      title: 'Doctor: nothing found',
      tone: 'good',
      summary: 'All nodes were read, no guard blocks a plan, and a write arrived on every replica.',
      sections: [],
    });
    expect(doctorReport({ findings: [], probed: false }).summary).toMatch(/No write was tried/);
  });

  it('shows cause, evidence and remedy, and who may apply it', () => {
    const byHand = { ...FINDING, node: null, id: 'MASTER_UNKNOWN', safe: false, fix: null } as const;
    const report = doctorReport({ findings: [FINDING, byHand], probed: false });
    expect(report).toMatchObject({ title: 'Doctor: 2 causes found', tone: 'warning' });
    expect(itemsOf(report, 'redis-02: DATA_DIRECTORY_READ_ONLY')).toEqual([
      { tone: 'bad', text: 'Redis cannot write /data/redis.' },
      { tone: 'neutral', text: 'ProtectSystem=strict' },
      { tone: 'neutral', text: 'Ruled out: the file system is mounted read-write' },
      { tone: 'good', text: 'Remedy: `apply` writes the drop-in.' },
    ]);
    expect(itemsOf(report, 'MASTER_UNKNOWN').at(-1)?.text).toMatch(/^Remedy, by a person: /);
  });

  it('shows the same finding of several nodes once, with what differs by name', () => {
    const on = (node: string, cause: string): Finding => ({
      ...FINDING,
      node,
      cause,
      evidence: [`${node}: mounted read-only`],
      since: '2026-11-30T16:00:00Z',
      remedy: `Run \`mount -o remount,rw /data\` on ${node}.`,
      fix: null,
    });
    const report = doctorReport({
      findings: [on('redis-01', 'process 76 cannot write'), on('redis-02', 'process 80 cannot write')],
      probed: false,
    });
    expect(report.title).toBe('Doctor: 1 cause found');
    expect(itemsOf(report, 'redis-01 and redis-02: DATA_DIRECTORY_READ_ONLY').map(({ text }) => text)).toEqual([
      'redis-01: process 76 cannot write',
      'redis-02: process 80 cannot write',
      'Since 2026-11-30 16:00 UTC',
      'redis-01 and redis-02: mounted read-only',
      'Ruled out: the file system is mounted read-write',
      'Remedy, by a person: Run `mount -o remount,rw /data` on redis-01. The same on redis-02.',
    ]);
  });

  it('shows causes before symptoms, and warnings last', () => {
    const symptom = { ...FINDING, id: 'REPLICA_LINK_DOWN', severity: 'symptom' } as const;
    const warning = { ...FINDING, id: 'CLOCKS_DIFFER', severity: 'warning' } as const;
    const report = doctorReport({ findings: [warning, symptom, FINDING], probed: false });
    expect(report.title).toBe('Doctor: 1 cause, 1 symptom, 1 warning found');
    expect(report.sections.map(({ heading }) => heading)).toEqual([
      'redis-02: DATA_DIRECTORY_READ_ONLY',
      'redis-02: REPLICA_LINK_DOWN (symptom)',
      'redis-02: CLOCKS_DIFFER (warning)',
    ]);
  });
});
