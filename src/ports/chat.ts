import type { Click } from '../domain/chat/click.ts';
import type { SlackUser, Workspace } from '../domain/chat/member.ts';
import type { MessageReference } from '../domain/chat/message.ts';
import type { Report } from '../domain/report.ts';

/** Slack, as far as a run needs it. Text in a report is data: it never becomes a mention or a link. */
export interface Chat {
  post(channel: string, report: Report, buttons?: readonly Click[]): Promise<MessageReference>;
  /** Replaces a message; without `buttons` it loses those that it had. */
  edit(message: MessageReference, report: Report, buttons?: readonly Click[]): Promise<void>;
  reply(thread: MessageReference, report: Report): Promise<void>;
  attach(thread: MessageReference, name: string, text: string): Promise<void>;
  /** A link to the message. */
  permalink(message: MessageReference): Promise<string>;
  /** Posts a message that only `user` sees. */
  whisper(channel: string, user: string, report: Report): Promise<void>;
  /** Members of a user group. */
  membersOf(group: string): Promise<readonly string[]>;
}

/** Who people in chat are. All methods fail with SLACK_FAILED. */
export interface Members {
  /** The workspace that redisops is installed in. */
  home(): Promise<Workspace>;
  userOf(user: string): Promise<SlackUser>;
}
