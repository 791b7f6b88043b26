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

  it.each([
    ['logfile /var/log/redis/redis.log', '/var/log/redis'],
    ['unixsocket /srv/sockets/r.sock', '/srv/sockets'],
  ])('refuses one whose folder the node does not have: %s', (line, folder) => {
    const asked = desiredNode('redis-02', { lines: [line] });
    const files = new Map<string, FileFacts>([[folder, { exists: false }]]);
    const seen = { ...host(asked, null), files };
    expect(neededFileBlockers(asked, seen)).toMatchObject([
      { code: 'FILE_MISSING', message: expect.stringContaining(`has no ${folder}, which ${line.split(' ')[0]} names`) },
    ]);
    // The package, or this plan, makes it.
    expect(neededFileBlockers(asked, { ...seen, package: { installed: false } })).toEqual([]);
    const made = { ...asked, directories: [{ path: folder, owner: 'redis', group: 'redis', mode: '750' }] };
    expect(neededFileBlockers(made, seen)).toEqual([]);
  });

  it('says nothing of a runtime folder, which the unit makes at each start', () => {
    const asked = desiredNode('redis-02', { lines: ['unixsocket /run/redis/r.sock'] });
    const files = new Map<string, FileFacts>([['/run/redis', { exists: false }]]);
    expect(neededFileBlockers(asked, { ...host(asked, null), files })).toEqual([]);
  });

  it('says nothing of a file that is there, or was not looked for', () => {
    expect(blockersWith([['/opt/json.so', present()]])).toEqual([]);
    expect(blockersWith([])).toEqual([]);
  });
});
