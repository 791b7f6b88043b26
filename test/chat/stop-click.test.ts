import { describe, expect, it } from 'vitest';
import { clickStop } from '../../src/chat/stop-click.ts';
import { record } from '../report/fixtures.ts';
import { CHANNEL, portsOf } from '../ports.ts';
import type { RunStatus } from '../../src/domain/run/run.ts';

function withRun(status: RunStatus) {
  const ports = portsOf({ policy: ['requesters: [U0ANNA]', 'approvers: [U0BEN]'] });
  ports.outside.runs.set('r-1', record({ run: 'r-1', status, finishedAt: null, code: null }));
  return ports;
}

describe('a click on Stop', () => {
  const click = { run: 'r-1', user: 'U0BEN', name: 'ben', channel: CHANNEL };

  it('stops, with the name that people know', async () => {
    const ports = withRun('running');
    await clickStop(click, ports);
    expect(ports.outside.runs.get('r-1')?.stop?.by).toBe('ben (U0BEN)');
  });

  it('after the end is refused, and audited', async () => {
    const ports = withRun('done');
    expect((await clickStop(click, ports)).footer?.[0]).toMatch(/^RUN_NOT_OPEN:/);
    expect(ports.outside.audited).toMatchObject([{ what: 'stop r-1', outcome: 'RUN_NOT_OPEN' }]);
  });
});
