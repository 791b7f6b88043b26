import { z } from 'zod';
import { readApprovalValue } from '../../domain/run/approval-value.ts';
import { DRIFT_OFFERS, readDriftValue, type DriftOffer, type DriftValue } from '../../domain/buttons.ts';
import type { MessageReference } from '../../domain/message.ts';

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

/** A click on a button of ours. */
interface Click {
  id: string;
  user: string;
  /** Empty where Slack says none. */
  name: string;
  channel: string;
  /** The message that has the buttons. */
  message: MessageReference;
  responseUrl: string | null;
}

export interface ApprovalClick extends Click {
  approval: string;
  /** Of the plan above the button. */
  digest: string;
  decision: 'approved' | 'denied';
}

export interface DriftClick extends Click, DriftValue {
  offer: DriftOffer;
}

export interface StopClick extends Click {
  run: string;
}

const RUN = /^[\w.-]{1,120}$/;
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

const click = z.object({
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

/** Null where it is something else than a click on an approval’s button. */
export function readClick(body: unknown): ApprovalClick | null {
  const read = readAction(body);
  const decision = read && decisionOf(read.action);
  return read && decision ? { ...read.click, ...readApprovalValue(read.value), decision } : null;
}

/** Null where it is something else than a click on a drift’s button. */
export function readDriftClick(body: unknown): DriftClick | null {
  const read = readAction(body);
  const offer = DRIFT_OFFERS.find((each) => `drift:${each}` === read?.action);
  const drift = read && readDriftValue(read.value);
  return read && drift && offer ? { ...read.click, ...drift, offer } : null;
}

/** Null where it is something else than a click on a run’s button. */
export function readStopClick(body: unknown): StopClick | null {
  const read = readAction(body);
  return read?.action === 'run:stop' && RUN.test(read.value) ? { ...read.click, run: read.value } : null;
}

function readAction(body: unknown): { click: Click; action: string; value: string } | null {
  const { success, data } = click.safeParse(body);
  const action = data?.actions[0];
  if (!success || !action?.value) return null;
  const { user, channel, message } = data;
  return {
    action: action.action_id,
    value: action.value,
    click: {
      id: data.trigger_id,
      user: user.id,
      name: user.username ?? user.name ?? '',
      channel: channel.id,
      message: { channel: channel.id, timestamp: message.ts },
      responseUrl: data.response_url ?? null,
    },
  };
}

function decisionOf(actionId: string): ApprovalClick['decision'] | null {
  if (actionId === 'approval:approve') return 'approved';
  return actionId === 'approval:deny' ? 'denied' : null;
}
