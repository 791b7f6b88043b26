import { describe, expect, it } from 'vitest';
import { defaultOf } from '../../../src/domain/server/defaults.ts';

describe('a directive’s default in the server that runs', () => {
  it.each([
    ['lazyfree-lazy-expire', { version: '7.0.15' }, 'no'],
    ['lazyfree-lazy-expire', { version: '8.0.2' }, 'no'],
    ['lazyfree-lazy-expire', { version: '7.2.4', valkeyVersion: '7.2.6' }, 'no'],
    ['lazyfree-lazy-expire', { version: '7.2.4', valkeyVersion: '8.1.1' }, 'yes'],
    ['slave-lazy-flush', { version: '7.2.4', valkeyVersion: '9.1.2' }, 'yes'],
    ['maxmemory-policy', { version: '7.2.4', valkeyVersion: '9.1.2' }, 'noeviction'],
    ['lazyfree-lazy-expire', null, 'no'],
    ['rename-command', { version: '7.0.15' }, null],
    ['nothing-of-the-kind', { version: '7.0.15' }, null],
  ])('%s of %j is %s', (name, running, expected) => {
    expect(defaultOf(name, running)).toBe(expected);
  });
});
