import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../../../src/domain/facts.ts';
import { foreignFolderBlockers } from '../../../src/plan/host/foreign-folders.ts';
import { directoryActions } from '../../../src/plan/host/make-directory.ts';
import { desiredNode, host, present } from '../../builders.ts';

const node = desiredNode('redis-02');
const FOLDER = '/data/redis';
const folder = (change: Parameters<typeof present>[0]) => present({ type: 'directory', ...change });
const postgres = { owner: 'postgres', group: 'postgres', mode: '700' };

function messages(files: Readonly<Record<string, FileFacts>>): readonly string[] {
  const on = { ...host(node, null), files: new Map(Object.entries(files)) };
  return foreignFolderBlockers(directoryActions(node, on), on).map(({ code, message }) => `${code} ${message}`);
}

describe('a folder for Redis', () => {
  it('is named with its owner and what it holds where it belongs to something else', () => {
    const holds = ['PG_VERSION', 'base', 'global', 'pg_wal', 'pg_xact', 'postgresql.conf'];
    expect(messages({ [FOLDER]: folder({ ...postgres, holds }) })).toEqual([
      'DIRECTORY_IN_USE /data/redis on redis-02 belongs to postgres:postgres and holds PG_VERSION, base, global, pg_wal, pg_xact and more: it is not Redis’s.',
    ]);
  });

  it.each<readonly [string, FileFacts]>([
    ['root’s, with other folders', folder({ owner: 'root', group: 'root', mode: '755', holds: ['www', 'lost+found'] })],
    ['hidden files only', folder({ ...postgres, holds: ['.bashrc'] })],
    ['data of Redis beside something else', folder({ ...postgres, holds: ['dump.rdb', 'app.db'] })],
    ['of redis, but read-only, with foreign files', folder({ mode: '500', holds: ['app.db'] })],
    ['a file', present({ owner: 'root' })],
  ])('is refused: %s', (_, present) => expect(messages({ [FOLDER]: present })).toHaveLength(1));

  it.each<readonly [string, FileFacts]>([
    ['empty', folder({ owner: 'root', group: 'root', mode: '755' })],
    ['the top of a file system', folder({ owner: 'root', group: 'root', mode: '755', holds: ['lost+found'] })],
    [
      'data of Redis that root restored',
      folder({ owner: 'root', group: 'root', mode: '700', holds: ['dump.rdb', 'appendonlydir', 'appendonly.aof'] }),
    ],
    ['of redis, whatever it holds', folder({ mode: '755', holds: ['backup.sh'] })],
    ['of its group', folder({ owner: 'root', mode: '2770', holds: ['backup.sh'] })],
  ])('is taken: %s', (_, present) => expect(messages({ [FOLDER]: present })).toEqual([]));

  it('is not made in a folder of somebody else', () => {
    expect(messages({ '/data': folder({ owner: 'deploy', group: 'deploy', mode: '755' }) })).toEqual([
      'DIRECTORY_IN_USE /data/redis on redis-02 would be made in /data, which belongs to deploy:deploy.',
    ]);
    expect(messages({ '/data': folder({ owner: 'root', group: 'root', mode: '755' }) })).toEqual([]);
    expect(messages({})).toEqual([]);
    const writable = folder({ owner: 'deploy', group: 'redis', mode: '770', holds: ['notes'] });
    expect(messages({ [FOLDER]: writable })).toEqual([]);
  });

  it('shows no control characters of a name', () => {
    const [message] = messages({ [FOLDER]: folder({ ...postgres, holds: ['a\u001B[2J\nb'] }) });
    for (const character of ['\u001B', '\n']) expect(message).not.toContain(character);
  });
});
