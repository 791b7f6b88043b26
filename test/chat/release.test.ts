import { describe, expect, it } from 'vitest';
import { askedToRelease, checkRelease } from '../../src/chat/release.ts';
import type { SeenSigns } from '../../src/domain/intrusion/suspicion.ts';
import { cluster } from '../builders.ts';

const NOW = new Date('2026-11-30T03:10:00.000Z');
const AT = '2026-11-30T03:00:00.000Z';
const asked = (by: string, at = AT) => ({ sign: `asked by ${by}`, at, asked: { by, at } });
const chat = { membersOf: () => Promise.resolve([]) } as never;
const person = (user: string) => ({ user, channel: 'C0REDIS' });

describe('the release of a suspected node', () => {
  it.each<[string, SeenSigns, string | null]>([
    ['nothing', {}, null],
    ['a sign that nobody asked for', { a: [asked('U0ADA'), { sign: 'new', at: AT }] }, null],
    ['all signs', { a: [asked('U0ADA')], b: [asked('U0ADA')] }, 'U0ADA'],
    ['signs of two askers', { a: [asked('U0ADA')], b: [asked('U0BEN')] }, null],
    ['a request that expired', { a: [asked('U0ADA', '2026-11-30T02:00:00.000Z')] }, null],
  ])('is asked for: %s', (_, signs, expected) => expect(askedToRelease(signs, cluster.policy, NOW)).toBe(expected));

  it('is for another person, who may approve', async () => {
    const owner = { cluster: 'redis', policy: { ...cluster.policy, approvers: ['U0BEN', 'U0ADA'] } };
    await expect(checkRelease(person('U0ADA'), 'U0ADA', owner, { chat })).rejects.toMatchObject({
      code: 'APPROVAL_OWN',
    });
    await expect(checkRelease(person('U0EVE'), 'U0ADA', owner, { chat })).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
    });
    await expect(checkRelease(person('U0BEN'), 'U0ADA', owner, { chat })).resolves.toBeUndefined();
  });
});
