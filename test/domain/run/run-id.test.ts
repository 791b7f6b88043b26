import { describe, expect, it } from 'vitest';
import { newRunId } from '../../../src/domain/run/run-id.ts';

describe('newRunId', () => {
  it.each([
    ['2025-11-23T12:00:00Z', 'r-20251123-ab12cd'],
    ['2025-12-31T23:59:59.999Z', 'r-20251231-ab12cd'],
    ['2026-01-01T01:00:00+02:00', 'r-20251231-ab12cd'],
  ])('has the day in UTC: %s', (at, id) => {
    expect(newRunId(new Date(at), 'ab12cd')).toBe(id);
  });
});
