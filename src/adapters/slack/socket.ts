import { boundedFetch, SLACK_BYTES } from '../http/bounded-fetch.ts';
import { SocketModeReceiver, type Receiver } from '@slack/bolt';
import { WebAPIPlatformError } from '@slack/web-api';
import { RedisopsError } from '../../domain/error.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Egress } from '../http/egress.ts';
import { slackFailure, SlackRefused } from './failure.ts';
import { guardFrames } from './frames.ts';
import { AskAgain } from './lanes.ts';
import { slackLogger } from './log.ts';
import { atMost, within } from '../../time/within.ts';
import type { Log } from '../../ports/log.ts';
import { realClock } from '../../time/real-clock.ts';

const METHOD = 'apps.connections.open';
const TIMEOUT_MS = 10_000;
/** Time limit from requesting an address to Slack’s hello. */
const CONNECT_MS = 20_000;
const CLOSE_MS = 2000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** Retrying does not help. */
const TOKEN_WRONG = ['not_authed', 'invalid_auth', 'account_inactive', 'token_revoked', 'token_expired'];

export interface SlackSocket {
  receiver: Receiver;
  /**
   * Connects, and reconnects whenever the connection ends, until `stop`.
   * @throws SLACK_FAILED if Slack rejects the token.
   */
  start(): Promise<void>;
  stop(): Promise<void>;
  connected(): boolean;
}

export interface SocketPlace {
  apiUrl?: string | undefined;
  egress?: Egress | undefined;
  /** Called for each frame that is none of Socket Mode’s. */
  refused?: (() => void) | undefined;
}

/**
 * Socket Mode. The SDK’s own reconnecting is off: a failure in it is an unhandled rejection, which would end the
 * process.
 */
export function slackSocket(appToken: Secret, place: SocketPlace, log: Log): SlackSocket {
  const receiver = receiverOf(appToken, place, log);
  guardFrames(receiver.client, log, place.refused);
  return new Socket(receiver, log);
}

function receiverOf(appToken: Secret, { apiUrl, egress }: SocketPlace, log: Log): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken: appToken.reveal(),
    autoReconnectEnabled: false,
    ...(egress ? { dispatcher: egress.dispatcher } : {}),
    logger: slackLogger(log),
    installerOptions: {
      clientOptions: {
        ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
        fetch: boundedFetch(egress?.fetch, SLACK_BYTES),
        timeout: TIMEOUT_MS,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
      },
    },
  });
}

/** A single connection, until it ends. */
interface Connection {
  closed: Promise<void>;
}

class Socket implements SlackSocket {
  readonly receiver: SocketModeReceiver;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  #isConnected = false;
  #staying: Promise<void> = Promise.resolve();

  constructor(receiver: SocketModeReceiver, log: Log) {
    this.receiver = receiver;
    this.#log = log;
  }

  connected(): boolean {
    return this.#isConnected;
  }

  async start(): Promise<void> {
    const first = await this.#connect().catch((error: unknown) => {
      if (error instanceof SlackRefused && TOKEN_WRONG.includes(error.reason)) throw tokenWrong(error);
      this.#log.warn({ error }, 'no connection to Slack; trying again');
      return null;
    });
    this.#isConnected = first !== null;
    this.#staying = this.#stayConnected(first?.closed ?? Promise.resolve());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#isConnected = false;
    await atMost(CLOSE_MS, this.receiver.client.disconnect());
    await atMost(CLOSE_MS, this.#staying);
  }

  async #connect(): Promise<Connection> {
    const { client } = this.receiver;
    let ended = (): void => undefined;
    const closed = new Promise<void>((resolve) => (ended = resolve));
    client.once('disconnected', ended);
    try {
      await within(CONNECT_MS, client.start(), closedTooSoon);
      return { closed };
    } catch (error) {
      client.removeListener('disconnected', ended);
      void client.disconnect();
      throw failureOf(error);
    }
  }

  async #stayConnected(first: Promise<void>): Promise<void> {
    let closed = first;
    for (let failures = 0; !this.#stopping.signal.aborted;) {
      await closed;
      this.#isConnected = false;
      const wait = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
      await realClock.sleep(wait, this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      try {
        ({ closed } = await this.#connect());
        this.#isConnected = true;
        failures = 0;
      } catch (error) {
        failures += 1;
        this.#log.warn({ error, failures }, 'no connection to Slack; trying again');
      }
    }
  }
}

function failureOf(error: unknown): RedisopsError {
  if (error instanceof RedisopsError) return error;
  if (!(error instanceof WebAPIPlatformError) && !(error instanceof Error)) return closedTooSoon();
  const failure = slackFailure(error, METHOD, true);
  return failure instanceof AskAgain ? failure.failure : failure;
}

function tokenWrong(cause: SlackRefused): RedisopsError {
  return new RedisopsError('SLACK_FAILED', cause.message, {
    hint: 'SLACK_APP_TOKEN is wrong or revoked. It must be the app-level token (xapp-…) with connections:write.',
  });
}

function closedTooSoon(): RedisopsError {
  return new RedisopsError('SLACK_FAILED', 'Slack closed the connection before its hello.', {
    hint: 'It is retried. Check for a proxy that does not support WebSockets.',
  });
}
