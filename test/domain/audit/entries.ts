import type { AuditEntry } from '../../../src/domain/run/run.ts';

/** What somebody asked for. */
export function auditedEntry(what: string, change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: '2025-11-23T12:00:00.000Z',
    origin: { from: 'slack', actor: 'U1' },
    cluster: 'redis',
    what,
    outcome: 'queued',
    run: null,
    ...change,
  };
}
