import { describe, expect, it } from 'vitest';
import type { ActionKind } from '../../../src/domain/action.ts';
import type { UnitFacts } from '../../../src/domain/facts.ts';
import { unitActions } from '../../../src/plan/unit/state.ts';
import { desiredNode, host, unit } from '../../builders.ts';

const node = desiredNode('redis-02');

describe('unitActions', () => {
  it.each<readonly [string, Partial<UnitFacts>, boolean, readonly ActionKind[]]>([
    ['as wanted', {}, false, []],
    ['a new drop-in', {}, true, ['daemon-reload']],
    ['files changed under systemd', { needDaemonReload: true }, false, ['daemon-reload']],
    ['a drop-in in a folder that systemd does not know', { dropInPaths: [] }, false, ['daemon-reload']],
    ['a drop-in that systemd read before it said so', { readWritePaths: [] }, false, ['daemon-reload']],
    ['a unit that is not there', { loadState: 'not-found', dropInPaths: [], start: null }, false, []],
    ['a unit that does not start at boot', { unitFileState: 'disabled' }, false, ['enable-unit']],
    ['a unit that failed', { activeState: 'failed', result: 'exit-code' }, false, ['reset-failed']],
    [
      'everything at once',
      { activeState: 'failed', unitFileState: '' },
      true,
      ['reset-failed', 'daemon-reload', 'enable-unit'],
    ],
  ])('%s', (_name, change, dropInChanges, kinds) => {
    const actions = unitActions(node, host(node, null, { unit: unit(change) }), dropInChanges);
    expect(actions.map(({ kind }) => kind)).toEqual(kinds);
    expect(actions.every(({ disruptive }) => !disruptive)).toBe(true);
  });
});
