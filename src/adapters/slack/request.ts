import { z } from 'zod';
import { decodeClick, type Click } from '../../domain/chat/click.ts';
import type { MessageReference } from '../../domain/chat/message.ts';

/** `/redis TEXT`, as a person typed it. */
export interface SlackCommand {
  /** Slack’s name for this one request: the same when Slack sends it again. */
  id: string;
  /** Without the command itself. */
  text: string;
  user: string;
  channel: string;
  team: string;
  responseUrl: string | null;
}

/** A click on a button, and who clicked. */
export interface SlackClick {
  id: string;
  user: string;
  /** Empty where Slack says none. */
  name: string;
  channel: string;
  /** The message that has the button. */
  message: MessageReference;
  responseUrl: string | null;
  /** Null where this version has no such button. */
  click: Click | null;
}

const id = z.string().regex(/^[A-Z0-9]{1,40}$/);
const responseUrl = z.url({ protocol: /^https?$/ }).nullish();

const command = z.object({
  trigger_id: z.string().min(1).max(500),
  text: z.string().default(''),
  user_id: id,
  channel_id: id,
  team_id: z.string().default(''),
  response_url: responseUrl,
});

const clicked = z.object({
  trigger_id: z.string().min(1).max(500),
  user: z.object({ id, username: z.string().optional(), name: z.string().optional() }),
  channel: z.object({ id }),
  message: z.object({ ts: z.string() }),
  response_url: responseUrl,
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).min(1),
});

/** Null where it is not a slash command. */
export function readCommand(body: unknown): SlackCommand | null {
  const { success, data } = command.safeParse(body);
  if (!success) return null;
  return {
    id: data.trigger_id,
    text: data.text,
    user: data.user_id,
    channel: data.channel_id,
    team: data.team_id,
    responseUrl: data.response_url ?? null,
  };
}

/** Null where it is not a click under a message. */
export function readClick(body: unknown): SlackClick | null {
  const { success, data } = clicked.safeParse(body);
  const action = data?.actions[0];
  if (!success || !action) return null;
  const { user, channel, message } = data;
  return {
    id: data.trigger_id,
    user: user.id,
    name: user.username ?? user.name ?? '',
    channel: channel.id,
    message: { channel: channel.id, timestamp: message.ts },
    responseUrl: data.response_url ?? null,
    click: decodeClick({ action: action.action_id, value: action.value ?? '' }),
  };
}
