import { describe, expect, it } from 'vitest';
import { answerTyped } from '../chat/typed.ts';
import type { Report } from '../../src/domain/report.ts';
import type { RunRecord, RunStatus } from '../../src/domain/run/run.ts';
import { record } from '../report/fixtures.ts';
import { CHANNEL, portsOf, type Given } from '../ports.ts';

const PEOPLE = { policy: ['requesters: [U0ANNA]', 'approvers: [U0BEN]'] };

function withRuns(runs: readonly Partial<RunRecord>[], given: Given = PEOPLE) {
  const ports = portsOf(given);
  for (const [at, run] of runs.entries()) {
    const open = record({ run: `r-${at + 1}`, finishedAt: null, code: null, ...run });
    ports.outside.runs.set(open.run, open);
  }
  return ports;
}

async function type(text: string, ports: ReturnType<typeof portsOf>, user = 'U0ANNA', channel = CHANNEL) {
  return answerTyped({ id: 't', text, user, channel }, ports);
}

function codeOf(report: Report): string | undefined {
  return report.footer?.[0]?.split(':')[0];
}

describe('stop', () => {
  it.each<RunStatus>(['running', 'planning'])('leaves a run that is %s to its worker', async (status) => {
    const ports = withRuns([{ status }]);
    expect((await type('stop r-1', ports)).summary).toBe('Run `r-1` ends at its next safe point.');
    const { runs, ended, audited } = ports.outside;
    expect(runs.get('r-1')?.stop).toMatchObject({ by: 'U0ANNA' });
    expect(ended).toEqual([]);
    expect(audited).toMatchObject([{ what: 'stop r-1', outcome: 'stopping', run: 'r-1', origin: { actor: 'U0ANNA' } }]);
  });

  it.each<RunStatus>(['queued', 'awaiting-approval'])('ends a run that is %s at once', async (status) => {
    const ports = withRuns([{ status }]);
    await type('stop r-1', ports);
    expect(ports.outside.ended).toMatchObject([{ run: 'r-1', code: 'STOPPED', message: 'Stopped by U0ANNA.' }]);
    const edits = ports.outside.said.filter(({ how }) => how === 'edit');
    expect(edits.at(-1)?.report?.title).toMatch(/– stopped$/);
    expect(edits.at(-1)?.buttons ?? []).toEqual([]);
  });

  it('means the run in progress, or the only waiting one', async () => {
    const ports = withRuns([{ status: 'queued' }, { status: 'running' }, { status: 'done' }]);
    expect((await type('stop', ports)).summary).toContain('`r-2`');
    expect((await type('stop', withRuns([{ status: 'queued' }]))).summary).toContain('`r-1`');
    expect(codeOf(await type('stop', withRuns([{ status: 'queued' }, { status: 'queued' }])))).toBe('USAGE');
    expect(codeOf(await type('stop', withRuns([{ status: 'done' }])))).toBe('RUN_NOT_OPEN');
  });

  it.each(['stop r-2', 'stop r-3', 'stop ../r-1'])('%s names no run that is open', async (text) => {
    const ports = withRuns([{ status: 'running' }, { status: 'done' }]);
    expect(codeOf(await type(text, ports))).toBe('RUN_NOT_OPEN');
    expect(ports.outside.audited).toMatchObject([{ outcome: 'RUN_NOT_OPEN', run: null }]);
    expect(ports.outside.runs.get('r-1')?.stop).toBeUndefined();
  });

  it.each([
    ['an approver from anywhere', 'U0BEN', 'C0OTHER', undefined],
    ['a requester from elsewhere', 'U0ANNA', 'C0OTHER', 'NOT_ALLOWED'],
    ['somebody else', 'U0CARLA', CHANNEL, 'NOT_ALLOWED'],
  ])('by %s', async (_, user, channel, code) => {
    const ports = withRuns([{ status: 'running' }]);
    expect(codeOf(await type('stop r-1', ports, user, channel))).toBe(code);
    expect(ports.outside.runs.get('r-1')?.stop?.by).toBe(code ? undefined : user);
  });

  it('is there while redisops.yml at the head cannot be read', async () => {
    const good = portsOf(PEOPLE);
    const source = async (revision: string | null) => {
      const read = await good.source(null);
      return revision === null ? { ...read, read: async () => 'clusters: [' } : read;
    };
    const ports = withRuns([{ status: 'running' }], { ports: { source } });
    expect((await type('stop r-1', ports)).summary).toContain('next safe point');
  });
});
