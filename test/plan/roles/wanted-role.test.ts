import { describe, expect, it } from 'vitest';
import { masterInFile } from '../../../src/plan/roles/wanted-role.ts';
import { rolesOf } from '../../../src/plan/roles/topology.ts';
import { desiredCluster, fileOf, healthy, link } from '../../builders.ts';

const desired = desiredCluster();
const MASTER = { host: '10.0.0.123', port: 6379 };

/** redis-02, whose file names a master, and whose host resolves a name. */
function scene(filed: { host: string; port: number } | null) {
  const resolved = new Map([['cache.example', ['10.0.0.123']]]);
  const [first, second, ...others] = healthy(desired, {
    'redis-02': { redis: { master: link({ host: 'cache.example' }), resolved } },
  });
  const node = desired.nodes[1];
  if (!first || !second || !node) throw new Error('a cluster has nodes');
  const file = fileOf(node.redisConf.content.withRole(filed));
  const files = new Map([...second.host.files, [node.redisConf.path, file]]);
  const roles = rolesOf(desired, [first, { ...second, host: { ...second.host, files } }, ...others]);
  const pair = roles.pairs[1];
  if (!pair) throw new Error('it has a second node');
  return masterInFile(pair, MASTER, roles);
}

describe('masterInFile', () => {
  it.each([
    ['its address', MASTER, MASTER],
    ['a name that leads to it', { host: 'cache.example', port: 6379 }, { host: 'cache.example', port: 6379 }],
    ['its inventory name', { host: 'redis-01', port: 6379 }, { host: 'redis-01', port: 6379 }],
    ['another node', { host: '10.0.0.125', port: 6379 }, MASTER],
    ['a name of nobody', { host: 'other.example', port: 6379 }, MASTER],
    ['another port', { host: 'cache.example', port: 6380 }, MASTER],
    ['nobody', null, MASTER],
  ])('where the file names %s', (_, filed, expected) => {
    expect(scene(filed)).toEqual(expected);
  });
});
