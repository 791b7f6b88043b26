import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { ChatRefused, type Refused } from '../../domain/chat/chat-refused.ts';
import { RedisopsError } from '../../domain/error.ts';
import { AskAgain } from './lanes.ts';

/** Slack answered with an error. `reason` is Slack’s term, such as `channel_not_found`. */
export class SlackRefused extends ChatRefused {
  readonly reason: string;

  constructor(method: string, reason: string) {
    super(REFUSED[reason] ?? null, `Slack refused ${method}: ${reason}.`, HINTS[reason] ?? OTHERWISE);
    this.reason = reason;
  }
}

const OTHERWISE = 'Runs continue without Slack. The command line has the same verbs.';
const TOKEN = 'SLACK_BOT_TOKEN is wrong or revoked. Use the bot token of the installed app.';
const HINTS: Readonly<Record<string, string>> = {
  not_in_channel: 'Invite the app to the channel: /invite @redisops.',
  channel_not_found:
    'SLACK_CHANNEL and `channel` need a channel ID (C…), and the app must be a member of that channel.',
  is_archived: 'The channel is archived. Choose another one.',
  missing_scope: 'A permission is missing. Reinstall the app from slack-manifest.yml.',
  not_authed: TOKEN,
  invalid_auth: TOKEN,
  account_inactive: TOKEN,
  token_revoked: TOKEN,
  token_expired: TOKEN,
};

/** What Slack’s terms are about. https://docs.slack.dev/reference/methods/chat.postMessage, and chat.update */
const REFUSED: Readonly<Record<string, Refused>> = {
  channel_not_found: 'channel',
  not_in_channel: 'channel',
  is_archived: 'channel',
  restricted_action: 'channel',
  message_not_found: 'message',
  cant_update_message: 'message',
  edit_window_closed: 'message',
  no_text: 'content',
  msg_too_long: 'content',
  msg_blocks_too_long: 'content',
  invalid_blocks: 'content',
  invalid_blocks_format: 'content',
  invalid_arguments: 'content',
  missing_scope: 'access',
  not_authed: 'access',
  invalid_auth: 'access',
  account_inactive: 'access',
  token_revoked: 'access',
  token_expired: 'access',
};

/** Slack’s terms for its own outages. */
const PASSING = ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'ratelimited'];
/** Failures where the request never reached Slack: resending it posts nothing twice. */
const NOT_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];
const SOON_MS = 1000;

/**
 * Translates an SDK error without keeping it: it contains the request with the token. `again`: the request may safely
 * be sent twice.
 */
export function slackFailure(thrown: unknown, method: string, again: boolean): RedisopsError | AskAgain {
  if (thrown instanceof WebAPIRateLimitedError)
    return new AskAgain(thrown.retryAfter * 1000, failed(`Slack rate-limits ${method}.`));
  if (thrown instanceof WebAPIPlatformError) return platformFailure(method, thrown.data.error);
  if (thrown instanceof WebAPIHTTPError) {
    const failure = failed(`Slack answered ${method} with HTTP ${thrown.statusCode}.`);
    return thrown.statusCode >= 500 ? new AskAgain(SOON_MS, failure) : failure;
  }
  if (thrown instanceof WebAPIRequestError) {
    const reason = reasonOf(thrown.original);
    const failure = failed(`Slack did not answer ${method}: ${reason}.`);
    return again || NOT_SENT.includes(reason) ? new AskAgain(SOON_MS, failure) : failure;
  }
  // The SDK has no error class for a 429 without retry-after.
  if (thrown instanceof Error && /retry-after/i.test(thrown.message))
    return new AskAgain(SOON_MS, failed(`Slack rate-limits ${method}.`));
  return failed(`Slack’s answer to ${method} was not understood.`);
}

function platformFailure(method: string, reason: unknown): RedisopsError | AskAgain {
  const word = typeof reason === 'string' ? reason.replace(/[^\w.-]/g, '').slice(0, 60) : 'unknown_error';
  const failure = new SlackRefused(method, word);
  return PASSING.includes(word) ? new AskAgain(SOON_MS, failure) : failure;
}

/** `ECONNREFUSED`, `no answer in time`: never the message, which may contain a URL. */
function reasonOf(error: Error): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time';
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'the connection failed';
}

function failed(message: string): RedisopsError {
  return new RedisopsError('SLACK_FAILED', message, { hint: OTHERWISE });
}
