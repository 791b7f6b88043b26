import { describe, expect, it } from 'vitest';
import { sentinelAddress, sentinelPassword } from '../../../src/domain/sentinel/access.ts';
import { desiredNode } from '../../builders.ts';

const NODE = desiredNode('redis-01');

describe('a host’s Sentinel', () => {
  it.each([
    ['on Sentinel’s own port', NODE, undefined, { redisPort: 26_379, unit: 'redis-sentinel.service' }],
    ['on a port that was found', NODE, 5000, { redisPort: 5000, unit: 'redis-sentinel.service' }],
    ['of Valkey', { ...NODE, server: 'valkey' as const }, undefined, { unit: 'valkey-sentinel.service' }],
  ])('is reached like its Redis: %s', (_, node, port, expected) => {
    expect(sentinelAddress(node, port)).toMatchObject({ address: NODE.address, sshPort: NODE.sshPort, ...expected });
  });

  it('has no password where Git asks for no Sentinel', () => {
    expect(sentinelPassword(NODE)).toBeUndefined();
  });
});
