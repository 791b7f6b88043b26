/** A workspace, and the enterprise organization that it is part of, by Slack ID; empty if Slack names none. */
export interface Workspace {
  team: string;
  enterprise: string;
}

/** What Slack says of a user. */
export interface SlackUser extends Workspace {
  /** A guest of one channel or several. */
  isGuest: boolean;
  /** Of another company, in a Slack Connect channel. */
  isStranger: boolean;
  isBot: boolean;
  isDeactivated: boolean;
}

/** Where a request of Slack’s came from: the workspaces that it names. */
export type RequestPlace = readonly Workspace[];

/**
 * Why a person may use redisops neither for changes nor for reads; null for a full member of its own workspace, or of
 * its enterprise organization. What Slack does not say is not taken for the same.
 */
export function outsiderReason(home: Workspace, place: RequestPlace, user: SlackUser): string | null {
  if (user.isDeactivated) return 'this account is deactivated';
  if (user.isBot) return 'this is a bot';
  if (user.isStranger || !isAtHome(home, user)) return 'this account belongs to another company';
  if (user.isGuest) return 'this is a guest account';
  if (place.length === 0 || !place.every((each) => isAtHome(home, each)))
    return 'the request comes from another workspace';
  return null;
}

function isAtHome(home: Workspace, { team, enterprise }: Workspace): boolean {
  if (home.enterprise !== '' && enterprise !== '') return enterprise === home.enterprise;
  return team !== '' && team === home.team;
}
