import { expect, it } from 'vitest';
import { chained } from '../../src/domain/audit/chain.ts';
import { audit } from '../../commands/audit.ts';
import { auditedEntry } from '../domain/audit/entries.ts';
import { CHANNEL, portsOf } from '../ports.ts';

const ENTRY = chained(auditedEntry('apply'), 'bot-1', null);
const request = { id: '1', user: 'U1', channel: CHANNEL, operands: [], cluster: undefined };

it('shows the cluster’s entries, and compares the head that the store has', async () => {
  const given = portsOf();
  const asked: unknown[] = [];
  const trail = {
    ...given.trail,
    examine: async (...question: unknown[]) => {
      asked.push(question);
      return { entries: [ENTRY], head: ENTRY, problems: [] };
    },
  };
  await given.store.keepAuditHead(trail.place, ENTRY);
  const report = await audit.run(request, { ...given, trail });
  expect(asked).toEqual([[{ number: 1, hash: ENTRY.hash }, 20, 'redis']]);
  expect(report).toMatchObject({ tone: 'good', summary: 'The only entry is as it was written.' });
});

it('says what is wrong', async () => {
  const given = portsOf();
  const problems = [{ entry: 3, message: 'entry 3 was changed: 1.jsonl, line 3' }];
  const trail = { ...given.trail, examine: async () => ({ entries: [ENTRY], head: ENTRY, problems }) };
  const report = await audit.run(request, { ...given, trail });
  expect(report.tone).toBe('bad');
  expect(JSON.stringify(report)).toMatch(/AUDIT_BROKEN.*Entry 3 was changed: 1\.jsonl, line 3\./);
});
