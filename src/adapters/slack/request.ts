import { z } from 'zod';
import { decodeClick, type Click } from '../../domain/chat/click.ts';
import type { RequestPlace } from '../../domain/chat/member.ts';
import type { MessageReference } from '../../domain/chat/message.ts';

/** `/redis TEXT` as typed. */
export interface SlackCommand {
  /** Slack’s ID of this request: the same when resent. */
  id: string;
  /** Without `/redis`. */
  text: string;
  user: string;
  /** `ben`; empty if Slack sends none. */
  handle: string;
  channel: string;
  /** The workspaces that Slack names. */
  place: RequestPlace;
  responseUrl: string | null;
}

/** A click on a button, and who clicked. */
export interface SlackClick {
  id: string;
  user: string;
  /** Empty if not sent. */
  name: string;
  channel: string;
  place: RequestPlace;
  /** The message with the button. */
  message: MessageReference;
  responseUrl: string | null;
  /** Null for a button unknown to this version. */
  click: Click | null;
}

const id = z.string().regex(/^[A-Z0-9]{1,40}$/);
const responseUrl = z.url({ protocol: /^https?$/ }).nullish();

const command = z.object({
  trigger_id: z.string().min(1).max(500),
  text: z.string().default(''),
  user_id: id,
  user_name: z.string().max(100).default(''),
  channel_id: id,
  team_id: z.string().nullish(),
  enterprise_id: z.string().nullish(),
  response_url: responseUrl,
});

const clicked = z.object({
  trigger_id: z.string().min(1).max(500),
  user: z.object({
    id,
    username: z.string().optional(),
    name: z.string().optional(),
    team_id: z.string().nullish(),
  }),
  /** Null with `enterprise` for an app of a whole organization. */
  team: z.object({ id: z.string(), enterprise_id: z.string().nullish() }).nullish(),
  enterprise: z.object({ id: z.string() }).nullish(),
  channel: z.object({ id }),
  message: z.object({ ts: z.string() }),
  response_url: responseUrl,
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).min(1),
});

/** Null if it is not a slash command. */
export function readCommand(body: unknown): SlackCommand | null {
  const { success, data } = command.safeParse(body);
  if (!success) return null;
  return {
    id: data.trigger_id,
    text: data.text,
    user: data.user_id,
    handle: data.user_name,
    channel: data.channel_id,
    place: [{ team: data.team_id ?? '', enterprise: data.enterprise_id ?? '' }],
    responseUrl: data.response_url ?? null,
  };
}

/** Null if it is not a click below a message. */
export function readClick(body: unknown): SlackClick | null {
  const { success, data } = clicked.safeParse(body);
  const action = data?.actions[0];
  if (!success || !action) return null;
  const { user, channel, message, team, enterprise } = data;
  const organization = enterprise?.id ?? team?.enterprise_id ?? '';
  return {
    id: data.trigger_id,
    user: user.id,
    name: user.username ?? user.name ?? '',
    channel: channel.id,
    place: [
      { team: team?.id ?? '', enterprise: organization },
      ...(user.team_id ? [{ team: user.team_id, enterprise: organization }] : []),
    ],
    message: { channel: channel.id, timestamp: message.ts },
    responseUrl: data.response_url ?? null,
    click: decodeClick({ action: action.action_id, value: action.value ?? '' }),
  };
}
