import { boundedFetch, SLACK_BYTES } from '../http/bounded-fetch.ts';
import { App, LogLevel, type Receiver } from '@slack/bolt';
import type { Click } from '../../domain/chat/click.ts';
import { RedisopsError, asRedisopsError } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
import type { Secret } from '../../domain/secret.ts';
import type { HttpAnswer, HttpRequest } from '../http/server.ts';
import { answerAsker, type AnswerPorts, type Asker } from './answer.ts';
import { slackHttp } from './http.ts';
import { slackLogger } from './log.ts';
import { onceEach } from './once.ts';
import { readClick, readCommand, type SlackClick, type SlackCommand } from './request.ts';
import { atMost, within } from '../../time/within.ts';
import { slackSocket } from './socket.ts';
import type { Clock } from '../../ports/clock.ts';
import { realClock } from '../../time/real-clock.ts';

export interface SlackDoorSettings extends AnswerPorts {
  botToken: Secret;
  /** For requests over HTTP, which are signed with this, … */
  signingSecret?: Secret | undefined;
  /** … or over Socket Mode, which takes precedence. */
  appToken?: Secret | undefined;
  apiUrl?: string | undefined;
  onCommand(command: SlackCommand): Promise<Report>;
  /** Null: no answer needed. */
  onClick(clicked: SlackClick & { click: Click }): Promise<Report | null>;
  errorReport(error: RedisopsError): Report;
  /** Called for each frame that is none of Socket Mode’s. */
  refused?: () => void;
  /** Time limit for an answer, in milliseconds. */
  answerMs?: number;
  clock?: Pick<Clock, 'now'>;
}

export interface SlackDoor {
  /** For `POST /slack/events`; null with Socket Mode. */
  answer: ((request: HttpRequest) => Promise<HttpAnswer>) | null;
  /** @throws SLACK_FAILED if Slack rejects the app token. */
  start(): Promise<void>;
  /** Accepts no more requests, and waits for current answers, at most this long (milliseconds). */
  stop(graceMs?: number): Promise<void>;
  ready(): boolean;
}

/** Long enough to read a cluster whose nodes hang, one time limit after another. */
const ANSWER_MS = 120_000;

/**
 * Receives Slack’s requests. Each one is acknowledged before any work, and handled once however often Slack sends it.
 * The person always gets an answer.
 */
export function slackDoor(settings: SlackDoorSettings): SlackDoor {
  const { log, clock = realClock, answerMs = ANSWER_MS } = settings;
  const now = (): number => clock.now().getTime();
  const isFirst = onceEach(now);
  const underWay = new Set<Promise<void>>();
  const entrance = entranceOf(settings, now);
  let open = true;

  const work = (id: string, asker: Asker, run: () => Promise<Report | null>): void => {
    if (!isFirst(id)) return log.info({ user: asker.user }, 'Slack sent a request again');
    const done = answered(
      asker,
      () => within(answerMs, run(), () => timedOut(answerMs), { ref: false }),
      settings,
    ).finally(() => underWay.delete(done));
    underWay.add(done);
  };
  const app = boltApp(settings, entrance.receiver);
  const acknowledge = (ack: () => Promise<void>): Promise<void> =>
    // If this fails, Slack resends the request, which is then recognized as a repetition.
    ack().catch((error: unknown) => log.warn({ error }, 'could not acknowledge'));
  app.command(/.*/, async ({ ack, body }) => {
    await acknowledge(ack);
    const command = readCommand(body);
    if (command === null) return log.warn({}, 'a command without its fields');
    work(command.id, command, () => settings.onCommand(command));
  });
  app.action(/.*/, async ({ ack, body }) => {
    await acknowledge(ack);
    const clicked = readClick(body);
    if (clicked === null) return log.warn({}, 'a click without its fields');
    work(clicked.id, clicked, () => answerTo(clicked, settings));
  });

  return {
    answer: entrance.answer && guarded(entrance.answer, () => open),
    start: entrance.start,
    ready: () => open && entrance.ready(),
    async stop(graceMs = 5000) {
      open = false;
      await entrance.stop();
      await atMost(graceMs, Promise.allSettled(underWay));
    },
  };
}

function answerTo({ click, ...clicked }: SlackClick, settings: SlackDoorSettings): Promise<Report | null> {
  if (click !== null) return settings.onClick({ ...clicked, click });
  settings.log.warn({ user: clicked.user }, 'a click on a button that this version does not have');
  const error = new RedisopsError('USAGE', 'This version of redisops has no such button.', {
    hint: 'No changes were made. `/redis help` lists the commands.',
  });
  return Promise.resolve(settings.errorReport(error));
}

interface Entrance extends Omit<SlackDoor, 'stop'> {
  receiver: Receiver;
  stop(): Promise<void>;
}

/** @throws SETTINGS_INVALID without an app token or a signing secret. */
function entranceOf(
  { appToken, signingSecret, apiUrl, egress, refused, log }: SlackDoorSettings,
  now: () => number,
): Entrance {
  if (appToken) {
    const socket = slackSocket(appToken, { apiUrl, egress, refused }, log);
    return {
      receiver: socket.receiver,
      answer: null,
      start: () => socket.start(),
      stop: () => socket.stop(),
      ready: () => socket.connected(),
    };
  }
  if (!signingSecret)
    throw new RedisopsError('SETTINGS_INVALID', 'Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set.', {
      hint: 'Set the one for Socket Mode or the other for HTTP.',
    });
  const http = slackHttp(signingSecret, log, now);
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    receiver: http.receiver,
    answer: (request) => http.answer(request),
    start: nothing,
    stop: nothing,
    ready: () => true,
  };
}

/** Bolt without features that would call Slack before acknowledging. */
function boltApp({ botToken, apiUrl, egress, log }: SlackDoorSettings, receiver: Receiver): App {
  const app = new App({
    receiver,
    authorize: () => Promise.resolve({ botToken: botToken.reveal() }),
    logger: slackLogger(log),
    logLevel: LogLevel.WARN,
    ignoreSelf: false,
    convoStore: false,
    clientOptions: {
      ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
      fetch: boundedFetch(egress?.fetch, SLACK_BYTES),
    },
  });
  app.error(async (error) => log.error({ error }, 'a request of Slack’s failed'));
  return app;
}

function guarded(answer: NonNullable<SlackDoor['answer']>, isOpen: () => boolean): NonNullable<SlackDoor['answer']> {
  return (request) => (isOpen() ? answer(request) : Promise.resolve({ status: 503, body: 'stopping' }));
}

/** Never throws. */
async function answered(asker: Asker, run: () => Promise<Report | null>, settings: SlackDoorSettings): Promise<void> {
  const { log } = settings;
  const report = await Promise.resolve()
    .then(run)
    .catch((thrown: unknown) => {
      log.error({ user: asker.user, error: thrown }, 'a request of Slack’s failed');
      return settings.errorReport(asRedisopsError(thrown));
    });
  if (report === null) return;
  await answerAsker(asker, report, settings).catch((error: unknown) =>
    log.error({ user: asker.user, error }, 'could not answer'),
  );
}

function timedOut(milliseconds: number): RedisopsError {
  return new RedisopsError('TIMED_OUT', `There was no answer within ${Math.round(milliseconds / 1000)} s.`, {
    hint: 'This request was abandoned. A node, GitHub or the queue may hang: check the log.',
  });
}
