import { outsiderReason, type RequestPlace } from '../domain/chat/member.ts';
import { RedisopsError } from '../domain/error.ts';
import type { Report } from '../domain/report.ts';
import type { Members } from '../ports/chat.ts';
import { audited, type AuditPorts } from '../run/audited.ts';
import { errorAnswer } from './error-answer.ts';
import { attemptOf } from './gate.ts';
import type { Person } from './person.ts';

/** A request of Slack’s, before anything else is known. */
export interface Arrival {
  person: Person;
  place: RequestPlace;
  /** For the audit. */
  what: string;
}

/**
 * Lets only full members of redisops’s own workspace in, for changes and reads alike: guests, bots, deactivated accounts
 * and people of other companies get no answer but the refusal, which is audited. So does everyone while Slack does not
 * say who they are.
 */
export async function membersOnly<T>(
  { person, place, what }: Arrival,
  members: Members,
  ports: AuditPorts & { log: Parameters<typeof errorAnswer>[2] },
  answer: () => Promise<T>,
): Promise<T | Report> {
  try {
    await audited(attemptOf(what, { user: person.user, channel: person.channel }), ports, async () => {
      const [home, user] = await Promise.all([members.home(), members.userOf(person.user)]);
      const reason = outsiderReason(home, place, user);
      if (reason !== null) throw outsider(reason);
    });
  } catch (thrown) {
    return errorAnswer(thrown, person, ports.log);
  }
  return answer();
}

function outsider(reason: string): RedisopsError {
  return new RedisopsError('NOT_ALLOWED', `redisops answers only full members of its workspace: ${reason}.`, {
    hint: 'Ask a member of the team.',
  });
}
