import { setTimeout as pause } from 'node:timers/promises';
import { SocketModeReceiver, type Receiver } from '@slack/bolt';
import { WebAPIPlatformError } from '@slack/web-api';
import { RedisopsError } from '../../domain/error.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Egress } from '../http/egress.ts';
import { slackFailure, SlackRefused } from './failure.ts';
import { AskAgain } from './lanes.ts';
import { slackLogger } from './log.ts';
import type { Log } from '../../ports/log.ts';

const METHOD = 'apps.connections.open';
const TIMEOUT_MS = 10_000;
/** Time limit from the request for an address to Slack’s hello. */
const CONNECT_MS = 20_000;
const CLOSE_MS = 2000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** Trying again does not help. */
const TOKEN_WRONG = ['not_authed', 'invalid_auth', 'account_inactive', 'token_revoked', 'token_expired'];

export interface SlackSocket {
  receiver: Receiver;
  /**
   * Connects, and connects again whenever the connection ends, until `stop`.
   * @throws SLACK_FAILED when Slack does not take the token.
   */
  start(): Promise<void>;
  stop(): Promise<void>;
  connected(): boolean;
}

/** Socket Mode. The SDK’s own reconnecting is off: a failure in it is an unhandled rejection, which ends the process. */
export function slackSocket(
  appToken: Secret,
  { apiUrl, egress }: { apiUrl?: string | undefined; egress?: Egress | undefined },
  log: Log,
): SlackSocket {
  const receiver = new SocketModeReceiver({
    appToken: appToken.reveal(),
    autoReconnectEnabled: false,
    ...(egress ? { dispatcher: egress.dispatcher } : {}),
    logger: slackLogger(log),
    installerOptions: {
      clientOptions: {
        ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
        ...(egress ? { fetch: egress.fetch } : {}),
        timeout: TIMEOUT_MS,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
      },
    },
  });
  const { client } = receiver;
  const stopping = new AbortController();
  let isConnected = false;
  let connection: Promise<void> = Promise.resolve();

  const connect = async (): Promise<{ closed: Promise<void> }> => {
    let tellClosed = (): void => undefined;
    const closed = new Promise<void>((resolve) => (tellClosed = resolve));
    client.once('disconnected', tellClosed);
    try {
      await within(CONNECT_MS, client.start());
      return { closed };
    } catch (error) {
      client.removeListener('disconnected', tellClosed);
      void client.disconnect();
      throw failureOf(error);
    }
  };
  const stayConnected = async (first: Promise<void>): Promise<void> => {
    let closed = first;
    for (let failures = 0; !stopping.signal.aborted;) {
      await closed;
      isConnected = false;
      const wait = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
      await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        ({ closed } = await connect());
        isConnected = true;
        failures = 0;
      } catch (error) {
        failures += 1;
        log.warn({ error, failures }, 'no connection to Slack; trying again');
      }
    }
  };

  return {
    receiver,
    connected: () => isConnected,
    async start() {
      const first = await connect().catch((error: unknown) => {
        if (error instanceof SlackRefused && TOKEN_WRONG.includes(error.reason)) throw tokenWrong(error);
        log.warn({ error }, 'no connection to Slack; trying again');
        return null;
      });
      isConnected = first !== null;
      connection = stayConnected(first?.closed ?? Promise.resolve());
    },
    async stop() {
      stopping.abort();
      isConnected = false;
      await within(CLOSE_MS, client.disconnect()).catch(() => undefined);
      await within(CLOSE_MS, connection).catch(() => undefined);
    },
  };
}

function failureOf(error: unknown): RedisopsError {
  if (error instanceof RedisopsError) return error;
  if (!(error instanceof WebAPIPlatformError) && !(error instanceof Error)) return closedTooSoon();
  const failure = slackFailure(error, METHOD, true);
  return failure instanceof AskAgain ? failure.failure : failure;
}

function tokenWrong(cause: SlackRefused): RedisopsError {
  return new RedisopsError('SLACK_FAILED', cause.message, {
    hint: 'SLACK_APP_TOKEN is wrong or was revoked: it is the app-level token (xapp-…) with connections:write.',
  });
}

function closedTooSoon(): RedisopsError {
  return new RedisopsError('SLACK_FAILED', 'Slack closed the connection before its hello.', {
    hint: 'It is tried again. Does a proxy stand between that takes no WebSockets?',
  });
}

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = pause(milliseconds, undefined, { signal: timer.signal }).then(() => {
    throw closedTooSoon();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    late.catch(() => undefined);
    timer.abort();
  }
}
