import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../../../src/domain/facts.ts';
import { directoryActions } from '../../../src/plan/host/make-directory.ts';
import { desiredNode, host, present } from '../../builders.ts';

const node = desiredNode('redis-02');

function hostWith(path: string, file: FileFacts | null) {
  const on = host(node, null);
  const others = [...on.files].filter(([other]) => other !== path);
  return { ...on, files: new Map(file ? [...others, [path, file]] : others) };
}

describe('directories', () => {
  it.each<readonly [string, FileFacts | null, string | null]>([
    ['as wanted', present({ type: 'directory', mode: '750' }), null],
    ['absent', null, 'Create /data/redis (redis:redis 750)'],
    [
      'of another owner',
      present({ type: 'directory', mode: '750', owner: 'root' }),
      'Set owner and mode of /data/redis (redis:redis 750)',
    ],
    ['of another mode that works', present({ type: 'directory', mode: '700' }), null],
    ['of the group, which may write', present({ type: 'directory', mode: '770', owner: 'root' }), null],
    [
      'of a mode that does not work',
      present({ type: 'directory', mode: '550' }),
      'Set owner and mode of /data/redis (redis:redis 750)',
    ],
    ['a file in its place', present({ mode: '750' }), 'Set owner and mode of /data/redis (redis:redis 750)'],
  ])('%s', (_name, file, summary) => {
    const actions = directoryActions(node, hostWith('/data/redis', file));
    expect(actions.map((action) => action.summary)).toEqual(summary === null ? [] : [summary]);
  });
});
