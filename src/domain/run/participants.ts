import type { Origin } from './run.ts';

/** What someone did for a change. `set`: asked for the pull request that redisops opened. */
export type Deed = 'asked' | 'set' | 'merged' | 'opened' | 'committed' | 'pushed';

/** In words, before the change. */
export const DEEDS: Readonly<Record<Deed, string>> = {
  asked: 'asked for',
  set: 'asked redisops for',
  merged: 'merged',
  opened: 'proposed',
  committed: 'wrote',
  pushed: 'pushed',
};

/** Someone who brought a change. */
export type Participant =
  /** By Slack user ID. */
  | { kind: 'slack'; user: string; did: Deed }
  /** By GitHub login, in lower case. `forOthers`: redisops’s own account, while those who asked are known. */
  | { kind: 'github'; login: string; did: Deed; forOthers?: true | undefined }
  /** Nobody’s account: a bot, an email without an account, the person who pushed. `who`: in words. */
  | { kind: 'unknown'; who: string; did: Deed };

/** Slack user IDs by GitHub login in lower case. */
export type People = ReadonlyMap<string, string>;

/** Whether a Slack user is one of the participants; `unknown` if the participant may be this user. */
export type Relation = { is: 'other' } | { is: 'participant' | 'unknown'; who: Participant };

/**
 * An approver is a person who is known to be none of the participants. A participant of unknown identity may be
 * anyone: nobody is known to be another person. A GitHub login that `people` does not list may be anyone whose own
 * login it does not list either; the one who merged may even be someone with a second login. If someone known asked
 * for the run in Slack, the approver is the second known person, and only known participants are excluded.
 */
export function relationTo(user: string, participants: readonly Participant[], people: People): Relation {
  const same = participants.find((each) => isSame(user, each, people));
  if (same) return { is: 'participant', who: same };
  if (participants.some(({ kind, did }) => kind === 'slack' && did === 'asked')) return { is: 'other' };
  const stranger = participants.find((each) => mayBe(user, each, people));
  return stranger ? { is: 'unknown', who: stranger } : { is: 'other' };
}

function isSame(user: string, each: Participant, people: People): boolean {
  switch (each.kind) {
    case 'slack':
      return each.user === user;
    case 'github':
      return people.get(each.login) === user;
    case 'unknown':
      return false;
  }
}

function mayBe(user: string, each: Participant, people: People): boolean {
  switch (each.kind) {
    case 'slack':
      return false;
    case 'unknown':
      return true;
    case 'github':
      if (people.has(each.login) || each.forOthers) return false;
      return each.did === 'merged' || !new Set(people.values()).has(user);
  }
}

/** Who asked for a run, as its record says. An automatic run has no requester. */
export function requesterOf({ from, actor, pullRequest }: Origin): readonly Participant[] {
  switch (from) {
    case 'slack':
      return [{ kind: 'slack', user: actor, did: 'asked' }];
    case 'redisops':
      return [];
    case 'cli':
      return [{ kind: 'unknown', who: `${actor} on the command line`, did: 'asked' }];
    case 'github':
      // The author of a push is what its commits claim.
      if (pullRequest === undefined)
        return [{ kind: 'unknown', who: 'the person who pushed this change', did: 'pushed' }];
      return [gitHubParticipant(actor, 'merged')];
  }
}

/** GitHub shows its own commits under this account, and a deleted account’s deeds under the other. */
const NOBODYS = ['web-flow', 'ghost', 'unknown', ''];

/** A bot’s account is nobody’s: anyone may have started it. */
export function gitHubParticipant(login: string, did: Deed): Participant {
  const name = login.toLowerCase();
  if (name.endsWith('[bot]') || NOBODYS.includes(name))
    return { kind: 'unknown', who: NOBODYS.includes(name) ? 'an account that GitHub does not name' : name, did };
  return { kind: 'github', login: name, did };
}

/** The same participant once, by the first deed. */
export function distinct(participants: readonly Participant[]): readonly Participant[] {
  const known = new Map<string, Participant>();
  for (const each of participants) {
    const key = `${each.kind} ${nameOfParticipant(each)}`;
    if (!known.has(key)) known.set(key, each);
  }
  return [...known.values()];
}

export function nameOfParticipant(each: Participant): string {
  switch (each.kind) {
    case 'slack':
      return each.user;
    case 'github':
      return each.login;
    case 'unknown':
      return each.who;
  }
}
