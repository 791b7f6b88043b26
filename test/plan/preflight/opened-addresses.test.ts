import { describe, expect, it } from 'vitest';
import { openedAddresses } from '../../../src/plan/preflight/opened-addresses.ts';
import { desiredCluster, healthy } from '../../builders.ts';

const OWN = '127.0.0.1 10.0.0.123';

function opened(to: string, { from = OWN, password = true, protectedMode = 'yes' } = {}): readonly string[] {
  const [node] = healthy(desiredCluster());
  if (!node || node.redis.state !== 'up') throw new Error('no Redis');
  const configuration = new Map([...node.redis.configuration, ['protected-mode', protectedMode]]);
  const redis = { ...node.redis, requiresPassword: password, configuration };
  const change = { directive: 'bind', from, to, secret: false };
  return openedAddresses('redis-01', redis, [change]).map(({ message }) => message);
}

describe('a bind that opens the host', () => {
  it('says who can connect, and with which protection', () => {
    const everywhere = 'Redis on redis-01 listens on every address of the host (bind 0.0.0.0)';
    expect(opened('0.0.0.0')).toEqual([`${everywhere}: whoever reaches the host can connect with the password.`]);
    expect(opened('0.0.0.0', { password: false })).toEqual([
      `${everywhere}: there is no password, so protected-mode refuses other hosts.`,
    ]);
    expect(opened('0.0.0.0', { password: false, protectedMode: 'no' })).toEqual([
      `${everywhere}: whoever reaches the host can connect, without a password.`,
    ]);
  });

  it.each(['* -::*', '::', `${OWN} ::`])('sees through %s', (to) => expect(opened(to)).toHaveLength(1));

  it.each([
    [`${OWN} 10.0.1.5`, OWN],
    ['0.0.0.0', '* -::*'],
    [OWN, '0.0.0.0'],
  ])('says nothing of %s after %s', (to, from) => expect(opened(to, { from })).toEqual([]));
});
