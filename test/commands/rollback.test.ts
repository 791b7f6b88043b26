import { describe, expect, it } from 'vitest';
import { answerTyped } from '../chat/typed.ts';
import type { RunRecord } from '../../src/domain/run/run.ts';
import { record } from '../report/fixtures.ts';
import { CHANNEL, portsOf } from '../ports.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const C = 'c'.repeat(40);

/** Newest first, as a store answers. */
async function type(text: string, runs: readonly Partial<RunRecord>[], user = 'U0ANNA') {
  const ports = portsOf({ policy: ['requesters: [U0ANNA]'] });
  for (const run of runs) ports.outside.runs.set(run.run ?? '', record(run));
  const report = await answerTyped({ id: 't', text, user, channel: CHANNEL }, ports);
  return { report, ...ports.outside };
}

const THREE = [
  { run: 'third', revision: C },
  { run: 'second', revision: B },
  { run: 'first', revision: A },
];

describe('rollback', () => {
  it.each([
    ['rollback', B],
    ['rollback second', A],
    ['rollback third', B],
  ])('%s goes to the commit before', async (text, revision) => {
    const { report, jobs, runs } = await type(text, THREE);
    expect(report.title).toBe(`redis: roll back to ${revision.slice(0, 12)}`);
    const asked = runs.get(jobs[0]?.data.run ?? '');
    expect(asked).toMatchObject({ status: 'queued', goal: { kind: 'rollback', revision }, revision });
    expect(jobs.map(({ name }) => name)).toEqual(['propose']);
  });

  it.each([
    ['rollback', THREE.slice(2), 'ROLLBACK_NOWHERE'],
    ['rollback first', THREE, 'ROLLBACK_NOWHERE'],
    ['rollback other', THREE, 'ROLLBACK_NOWHERE'],
    ['rollback first second', THREE, 'USAGE'],
  ])('%s is refused where there is nothing to go to', async (text, runs, code) => {
    const { report, jobs, audited } = await type(text, runs);
    expect(report.footer?.[0]).toContain(code);
    expect(jobs).toEqual([]);
    expect(audited).toMatchObject([{ outcome: code }]);
  });

  it('is for requesters', async () => {
    const { report } = await type('rollback', THREE, 'U0BEN');
    expect(report.footer?.[0]).toContain('NOT_ALLOWED');
  });
});
