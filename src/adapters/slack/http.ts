import { isValidSlackRequest, type App, type Receiver } from '@slack/bolt';
import type { Code } from '../../domain/code.ts';
import type { Secret } from '../../domain/secret.ts';
import type { HttpAnswer, HttpRequest, RequestLimits } from '../http/server.ts';
import type { Log } from '../../ports/log.ts';

/** A click carries its whole message, but well under 200 kB. */
const MAX_BYTES = 1024 * 1024;
export const SLACK_REQUESTS: RequestLimits = {
  maxBytes: MAX_BYTES,
  signedBy: ['x-slack-signature', 'x-slack-request-timestamp'],
};
const FRESH_SECONDS = 5 * 60;

export interface SlackHttp {
  receiver: Receiver;
  /** Resolves as soon as Bolt acknowledges. */
  answer(request: HttpRequest): Promise<HttpAnswer>;
}

/** Passes signed requests to Bolt; others are not read. */
export function slackHttp(signingSecret: Secret, log: Log, now: () => number): SlackHttp {
  let bolt: App | null = null;
  const receiver: Receiver = {
    init: (app) => void (bolt = app),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
  return {
    receiver,
    async answer(request) {
      const refusal = refusalOf(request, signingSecret, now());
      if (refusal) return refusal;
      const body = bodyOf(request);
      if (body === null || bolt === null) return errorAnswer(400, 'USAGE', 'not a request of Slack’s');
      if (body['type'] === 'url_verification') return { status: 200, body: String(body['challenge']) };
      return acknowledged(bolt, body, log);
    },
  };
}

function refusalOf({ headers, rawBody }: HttpRequest, signingSecret: Secret, now: number): HttpAnswer | null {
  if (rawBody.length > MAX_BYTES) return errorAnswer(413, 'BODY_TOO_LARGE', `more than ${MAX_BYTES} bytes`);
  const timestamp = headers['x-slack-request-timestamp'];
  const signature = headers['x-slack-signature'];
  if (typeof timestamp !== 'string' || typeof signature !== 'string' || !/^\d{1,12}$/.test(timestamp))
    return errorAnswer(401, 'SIGNATURE_INVALID', 'X-Slack-Signature or X-Slack-Request-Timestamp is missing');
  if (Math.abs(now / 1000 - Number(timestamp)) > FRESH_SECONDS)
    return errorAnswer(401, 'SIGNATURE_INVALID', 'the request is older than five minutes, or the clocks differ');
  // In constant time.
  const valid = isValidSlackRequest({
    signingSecret: signingSecret.reveal(),
    body: rawBody.toString('utf8'),
    headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(timestamp) },
    nowMilliseconds: now,
  });
  return valid ? null : errorAnswer(401, 'SIGNATURE_INVALID', 'the signature is wrong');
}

/** Slack sends forms; clicks are JSON in the field `payload`. */
function bodyOf({ headers, rawBody }: HttpRequest): Record<string, unknown> | null {
  const text = rawBody.toString('utf8');
  if (headers['content-type']?.startsWith('application/json')) return objectOf(text);
  const form = new URLSearchParams(text);
  const payload = form.get('payload');
  return payload === null ? Object.fromEntries(form) : objectOf(payload);
}

function objectOf(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function acknowledged(app: App, body: Record<string, unknown>, log: Log): Promise<HttpAnswer> {
  return new Promise((resolve) => {
    const ack = (): Promise<void> => Promise.resolve(resolve({ status: 200, body: '' }));
    app.processEvent({ body, ack }).then(
      () => resolve(errorAnswer(404, 'USAGE', 'nothing here takes this')),
      (error: unknown) => {
        log.error({ error }, 'a request of Slack’s could not be taken');
        resolve(errorAnswer(500, 'INTERNAL', 'see the log'));
      },
    );
  });
}

function errorAnswer(status: number, code: Code, reason: string): HttpAnswer {
  return { status, body: `${code}: ${reason}` };
}
