import type { Origin } from '../domain/run/run.ts';
import { shortened } from './read-text.ts';

/** A Slack user, and the channel they are in. */
export interface Person {
  user: string;
  channel: string;
  /** Display name in Slack, if sent. */
  name?: string | undefined;
}

/** For messages: `ben (U0BEN)`, or only the ID. */
export function nameOf({ user, name = '' }: Person): string {
  return name === '' ? user : `${shortened(name)} (${user})`;
}

export function originOf({ user }: Person): Origin {
  return { from: 'slack', actor: user };
}
