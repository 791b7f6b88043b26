import { expect, it } from 'vitest';
import { readHost } from '../../src/observed/host-facts.ts';
import { desiredCluster } from '../apply/fake-nodes.ts';
import type { NodeSession } from '../../src/ports/nodes.ts';

it('repeats a node’s words without secrets and control characters, and not at length', async () => {
  const desired = desiredCluster(['redis-01']);
  const [node] = desired.nodes;
  if (!node) throw new Error('no node');
  const stderr = `\u001B]0;title\u0007AUTH canary\n${'x'.repeat(10_000)}`;
  const session: NodeSession = {
    node,
    run: () => Promise.resolve({ status: 127, stdout: '', stderr }),
    stream: () => Promise.reject(new Error('not here')),
    hold: () => Promise.reject(new Error('not here')),
    talk: () => Promise.reject(new Error('not here')),
    redis: () => Promise.reject(new Error('not here')),
  };
  const error: unknown = await readHost(session, node, desired, 1000).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'COMMAND_FAILED', hint: expect.stringContaining('AUTH ••••••') });
  const { hint } = error as { hint: string };
  expect(hint).not.toMatch(/\p{Cc}|canary/u);
  expect(hint.length).toBeLessThan(400);
});
