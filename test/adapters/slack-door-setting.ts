import { createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { z } from 'zod';
import { startHttpServer } from '../../src/adapters/http/server.ts';
import { slackDoor, type SlackDoor, type SlackDoorSettings } from '../../src/adapters/slack/door.ts';
import { SLACK_REQUESTS } from '../../src/adapters/slack/http.ts';
import type { SlackClick, SlackCommand } from '../../src/adapters/slack/request.ts';
import type { Report } from '../../src/domain/report.ts';
import { Secret } from '../../src/domain/secret.ts';
import { errorReport } from '../../src/report/error-report.ts';
import { slackMessages } from '../../src/report/slack/slack-messages.ts';
import { quietLog } from './quiet-log.ts';

export const SIGNING_SECRET = 'a-signing-secret';

const responseBody = z.object({ response_type: z.string(), replace_original: z.boolean(), text: z.string() });

export function answer(title: string): Report {
  return { title, tone: 'good', summary: 'So it is.', sections: [] };
}

/** The door’s actions, and its settings. */
export interface Seen {
  commands: SlackCommand[];
  clicks: SlackClick[];
  whispers: { user: string; report: Report }[];
  /** Bodies received at the request’s own URL. */
  responses: z.output<typeof responseBody>[];
  responseUrl: string;
  log: ReturnType<typeof quietLog>;
}

export async function settingsOf(
  given: Partial<SlackDoorSettings>,
): Promise<{ settings: SlackDoorSettings; seen: Seen; close: () => Promise<void> }> {
  const responses: Seen['responses'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      responses.push(responseBody.parse(JSON.parse(body)));
      response.end('ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const log = quietLog();
  const seen: Seen = {
    commands: [],
    clicks: [],
    whispers: [],
    responses,
    responseUrl: `http://127.0.0.1:${port}/`,
    log,
  };
  const settings: SlackDoorSettings = {
    botToken: new Secret('xoxb-test'),
    dress: slackMessages,
    whisper: async (_channel, user, report) => void seen.whispers.push({ user, report }),
    log,
    errorReport,
    onCommand: async (command) => {
      seen.commands.push(command);
      return answer(`answer to ${command.text}`);
    },
    onClick: async (clicked) => {
      seen.clicks.push(clicked);
      return null;
    },
    ...given,
  };
  return {
    settings,
    seen,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The door over HTTP, on loopback. */
export async function openDoor(
  given: Partial<SlackDoorSettings> = {},
): Promise<{ door: SlackDoor; url: string; seen: Seen; close(): Promise<void> }> {
  const { settings, seen, close } = await settingsOf({ signingSecret: new Secret(SIGNING_SECRET), ...given });
  const door = slackDoor(settings);
  if (!door.answer) throw new Error('no HTTP');
  await door.start();
  const server = await startHttpServer({
    port: 0,
    host: '127.0.0.1',
    routes: [{ ...SLACK_REQUESTS, method: 'POST', path: '/slack/events', answer: door.answer }],
    log: seen.log,
  });
  return {
    door,
    seen,
    url: `http://127.0.0.1:${server.port}/slack/events`,
    async close() {
      await door.stop(100);
      await server.close(100);
      await close();
    },
  };
}

export function commandFields(text: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    command: '/redis',
    text,
    user_id: 'U0ANNA',
    user_name: 'anna',
    channel_id: 'C0OPS',
    channel_name: 'ops',
    team_id: 'T0',
    api_app_id: 'A0',
    trigger_id: randomBytes(8).toString('hex'),
    ...more,
  };
}

export function clickPayload(actionId: string, value: string, more: Record<string, unknown> = {}) {
  return {
    type: 'block_actions',
    user: { id: 'U0BEN', username: 'ben', team_id: 'T0' },
    team: { id: 'T0', domain: 'acme' },
    api_app_id: 'A0',
    channel: { id: 'C0OPS', name: 'ops' },
    container: { type: 'message', message_ts: '1.5', channel_id: 'C0OPS' },
    message: { type: 'message', ts: '1.5', text: 'a plan' },
    trigger_id: randomBytes(8).toString('hex'),
    actions: [{ type: 'button', action_id: actionId, block_id: 'approval', value, action_ts: '1.6' }],
    ...more,
  };
}

/** As Slack documents it: HMAC-SHA256 of `v0:timestamp:body`. */
export function signed(body: string, { ageSeconds = 0, secret = SIGNING_SECRET } = {}): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000) - ageSeconds);
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`,
  };
}

export async function post(
  url: string,
  fields: Record<string, string>,
  how: { ageSeconds?: number; secret?: string } = {},
): Promise<{ status: number; body: string }> {
  const body = new URLSearchParams(fields).toString();
  const response = await fetch(url, { method: 'POST', headers: signed(body, how), body });
  return { status: response.status, body: await response.text() };
}
