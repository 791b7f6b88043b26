import { describe, expect, it } from 'vitest';
import { answerTyped } from '../chat/typed.ts';
import { CHANNEL, portsOf } from '../ports.ts';
import { failover, record, result } from '../report/fixtures.ts';
import { headingsOf, rowsOf } from '../report/look.ts';

const RUN = record();
const FAILOVER = failover();

function opened() {
  const ports = portsOf({ policy: ['requesters: [U0ANNA]', 'approvers: [U0BEN]'] });
  ports.outside.runs.set(RUN.run, RUN);
  ports.outside.runs.set('run-elsewhere', record({ run: 'run-elsewhere', cluster: 'elsewhere' }));
  ports.outside.ended.push(result());
  ports.outside.failovers.set(FAILOVER.failover, FAILOVER);
  return (text: string, channel = CHANNEL) => answerTyped({ id: 't', text, user: 'U0EVE', channel }, ports);
}

describe('past runs in chat', () => {
  it.each([
    ['history', 'The last 1 run and 1 failover, newest first.', [RUN.run, FAILOVER.failover]],
    ['history redis', 'The last 1 run and 1 failover, newest first.', [RUN.run, FAILOVER.failover]],
    ['runs', 'The last 1 run, newest first.', [RUN.run]],
    ['runs redis', 'The last 1 run, newest first.', [RUN.run]],
  ])('are listed by “%s”', async (text, summary, names) => {
    const report = await opened()(text);
    const [table] = report.sections;
    expect(report.summary).toBe(summary);
    expect(table?.kind === 'table' && table.rows.map((row) => row.at(-1))).toEqual(names);
  });

  it('are shown whole by “run show”: who, the plan, the result', async () => {
    const report = await opened()(`run show ${RUN.run}`);
    expect(report).toMatchObject({ title: 'redis: converge to Git – done', tone: 'good' });
    expect(report.sections[0]).toMatchObject({
      columns: ['what', 'when and who'],
      rows: [
        ['requested', '2025-12-03 14:05 UTC by ada (github, pull request #12)'],
        ['finished', expect.any(String)],
        ['took', '3.1 s'],
        ['Git', RUN.revision],
      ],
    });
    expect(rowsOf(report, 'Recap')).toHaveLength(3);
    expect(headingsOf(report)).toContain('Steps');
  });

  it('show a failover as its message did', async () => {
    const report = await opened()(`run show ${FAILOVER.failover}`);
    expect(report.footer).toEqual([FAILOVER.failover]);
    expect(JSON.stringify(report)).toContain('The Sentinels agreed that redis-01 was down (+odown, quorum 2/2).');
  });

  it.each([
    ['run', 'USAGE'],
    ['run show', 'USAGE'],
    [`run show ${RUN.run} more`, 'USAGE'],
    [`run drop ${RUN.run}`, 'USAGE'],
    ['runs redis redis-01', 'USAGE'],
    ['run show run-nowhere', 'RUN_UNKNOWN'],
    ['run show run-elsewhere', 'RUN_UNKNOWN'],
  ])('refuse “%s”', async (text, code) => {
    expect((await opened()(text)).footer?.[0]).toMatch(new RegExp(`^${code}`));
  });

  it.each(['runs redis', 'runs', `run show ${RUN.run}`, `run show ${FAILOVER.failover}`])(
    'are not shown in another channel: “%s”',
    async (text) => {
      const report = await opened()(text, 'C0ELSEWHERE');
      expect(report.footer?.[0]).toMatch(/^NOT_ALLOWED/);
    },
  );
});
