import { expect, it } from 'vitest';
import { resourcesFact } from '../../../src/observed/facts/resources.ts';

it('counts in bytes', () => {
  const stdout = '\nfree 20282030 4096\nMemAvailable 24016320\n';
  expect(resourcesFact.parse(stdout)).toEqual({
    freeBytes: 20282030 * 4096,
    memoryAvailableBytes: 24016320 * 1024,
  });
});

it.each([
  ['nothing', '', 'free'],
  ['no memory', 'free 1 4096\n', 'MemAvailable'],
  ['no disk', 'MemAvailable 1\n', 'free'],
  ['a word for a number', 'free x 4096\nMemAvailable 1\n', 'free'],
])('does not make up a figure from %s', (_, stdout, named) => {
  expect(() => resourcesFact.parse(stdout)).toThrow(named);
});
