import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  distinct,
  gitHubParticipant,
  relationTo,
  requesterOf,
  type Deed,
  type Participant,
} from '../../../src/domain/run/participants.ts';
import type { Origin } from '../../../src/domain/run/run.ts';

const PEOPLE = new Map([
  ['ada', 'U0ADA'],
  ['ada-home', 'U0ADA'],
  ['ben', 'U0BEN'],
]);

const gitHub = (login: string, did: Deed = 'committed'): Participant => ({ kind: 'github', login, did });
const slack = (user: string, did: Deed = 'asked'): Participant => ({ kind: 'slack', user, did });
const nobody: Participant = { kind: 'unknown', who: 'mergify[bot]', did: 'merged' };

describe('an approver', () => {
  it.each<[string, readonly Participant[], string, 'other' | 'participant' | 'unknown']>([
    ['who asked', [slack('U0ADA')], 'U0ADA', 'participant'],
    ['who did not ask', [slack('U0ADA')], 'U0BEN', 'other'],
    ['who merged', [gitHub('ada', 'merged')], 'U0ADA', 'participant'],
    ['who merged under a second login', [gitHub('ada-home', 'merged')], 'U0ADA', 'participant'],
    ['who wrote a commit', [gitHub('ben', 'merged'), gitHub('ada')], 'U0ADA', 'participant'],
    ['of a change that others brought', [gitHub('ben', 'merged'), gitHub('ada')], 'U0CARL', 'other'],
    ['where an unlisted login merged', [gitHub('ada-work', 'merged')], 'U0BEN', 'unknown'],
    ['listed, where an unlisted login wrote', [gitHub('ada', 'merged'), gitHub('eve')], 'U0BEN', 'other'],
    ['unlisted, where an unlisted login wrote', [gitHub('ada', 'merged'), gitHub('eve')], 'U0CARL', 'unknown'],
    ['where a bot merged', [nobody], 'U0BEN', 'unknown'],
    ['where a commit has no account', [gitHub('ada', 'merged'), nobody], 'U0BEN', 'unknown'],
    ['who asked for the pull request', [slack('U0ADA', 'set'), gitHub('ben', 'merged')], 'U0ADA', 'participant'],
    ['of a pull request by an unknown asker', [slack('U0ADA', 'set'), nobody], 'U0BEN', 'unknown'],
    ['of a run that a colleague asked for', [slack('U0BEN'), nobody, gitHub('eve', 'merged')], 'U0CARL', 'other'],
    ['of their own change, for which a colleague asked', [slack('U0BEN'), gitHub('ada')], 'U0ADA', 'participant'],
    ['of a run that nobody brought', [], 'U0ADA', 'other'],
  ])('%s', (_, participants, user, expected) => {
    expect(relationTo(user, participants, PEOPLE).is).toBe(expected);
  });

  it('is never a participant, and never may be one', () => {
    const users = ['U0A', 'U0B', 'U0C', 'U0D'];
    const logins = ['a', 'b', 'c', 'd', 'e'];
    const did = fc.constantFrom<Deed>('asked', 'set', 'merged', 'opened', 'committed', 'pushed');
    const participant: fc.Arbitrary<Participant> = fc.oneof(
      fc.record({ kind: fc.constant('slack' as const), user: fc.constantFrom(...users), did }),
      fc.record({ kind: fc.constant('github' as const), login: fc.constantFrom(...logins), did }),
      fc.record({ kind: fc.constant('unknown' as const), who: fc.constant('someone'), did }),
    );
    const people = fc
      .dictionary(fc.constantFrom(...logins), fc.constantFrom(...users))
      .map((known) => new Map(Object.entries(known)));
    fc.assert(
      fc.property(fc.array(participant, { maxLength: 6 }), people, fc.constantFrom(...users), (all, known, user) => {
        if (relationTo(user, all, known).is !== 'other') return;
        const usersOf = all.map((each) =>
          each.kind === 'slack' ? each.user : each.kind === 'github' ? known.get(each.login) : undefined,
        );
        expect(usersOf).not.toContain(user);
        // Someone else is known, or everyone is.
        const hasAsked = all.some((each) => each.kind === 'slack' && each.did === 'asked');
        if (hasAsked) return;
        expect(all.filter(({ kind }) => kind === 'unknown')).toEqual([]);
        const strangers = all.filter((each) => each.kind === 'github' && !known.has(each.login));
        expect(strangers.filter(({ did: deed }) => deed === 'merged')).toEqual([]);
        if (strangers.length > 0) expect([...known.values()]).toContain(user);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('who asked', () => {
  it.each<[Origin, readonly Participant[]]>([
    [{ from: 'slack', actor: 'U0ADA' }, [slack('U0ADA')]],
    [{ from: 'redisops', actor: 'drift' }, []],
    [{ from: 'github', actor: 'Ada', pullRequest: 1 }, [gitHub('ada', 'merged')]],
    [{ from: 'github', actor: 'ada' }, [{ kind: 'unknown', who: 'the person who pushed this change', did: 'pushed' }]],
    [{ from: 'cli', actor: 'root' }, [{ kind: 'unknown', who: 'root on the command line', did: 'asked' }]],
  ])('of %o', (origin, expected) => {
    expect(requesterOf(origin)).toEqual(expected);
  });

  it.each(['mergify[bot]', 'Dependabot[bot]', 'ghost', 'web-flow', 'unknown', ''])('is unknown as “%s”', (login) => {
    expect(gitHubParticipant(login, 'merged').kind).toBe('unknown');
  });

  it('is named once', () => {
    expect(distinct([gitHub('ada', 'merged'), gitHub('ada'), slack('U0ADA')])).toEqual([
      gitHub('ada', 'merged'),
      slack('U0ADA'),
    ]);
  });
});
