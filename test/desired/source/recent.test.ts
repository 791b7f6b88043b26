import { expect, it } from 'vitest';
import { Recent } from '../../../src/desired/source/recent.ts';

function keptOf(recent: Recent<number>): string {
  return Array.from('abcd')
    .filter((name) => recent.get(name) !== undefined)
    .join('');
}

it('forgets what was not used for longest', () => {
  const recent = new Recent<number>(2);
  recent.set('a', 1);
  recent.set('b', 2);
  expect(recent.get('a')).toBe(1);
  recent.set('c', 3);
  expect(keptOf(recent)).toBe('ac');
});

it('keeps as much as the weights allow, and the newest whatever it weighs', () => {
  const recent = new Recent<number>(10);
  recent.set('a', 1, 4);
  recent.set('b', 2, 4);
  recent.set('a', 1, 7);
  expect(keptOf(recent)).toBe('a');
  recent.set('b', 2, 3);
  expect(keptOf(recent)).toBe('ab');
  recent.set('c', 3, 100);
  expect(keptOf(recent)).toBe('c');
  recent.delete('c');
  recent.set('a', 1, 5);
  recent.set('b', 2, 5);
  expect(keptOf(recent)).toBe('ab');
});
