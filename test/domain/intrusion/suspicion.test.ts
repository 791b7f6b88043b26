import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nextSigns,
  openSigns,
  suspicionsIn,
  withAnswer,
  type SeenSigns,
} from '../../../src/domain/intrusion/suspicion.ts';
import { cluster, configurationOf, healthy, three, unreachable } from '../../builders.ts';

const AT = '2026-11-30T03:00:00.000Z';
const saving = (dir: string) => {
  const configuration = new Map([...configurationOf(three.redisConf.content), ['dir', dir]]);
  return healthy(cluster, { 'redis-03': { redis: { configuration } } });
};
const SIGN = 'it saves its data in /etc';
const CALM = healthy(cluster);
const step = (known: SeenSigns, seen = CALM) => nextSigns(known, cluster, seen, AT);
const openOn = (known: SeenSigns) => openSigns(known)['redis-03']?.map(({ sign }) => sign) ?? [];

describe('a suspicion', () => {
  it('stays when its sign vanishes, or its node', () => {
    const known = step({}, saving('/etc'));
    expect(openOn(step(known))).toEqual([SIGN]);
    expect(openOn(nextSigns(known, cluster, [unreachable(three)], AT))).toEqual([SIGN]);
  });

  it('ends with the acknowledgement, while its sign is there, too', () => {
    const known = step({}, saving('/etc'));
    const answered = withAnswer(known, openSigns(known), { acknowledged: true });
    expect(openOn(step(answered, saving('/etc')))).toEqual([]);
    expect(openOn(step(answered, saving('/root')))).toEqual(['it saves its data in /root']);
  });

  it('begins again when an acknowledged sign returns', () => {
    const known = step({}, saving('/etc'));
    const answered = withAnswer(known, openSigns(known), { acknowledged: true });
    expect(openOn(step(step(answered), saving('/etc')))).toEqual([SIGN]);
    // What a node that cannot be read would have shown is unknown.
    const unread = nextSigns(answered, cluster, [unreachable(three)], AT);
    expect(openOn(step(unread, saving('/etc')))).toEqual([]);
  });

  it('is answered for no more than was shown', () => {
    const shown = openSigns(step({}, saving('/etc')));
    const later = step(step({}, saving('/etc')), saving('/root'));
    expect(openOn(withAnswer(later, shown, { acknowledged: true }))).toEqual(['it saves its data in /root']);
  });

  it('is what the node shows, where nothing is remembered', () => {
    expect(suspicionsIn(cluster, saving('/etc'))).toEqual([{ node: 'redis-03', signs: [SIGN], since: null }]);
    const remembered = CALM.map((facts) => ({ ...facts, signs: step({}, saving('/etc'))[facts.name] ?? [] }));
    expect(suspicionsIn(cluster, remembered)).toEqual([{ node: 'redis-03', signs: [SIGN], since: AT }]);
  });

  it('is never lost but by an acknowledgement, whatever the looks show', () => {
    const look = fc.constantFrom('/etc', '/root', '/data/redis', 'unreachable');
    fc.assert(
      fc.property(fc.array(look, { maxLength: 8 }), (looks) => {
        const seen = looks.map((dir) => (dir === 'unreachable' ? [unreachable(three)] : saving(dir)));
        const end = seen.reduce<SeenSigns>((known, each) => nextSigns(known, cluster, each, AT), {});
        const expected = ['/etc', '/root']
          .filter((dir) => looks.some((seenDir) => seenDir === dir))
          .map((dir) => `it saves its data in ${dir}`);
        expect(openOn(end).toSorted()).toEqual(expected);
      }),
    );
  });
});
