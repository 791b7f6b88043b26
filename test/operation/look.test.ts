import { expect, it } from 'vitest';
import { RedisopsError } from '../../src/domain/error.ts';
import { desiredAndReach } from '../../src/operation/look.ts';
import type { Nodes } from '../../src/ports/nodes.ts';
import { REPLICATED, repository } from '../desired/repository.ts';

const NO_KEY = new RedisopsError('SETTINGS_INVALID', 'SSH_PRIVATE_KEY_FILE: ~/key does not exist.', {
  hint: 'Make one.',
});

function nodes(checkHere?: () => Promise<void>): Nodes {
  const connect = () => Promise.reject(new Error('no node is asked'));
  return { connect, close: () => Promise.resolve(), ...(checkHere ? { checkHere } : {}) };
}

it('says a mistake on this machine before any node is asked', async () => {
  const read = desiredAndReach(repository(REPLICATED), undefined, { nodes: nodes(() => Promise.reject(NO_KEY)) });
  await expect(read).rejects.toBe(NO_KEY);
});

it('says mistakes in the repository first', async () => {
  const source = repository(`${REPLICATED}ansible_connection: local\n`);
  const read = desiredAndReach(source, undefined, { nodes: nodes(() => Promise.reject(NO_KEY)) });
  await expect(read).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

it.each([
  ['nodes that check', nodes(() => Promise.resolve())],
  ['nodes that do not', nodes()],
])('reads with %s', async (_, given) => {
  expect((await desiredAndReach(repository(REPLICATED), undefined, { nodes: given })).nodes).toHaveLength(3);
});
