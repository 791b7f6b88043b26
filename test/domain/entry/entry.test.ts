import { describe, expect, it } from 'vitest';
import { endpointIn, spelled } from '../../../src/domain/entry/entry.ts';

describe('an address of the entry', () => {
  it.each([
    ['10.0.0.120:6379', { host: '10.0.0.120', port: 6379 }],
    ['redis.internal:6380', { host: 'redis.internal', port: 6380 }],
    ['[2001:db8::1]:6379', { host: '2001:db8::1', port: 6379 }],
  ])('%s is read, and spelled alike', (text, endpoint) => {
    expect(endpointIn(text)).toEqual(endpoint);
    expect(spelled(endpoint)).toBe(text);
  });

  it.each([
    '10.0.0.120',
    '10.0.0.120:',
    ':6379',
    '2001:db8::1:6379',
    'a:0',
    'a:65536',
    'a b:1',
    'redis://a:1',
    'a:06',
    '',
  ])('%s is refused', (text) => {
    expect(endpointIn(text)).toBeNull();
  });
});
