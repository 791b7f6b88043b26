import { describe, expect, it } from 'vitest';
import { holdNodes, holdReached } from '../../../src/apply/host/hold-nodes.ts';
import type { Code } from '../../../src/domain/code.ts';
import { RedisopsError } from '../../../src/domain/error.ts';
import { desiredCluster, fakeNodes } from '../fake-nodes.ts';
import type { Nodes } from '../../../src/ports/nodes.ts';
import { fakeClock } from '../../fake-clock.ts';

const DESIRED = desiredCluster(['redis-01', 'redis-02']);

/** Nodes that can be held, and functions that end each hold. */
function holdable(): { nodes: Nodes; lose: Map<string, () => void> } {
  const lose = new Map<string, () => void>();
  const plain = fakeNodes(() => Promise.reject(new Error('not here')));
  const nodes: Nodes = {
    ...plain,
    connect: async (node) => ({
      ...(await plain.connect(node)),
      hold: () => {
        const lost = new AbortController();
        lose.set(node.name, () => lost.abort());
        // Like a channel: it also closes on release.
        return Promise.resolve({ firstLine: 'held', lost: lost.signal, release: async () => lost.abort() });
      },
    }),
  };
  return { nodes, lose };
}

describe('holdNodes', () => {
  it('says of which node the hold was lost', async () => {
    const { nodes, lose } = holdable();
    const hold = await holdNodes(DESIRED, nodes, 'run-1', fakeClock());
    expect(hold.lost.aborted).toBe(false);
    lose.get('redis-02')?.();
    expect(hold.lost.reason).toMatchObject({ code: 'HOLD_LOST', message: expect.stringContaining('redis-02') });
  });

  it('shows no password that a node says when it cannot be held', async () => {
    const plain = holdable().nodes;
    const failure = new RedisopsError('COMMAND_FAILED', 'redis-01 could not be held: AUTH canary', { hint: 'look' });
    const nodes: Nodes = {
      ...plain,
      connect: async (node) => ({ ...(await plain.connect(node)), hold: () => Promise.reject(failure) }),
    };
    const message = 'redis-01 could not be held: AUTH ••••••';
    await expect(holdNodes(DESIRED, nodes, 'run-1', fakeClock())).rejects.toMatchObject({
      code: failure.code,
      message,
    });
  });

  it('does not treat its own release as a loss', async () => {
    const { nodes } = holdable();
    const hold = await holdNodes(DESIRED, nodes, 'run-1', fakeClock());
    await hold.release();
    expect(hold.lost.aborted).toBe(false);
  });
});

describe('holdReached', () => {
  /** Number of failures of redis-02 before it is reachable. */
  function hidden(times: number, code: Code, at: 'connect' | 'hold'): { nodes: Nodes; tried: () => number } {
    const { nodes: plain } = holdable();
    const error = new RedisopsError(code, 'redis-02: no', { hint: 'wait' });
    let tries = 0;
    const nodes: Nodes = {
      ...plain,
      async connect(node) {
        const session = await plain.connect(node);
        if (node.name !== 'redis-02') return session;
        if (at === 'connect') tries += 0.5;
        if (at === 'connect' && tries <= times) throw error;
        const hold: typeof session.hold = (...parameters) => {
          tries += at === 'hold' ? 1 : 0;
          return at === 'hold' && tries <= times ? Promise.reject(error) : session.hold(...parameters);
        };
        return { ...session, hold };
      },
    };
    return { nodes, tried: () => tries };
  }

  it.each<[Code, 'connect' | 'hold']>([
    ['SSH_TIMEOUT', 'connect'],
    ['COMMAND_TIMEOUT', 'hold'],
  ])('tries again after %s', async (code, at) => {
    const hold = await holdReached(DESIRED, hidden(3, code, at).nodes, 'run-1', 15_000, fakeClock());
    expect([...hold.held]).toEqual(['redis-01', 'redis-02']);
    expect(hold.lost.aborted).toBe(false);
  });

  it('holds the others if one stays unreachable', async () => {
    const hold = await holdReached(DESIRED, hidden(1000, 'SSH_TIMEOUT', 'connect').nodes, 'run-1', 5000, fakeClock());
    expect([...hold.held]).toEqual(['redis-01']);
    expect(
      (await holdReached(DESIRED, hidden(1, 'SSH_TIMEOUT', 'connect').nodes, 'run-1', 0, fakeClock())).held.size,
    ).toBe(1);
  });

  it('does not wait for what does not pass', async () => {
    const { nodes, tried } = hidden(1000, 'RUN_IN_PROGRESS', 'hold');
    await expect(holdReached(DESIRED, nodes, 'run-1', 15_000, fakeClock())).rejects.toMatchObject({
      code: 'RUN_IN_PROGRESS',
    });
    expect(tried()).toBe(1);
  });
});
