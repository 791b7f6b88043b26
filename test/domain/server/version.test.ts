import { describe, expect, it } from 'vitest';
import { isOlder, namedVersion } from '../../../src/domain/server/version.ts';

const redis = (version: string) => ({ version });
const valkey = (valkeyVersion: string) => ({ version: '7.2.4', valkeyVersion });

describe('a version', () => {
  it.each([
    ['one digit', redis('7.0.15'), redis('7.2.4'), true],
    ['two digits', redis('8.8.0'), redis('8.10.0'), true],
    ['the same', redis('7.0.15'), redis('7.0.15'), false],
    ['newer', redis('8.0.2'), redis('7.0.15'), false],
    ['Valkeys, whose version of Redis is the same', valkey('8.1.1'), valkey('9.0.0'), true],
    ['Valkeys, the other way', valkey('9.0.0'), valkey('8.1.1'), false],
    ['Valkey 9 and Redis 7.0', valkey('9.0.0'), redis('7.0.15'), false],
    ['Redis 7.0 and Valkey 9', redis('7.0.15'), valkey('9.0.0'), true],
  ])('is compared by its numbers: %s', (_, one, other, expected) => {
    expect(isOlder(one, other)).toBe(expected);
  });

  it('is named with its server', () => {
    expect([redis('7.0.15'), valkey('8.1.1')].map(namedVersion)).toEqual(['Redis 7.0.15', 'Valkey 8.1.1']);
  });
});
