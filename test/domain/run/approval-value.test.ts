import { describe, expect, it } from 'vitest';
import { approvalValue, readApprovalValue } from '../../../src/domain/run/approval-value.ts';

describe('a button’s value', () => {
  it.each(['r-20251123-ab12cd34', 'merge-redis-0123456789ab', 'with:colons:'])(
    '%s comes back as it went',
    (approval) => {
      const value = { approval, digest: 'd'.repeat(64) };
      expect(readApprovalValue(approvalValue(value))).toEqual(value);
    },
  );

  it('without a digest binds no plan', () => {
    expect(readApprovalValue('r-1')).toEqual({ approval: 'r-1', digest: '' });
  });
});
