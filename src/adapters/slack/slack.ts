import { boundedFetch, SLACK_BYTES } from '../http/bounded-fetch.ts';
import { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Click } from '../../domain/chat/click.ts';
import { RedisopsError } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Egress } from '../http/egress.ts';
import { SlackRefused, slackFailure } from './failure.ts';
import { keptAnswers } from './kept-answers.ts';
import { AskAgain, slackLanes, type Turn } from './lanes.ts';
import { slackLogger } from './log.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageReference } from '../../domain/chat/message.ts';
import type { Clock } from '../../ports/clock.ts';
import { realClock } from '../../time/real-clock.ts';

/** One Slack message. */
export interface SlackText {
  text: string;
  blocks: readonly { type: string }[];
}

/** Converts a report into messages; the first one has the buttons. */
export type Dress = (report: Report, buttons: readonly Click[]) => readonly SlackText[];

export interface SlackPlace {
  botToken: Secret;
  /** Default: Slack’s own. */
  apiUrl?: string | undefined;
  /** For access through a proxy. */
  egress?: Egress | undefined;
  log: Log;
}

export interface SlackChat extends SlackPlace {
  dress: Dress;
  clock?: Clock;
  /** Ends what waits for its turn. */
  stop?: AbortSignal;
}

const TIMEOUT_MS = 10_000;
/** Errors after which the text is sent without blocks: better than nothing. */
const BLOCKS_REFUSED = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long'];

const posted = z.object({ channel: z.string(), ts: z.string() });
const linked = z.object({ permalink: z.url() });
const groupMembers = z.object({ users: z.array(z.string()).default([]) });

/** Text never becomes a link, a mention or a preview. */
const PLAIN = { unfurl_links: false, unfurl_media: false, link_names: false, parse: 'none' } as const;

/**
 * Slack’s Web API for runs. In each channel messages are sent in order and within Slack’s rate; of several pending
 * edits of a message, only the newest is sent. All methods fail with SLACK_FAILED.
 */
export function slackChat(settings: SlackChat): Chat {
  const { dress, log, clock = realClock, stop } = settings;
  const call = slackCalls(settings);
  const take = slackLanes(clock, stop);
  const { say, inThread } = speaker(call, take, log);
  const dressed = (report: Report, buttons: readonly Click[] = []): readonly [SlackText, ...SlackText[]] => {
    const [first, ...more] = dress(report, buttons);
    return [first ?? { text: report.title, blocks: [] }, ...more];
  };
  const ask = (lane: string, method: string, parameters: Record<string, unknown>) =>
    take({ lane, kind: 'read', say: () => call(method, parameters) });

  return {
    async post(channel, report, buttons) {
      const [first, ...more] = dressed(report, buttons);
      const answer = await say({ lane: channel, kind: 'post' }, 'chat.postMessage', first, { channel });
      const { ts, channel: where } = understood(posted, answer);
      const message = { channel: where, timestamp: ts };
      inThread(more, message).catch((error: unknown) => log.warn({ channel, error }, 'could not say all of it'));
      return message;
    },
    async edit({ channel, timestamp }, report, buttons) {
      const [first] = dressed(report, buttons);
      const turn = { lane: channel, kind: 'edit', replaces: timestamp } as const;
      await say(turn, 'chat.update', first, { channel, ts: timestamp });
    },
    async reply(thread, report) {
      await inThread(dressed(report), thread);
    },
    async attach({ channel, timestamp }, name, text) {
      const file = { channel_id: channel, thread_ts: timestamp, filename: name, title: name, content: text };
      await take({ lane: channel, kind: 'file', say: () => call('files.uploadV2', file) });
    },
    async permalink({ channel, timestamp }) {
      const answer = await ask('permalink', 'chat.getPermalink', { channel, message_ts: timestamp });
      return understood(linked, answer).permalink;
    },
    async whisper(channel, user, report) {
      const turn = { lane: `${channel} ${user}`, kind: 'whisper' } as const;
      await Promise.all(dressed(report).map((message) => say(turn, 'chat.postEphemeral', message, { channel, user })));
    },
    membersOf: keptAnswers(clock, async (group): Promise<readonly string[]> => {
      const answer = await ask(`group ${group}`, 'usergroups.users.list', { usergroup: group });
      return understood(groupMembers, answer).users;
    }),
  };
}

type Call = (method: string, parameters: Record<string, unknown>) => Promise<unknown>;

interface Speaker {
  say: (turn: Omit<Turn, 'say'>, method: string, message: SlackText, where: object) => Promise<unknown>;
  inThread: (messages: readonly SlackText[], thread: MessageReference) => Promise<unknown>;
}

function speaker(call: Call, take: (turn: Turn) => Promise<unknown>, log: Log): Speaker {
  const send = async (method: string, { text, blocks }: SlackText, where: object): Promise<unknown> => {
    const message = { ...PLAIN, ...where, text };
    try {
      return await call(method, { ...message, blocks });
    } catch (error) {
      if (!(error instanceof SlackRefused) || !BLOCKS_REFUSED.includes(error.reason)) throw error;
      log.error({ method, reason: error.reason }, 'Slack does not take the blocks; the text goes alone');
      return call(method, { ...message, blocks: blocks.filter(({ type }) => type === 'actions') });
    }
  };
  const say: Speaker['say'] = (turn, method, message, where) =>
    take({ ...turn, say: () => send(method, message, where) });
  return {
    say,
    inThread: (messages, { channel, timestamp }) =>
      Promise.all(
        messages.map((message) =>
          say({ lane: channel, kind: 'post' }, 'chat.postMessage', message, { channel, thread_ts: timestamp }),
        ),
      ),
  };
}

/** @throws SLACK_FAILED with the message if the answer does not match. */
export function understood<T>(
  schema: z.ZodType<T>,
  answer: unknown,
  message = 'Slack’s answer is not what its documentation says.',
): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new RedisopsError('SLACK_FAILED', message, {
    hint: 'Does SLACK_API_URL lead to Slack?',
  });
}

/** One request each, with a time limit; the lane does the retries. */
export function slackCalls({ botToken, apiUrl, egress, log, stop }: SlackPlace & { stop?: AbortSignal }): Call {
  const bounded = boundedFetch(egress?.fetch, SLACK_BYTES);
  const untilStop: typeof bounded = (url, init) => {
    const signals = [init?.signal, stop].filter((signal) => signal !== undefined && signal !== null);
    return bounded(url, { ...init, signal: AbortSignal.any(signals) });
  };
  const client = new WebClient(botToken.reveal(), {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    fetch: untilStop,
    logger: slackLogger(log),
    timeout: TIMEOUT_MS,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
  });
  return async (method, parameters) => {
    try {
      return await client.apiCall(method, parameters);
    } catch (error) {
      throw slackFailure(error, method, method !== 'chat.postMessage' && method !== 'chat.postEphemeral');
    }
  };
}

/** Questions that no lane asks again: what Slack wants to be asked later is a failure. */
export function slackReads(place: SlackPlace): Call {
  const call = slackCalls(place);
  return async (method, parameters) => {
    try {
      return await call(method, parameters);
    } catch (error) {
      throw error instanceof AskAgain ? error.failure : error;
    }
  };
}
