import { describe, expect, it } from 'vitest';
import type { DriftLook, Unready } from '../../../src/domain/drift/drift.ts';
import { afterLook } from '../../../src/domain/drift/drift-record.ts';
import { driftMessage } from '../../../src/report/cluster/drift-message.ts';

const LACK: Unready = {
  code: 'SENTINELS_CANNOT_TALK',
  nodes: ['redis-01'],
  message: 'The Sentinels refuse each other.',
  cure: 'Set a password.',
};

function looked(readiness: readonly Unready[]): DriftLook {
  const look = { cluster: 'redis', revision: 'c0ffee', drifts: [], unread: [], obstacles: [] };
  return readiness.length === 0 ? look : { ...look, readiness };
}

describe('a cluster that is healthy and would not fail over', () => {
  const begun = afterLook(null, looked([LACK]), new Date('2026-11-30T12:00:00Z'));

  it('is told, with the cure', () => {
    if (!begun) throw new Error('nothing came of the look');
    const message = driftMessage(begun.record);
    expect(message.title).toBe('redis: healthy, but a failover would fail');
    expect(JSON.stringify(message.sections)).toContain(
      'The Sentinels refuse each other. (SENTINELS_CANNOT_TALK)\\nSet a password.',
    );
  });

  it('is told again only if something else is missing, and closed once nothing is', () => {
    const at = new Date('2026-11-30T12:15:00Z');
    const known = begun?.record ?? null;
    expect(afterLook(known, looked([LACK]), at)?.record.fingerprint).toBe(known?.fingerprint);
    const other: Unready = { ...LACK, code: 'SENTINEL_TILT' };
    expect(afterLook(known, looked([other]), at)?.record.fingerprint).not.toBe(known?.fingerprint);
    expect(afterLook(known, looked([]), at)?.record.goneAt).toBe(at.toISOString());
  });
});
