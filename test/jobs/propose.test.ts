import { describe, expect, it } from 'vitest';
import { run } from '../../jobs/propose.ts';
import { portsOf } from '../ports.ts';
import { record } from '../report/fixtures.ts';
import type { JournalEntry } from '../../src/domain/run/journal.ts';
import type { RunRecord } from '../../src/domain/run/run.ts';
import type { Store } from '../../src/ports/store.ts';

const STEP = { at: '2025-12-03T14:05:10.000Z', step: 1, node: 'redis-02', action: 'write-file' };

/** No node answers: there is no plan that could be carried out. */
async function proposed(store: Partial<Store> = {}, asks: Partial<RunRecord> = {}) {
  const ports = portsOf({ store });
  const asked = record({ run: 'r-1', origin: { from: 'slack', actor: 'U1' }, status: 'queued', ...asks });
  ports.outside.runs.set('r-1', asked);
  await run({ run: 'r-1', cluster: asked.cluster }, ports);
  return ports.outside;
}

describe('a plan that cannot be executed', () => {
  it('is refused if nothing was done', async () => {
    const { finished } = await proposed();
    expect(finished).toMatchObject([{ outcome: 'refused', code: 'SSH_UNREACHABLE', nodes: [] }]);
  });

  it('is a failure if an earlier worker had begun, and includes its steps', async () => {
    const journal: JournalEntry[] = [
      { ...STEP, state: 'began' },
      { ...STEP, state: 'ended' },
      { ...STEP, step: 2, state: 'began' },
    ];
    const { finished } = await proposed({ journal: async () => journal }, { goal: { kind: 'purge' } });
    expect(finished).toMatchObject([
      { outcome: 'failed', code: 'SSH_UNREACHABLE', plan: null, nodes: [{ name: 'redis-02', ok: 1, failed: 1 }] },
    ]);
    expect(finished[0]?.hint).toContain('The recap shows what was done');
  });
});
