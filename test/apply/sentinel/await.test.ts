import { describe, expect, it } from 'vitest';
import { missingIn } from '../../../src/apply/sentinel/await.ts';
import type { SentinelMaster } from '../../../src/domain/sentinel/replies.ts';
import { idOf, masterSeenBy, NAMES } from '../../sentinels.ts';

const WANTED = { count: 3, replicas: 2 };

function looks(change: Partial<SentinelMaster> = {}) {
  return NAMES.map((node) => ({ node, id: idOf(node), master: masterSeenBy(node, node === 'redis-02' ? change : {}) }));
}

describe('what keeps Sentinels from a failover', () => {
  it('is nothing where all see all', () => {
    expect(missingIn(looks(), WANTED)).toEqual([]);
  });

  it.each<[Partial<SentinelMaster>, string]>([
    [{ peers: [] }, 'redis-02 sees 0 of 2 others'],
    [{ replicas: [] }, 'redis-02 knows 0 of 2 replicas'],
    [{ host: '10.0.0.125' }, 'they name different masters (10.0.0.123:6379, 10.0.0.125:6379)'],
    [{ quorumCheck: { ok: false, said: 'NOQUORUM 1 usable Sentinels.' } }, 'redis-02: NOQUORUM 1 usable Sentinels.'],
  ])('%#', (change, said) => {
    expect(missingIn(looks(change), WANTED)).toEqual([said]);
  });

  it('is an ID that two have, or one that watches nothing', () => {
    const [first, second, third] = looks();
    if (!first || !second || !third) throw new Error('there are three');
    expect(missingIn([first, { ...second, id: first.id }, third], WANTED)).toEqual(['two have the same ID']);
    expect(missingIn([first, { ...second, master: null }, third], WANTED)).toEqual([
      'redis-02 does not watch the cluster',
    ]);
  });
});
