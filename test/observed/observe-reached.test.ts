import { describe, expect, it } from 'vitest';
import type { Code } from '../../src/domain/code.ts';
import { RedisopsError } from '../../src/domain/error.ts';
import { isHidden, observeReached } from '../../src/observed/observe-reached.ts';
import { desiredCluster, healthy, unreachable } from '../builders.ts';
import { fakeClock } from '../fake-clock.ts';

const desired = desiredCluster();

/** How often each node was asked that answers with the error. */
async function asked(code: Code, forMs: number): Promise<number> {
  let connections = 0;
  const nodes = {
    connect() {
      connections += 1;
      return Promise.reject(new RedisopsError(code, 'no', { hint: 'wait' }));
    },
    close: () => Promise.resolve(),
  };
  await observeReached(desired, nodes, fakeClock(), forMs);
  return connections / desired.nodes.length;
}

describe('observeReached', () => {
  it('retries unreachable nodes within the limit', async () => {
    expect(await asked('SSH_TIMEOUT', 0)).toBe(1);
    expect(await asked('SSH_TIMEOUT', 600)).toBeGreaterThan(1);
  });

  it('does not retry a node that answered', async () => {
    expect(await asked('SSH_AUTH', 60_000)).toBe(1);
  });

  it.each<[boolean, Code]>([
    [true, 'SSH_UNREACHABLE'],
    [true, 'COMMAND_TIMEOUT'],
    [false, 'SSH_HOST_KEY'],
    [false, 'SUDO_REFUSED'],
  ])('%s for %s', (hidden, code) => {
    const [one] = desired.nodes;
    if (!one) throw new Error('no node');
    expect(isHidden({ ...unreachable(one), code })).toBe(hidden);
  });

  it('sees nodes that answer', () => {
    expect(healthy(desired).some(isHidden)).toBe(false);
  });
});
