import type { Origin } from '../domain/run/run.ts';
import { shortened } from './read-text.ts';

/** A Slack user, and the channel in which they act. */
export interface Person {
  user: string;
  channel: string;
  /** As Slack shows them, where it says. */
  name?: string | undefined;
}

/** For messages: `ben (U0BEN)`, or the ID alone. */
export function nameOf({ user, name = '' }: Person): string {
  return name === '' ? user : `${shortened(name)} (${user})`;
}

export function originOf({ user }: Person): Origin {
  return { from: 'slack', actor: user };
}
