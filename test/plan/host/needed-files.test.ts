import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../../../src/domain/facts.ts';
import { neededFileBlockers } from '../../../src/plan/host/needed-files.ts';
import { desiredNode, host, present } from '../../builders.ts';

const node = desiredNode('redis-02', { lines: ['loadmodule /opt/json.so'] });

function blockersWith(files: readonly (readonly [string, FileFacts])[]) {
  const healthy = host(node, null);
  return neededFileBlockers(node, { ...healthy, files: new Map([...healthy.files, ...files]) });
}

describe('neededFileBlockers', () => {
  it('refuses a redis.conf that names a file the node does not have', () => {
    expect(blockersWith([['/opt/json.so', { exists: false }]])).toEqual([
      {
        code: 'FILE_MISSING',
        node: 'redis-02',
        message: 'redis-02 has no /opt/json.so, which loadmodule names: Redis would not start.',
        hint: 'Put the file on the node, readable for the redis user, or remove loadmodule in Git.',
      },
    ]);
  });

  it('names the user of the node’s own server', () => {
    const healthy = host(node, null);
    const files = new Map([...healthy.files, ['/opt/json.so', { exists: false }] as const]);
    expect(neededFileBlockers({ ...node, server: 'valkey' }, { ...healthy, files })).toMatchObject([
      { hint: expect.stringContaining('readable for the valkey user') },
    ]);
  });

  it('says nothing of a file that is there, or was not looked for', () => {
    expect(blockersWith([['/opt/json.so', present()]])).toEqual([]);
    expect(blockersWith([])).toEqual([]);
  });
});
