import { describe, expect, it } from 'vitest';
import { holdNodes } from '../../src/apply/hold-nodes.ts';
import { RedisopsError } from '../../src/domain/error.ts';
import type { Nodes } from '../../src/ports.ts';
import { desiredCluster, fakeNodes, fakePace } from './fake-nodes.ts';

const DESIRED = desiredCluster(['redis-01', 'redis-02']);

/** Nodes that can be held, and what takes each hold away. */
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
        // As a channel does: it closes at the release, too.
        return Promise.resolve({ firstLine: 'held', lost: lost.signal, release: async () => lost.abort() });
      },
    }),
  };
  return { nodes, lose };
}

describe('holdNodes', () => {
  it('says of which node the hold was lost', async () => {
    const { nodes, lose } = holdable();
    const hold = await holdNodes(DESIRED, nodes, 'run-1', fakePace());
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
    await expect(holdNodes(DESIRED, nodes, 'run-1', fakePace())).rejects.toMatchObject({ code: failure.code, message });
  });

  it('does not take its own release for a loss', async () => {
    const { nodes } = holdable();
    const hold = await holdNodes(DESIRED, nodes, 'run-1', fakePace());
    await hold.release();
    expect(hold.lost.aborted).toBe(false);
  });
});
