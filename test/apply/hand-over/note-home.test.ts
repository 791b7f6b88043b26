import { describe, expect, it } from 'vitest';
import { noteHome } from '../../../src/apply/hand-over/note-home.ts';
import type { HandOver } from '../../../src/domain/action.ts';
import type { CommandResult } from '../../../src/ports/nodes.ts';
import { DONE, TEXT, desiredCluster, fakeNodes, fakeStep, info } from '../fake-nodes.ts';

const ID = 'b'.repeat(40);
const action: HandOver = {
  ...TEXT,
  kind: 'hand-over',
  node: 'redis-01',
  to: { name: 'redis-02', host: '10.0.0.2', port: 6379 },
};

async function noted(change: Partial<HandOver>, result: CommandResult = DONE) {
  const ran: string[] = [];
  const nodes = fakeNodes(
    (node, script, { parameters = [] }) => {
      ran.push(`${node} ${script.startsWith('rm ') ? 'removes' : 'writes'} ${parameters.join(' ')}`);
      return result;
    },
    () => info({ role: 'master', master_replid: ID }),
  );
  const desired = desiredCluster(['redis-01', 'redis-02']);
  const old = await fakeStep('redis-01', desired, nodes);
  await noteHome({ ...action, ...change }, old, await fakeStep('redis-02', desired, nodes));
  return { ran, told: old.told.map(({ message }) => message) };
}

describe('noteHome', () => {
  it('notes on the new master, with its new history, where the role belongs', async () => {
    expect(await noted({ home: 'redis-01' })).toEqual({
      ran: [`redis-02 writes redis-server redis-01 ${ID}`, 'redis-01 removes redis-server'],
      told: [],
    });
  });

  it('leaves no note where the role stays', async () => {
    expect((await noted({})).ran).toEqual(['redis-02 removes redis-server', 'redis-01 removes redis-server']);
  });

  it('fails nothing where it cannot be written: the role has moved', async () => {
    const { told } = await noted({ home: 'redis-01' }, { status: 1, stdout: '', stderr: 'No space left on device' });
    expect(told).toEqual([expect.stringMatching(/^redis-02 could not note .*No space left on device/)]);
  });
});
