import { describe, expect, it } from 'vitest';
import type { UnitFacts } from '../../../src/domain/facts.ts';
import { startableBlockers } from '../../../src/plan/unit/startable.ts';
import { desiredNode, host, unit } from '../../builders.ts';

const node = desiredNode('redis-02');
const stopped = { activeState: 'inactive', subState: 'dead', mainPid: 0 };
const looping = { activeState: 'activating', subState: 'auto-restart', mainPid: 0, restarts: 12 };
const LOG = ['*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***', "Can't open the log file: No such file or directory"];

describe('startableBlockers', () => {
  it.each<readonly [string, Partial<UnitFacts>, boolean, RegExp | null]>([
    ['a unit that runs', {}, false, null],
    ['one that is stopped', stopped, false, null],
    ['one that failed', { ...stopped, activeState: 'failed' }, false, null],
    ['a masked one', { ...stopped, loadState: 'masked', unitFileState: 'masked' }, false, /is masked/],
    ['a masked one that still runs', { unitFileState: 'masked' }, false, /is masked/],
    ['a mask of an installation', { ...stopped, loadState: 'masked', unitFileState: 'masked-runtime' }, false, null],
    ['one with a bad setting', { ...stopped, loadState: 'bad-setting' }, false, /LoadState=bad-setting/],
    ['one that is gone', { ...stopped, loadState: 'not-found' }, false, /does not exist, although/],
    ['one that refuses', { ...stopped, cannotStart: true }, false, /CanStart=no/],
    ['a loop', looping, false, /restarted it 12 times\. FATAL CONFIG FILE ERROR · Can't open the log file/],
    ['a loop that the plan may end', looping, true, null],
    ['a first restart', { ...looping, restarts: 1 }, false, null],
  ])('%s', (_, change, changes, expected) => {
    const blockers = startableBlockers(node, host(node, null, { unit: unit(change), log: LOG }), changes);
    expect(blockers.map(({ code }) => code)).toEqual(expected === null ? [] : ['UNIT_NOT_STARTABLE']);
    expect(blockers[0]?.message ?? '').toMatch(expected ?? /^$/);
  });

  it('does not matter where the package is not installed', () => {
    const bare = host(node, null, {
      package: { installed: false },
      unit: unit({ ...stopped, loadState: 'not-found' }),
    });
    expect(startableBlockers(node, bare, true)).toEqual([]);
  });
});
