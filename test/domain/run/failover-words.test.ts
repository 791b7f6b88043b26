import { expect, it } from 'vitest';
import { readFailoverWords } from '../../../src/domain/run/failover-words.ts';

it.each([
  ['', { mode: 'planned', rest: [], needsNode: false }],
  ['redis-02', { mode: 'planned', rest: ['redis-02'], needsNode: false }],
  ['to redis-02', { mode: 'planned', rest: ['redis-02'], needsNode: true }],
  ['to', { mode: 'planned', rest: [], needsNode: true }],
  ['lost-master', { mode: 'lost-master', rest: [], needsNode: false }],
  ['Lost-Master TO redis-02', { mode: 'lost-master', rest: ['redis-02'], needsNode: true }],
  ['accept-history', { mode: 'accept-history', rest: [], needsNode: true }],
  ['accept-history redis-02 redis-03', { mode: 'accept-history', rest: ['redis-02', 'redis-03'], needsNode: true }],
  ['redis-02 lost-master', { mode: 'planned', rest: ['redis-02', 'lost-master'], needsNode: false }],
])('reads “%s”', (text, expected) => {
  expect(readFailoverWords(text.split(' ').filter((word) => word !== ''))).toEqual(expected);
});
