import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse, type Server } from 'node:http';
import { createEmulator } from 'emulate';
import { z } from 'zod';
import { slackSockets, type SlackSockets } from './stand-in-slack-socket.ts';

const CHANNEL = 'redis-ops';
const BOT_TOKEN = 'xoxb-stand-in-bot';
const SIGNING_SECRET = 'stand-in-signing-secret';

const messageShape = z.object({
  ts: z.string(),
  thread_ts: z.string().optional(),
  text: z.string().default(''),
  blocks: z.array(z.looseObject({ type: z.string() })).default([]),
  files: z.array(z.looseObject({ name: z.string().optional() })).default([]),
});

export type SlackMessage = z.output<typeof messageShape>;

/** A message visible to one person: an ephemeral one, or a command’s answer. */
export interface Whisper {
  user: string;
  message: Pick<SlackMessage, 'text' | 'blocks'>;
}

export interface StandInSlack {
  apiUrl: string;
  botToken: string;
  signingSecret: string;
  channel: string;
  /** User ID of a person. */
  person(name: string): string;
  /** Sends `/redis TEXT` as that person, signed as Slack signs. */
  command(person: string, text: string): Promise<{ status: number; body: string }>;
  /** Clicks the button with this action ID on the newest message that has it. */
  /** The user ID of `anna`, `ben` or `carla`. */
  idOf(person: string): string;
  click(person: string, actionId: string): Promise<{ status: number; body: string }>;
  /** Root messages of the channel, oldest first. */
  roots(): Promise<readonly SlackMessage[]>;
  /** A root message and its replies. */
  thread(root: SlackMessage): Promise<readonly SlackMessage[]>;
  whispers: readonly Whisper[];
  /** What the bot gets in place of an answer, until null. Requests that hang are cut off then. */
  trouble(kind: SlackTrouble | null): void;
  close(): Promise<void>;
}

export type SlackTrouble = 'error 500' | 'ratelimited' | 'hang' | 'HTML';

/**
 * A stand-in for Slack’s Web API. Also sends commands and clicks: signed to the bot’s HTTP port, or over Socket Mode if
 * it has none.
 */
export async function startSlack(options: {
  port: number;
  /** Null: Socket Mode. */
  botUrl: string | null;
  /** Listening address; default loopback. */
  host?: string;
}): Promise<StandInSlack> {
  const { botUrl, host = '127.0.0.1' } = options;
  const emulator = await createEmulator({ service: 'slack', port: options.port, seed: seed() });
  const whispers: Whisper[] = [];
  const server = createServer();
  const trouble = troubleMaker();
  const url = await listen(server, host);
  const sockets = slackSockets(server, url.replace('http://', ''));
  server.on('request', frontDoor({ emulatorUrl: emulator.url, url, whispers, sockets, trouble }));
  const apiUrl = `${url}/api/`;
  const call = (method: string, parameters: Record<string, string> = {}) => callApi(emulator.url, method, parameters);
  const channel = await idOf(call, 'conversations.list', 'channels', CHANNEL);
  const people = new Map<string, string>();
  for (const name of ['anna', 'ben', 'carla']) people.set(name, await idOf(call, 'users.list', 'members', name));

  const person = (name: string): string => people.get(name) ?? name;
  const send = (type: 'slash_commands' | 'interactive', payload: Record<string, unknown>) => {
    if (botUrl === null) return sockets.send(type, payload);
    const fields =
      type === 'interactive' ? { payload: JSON.stringify(payload) } : z.record(z.string(), z.string()).parse(payload);
    return sendSigned(`${botUrl}/slack/events`, new URLSearchParams(fields).toString());
  };
  const roots = async (): Promise<readonly SlackMessage[]> => {
    const { messages } = z
      .object({ messages: z.array(messageShape) })
      .parse(await call('conversations.history', { channel, limit: '200' }));
    return messages.toSorted((a, b) => Number(a.ts) - Number(b.ts));
  };

  return {
    apiUrl,
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    channel,
    person,
    whispers,
    trouble: (kind) => trouble.make(kind),
    roots,
    command: (name, text) =>
      send('slash_commands', {
        command: '/redis',
        text,
        user_id: person(name),
        user_name: name,
        channel_id: channel,
        channel_name: CHANNEL,
        team_id: 'T000000001',
        api_app_id: 'A000000001',
        trigger_id: randomBytes(8).toString('hex'),
        response_url: `${url}/response/${person(name)}`,
      }),
    idOf: person,
    async click(name, actionId) {
      const message = (await roots()).findLast(({ blocks }) => buttonOf(blocks, actionId) !== null);
      if (!message) throw new Error(`no message has a button ${actionId}`);
      const payload = clickPayload(person(name), name, channel, message, actionId, `${url}/response/${person(name)}`);
      return send('interactive', payload);
    },
    async thread(root) {
      const answer = await call('conversations.replies', { channel, ts: root.ts, limit: '200' });
      return z.object({ messages: z.array(messageShape) }).parse(answer).messages;
    },
    async close() {
      trouble.make(null);
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
      await emulator.close();
    },
  };
}

function seed() {
  return {
    slack: {
      team: { name: 'acme', domain: 'acme' },
      users: [
        { name: 'redisops' },
        { name: 'anna', real_name: 'Anna' },
        { name: 'ben', real_name: 'Ben' },
        { name: 'carla', real_name: 'Carla' },
      ],
      channels: [{ name: CHANNEL }],
      tokens: [{ token: BOT_TOKEN, user: 'redisops', scopes: ['chat:write', 'files:write', 'users:read'] }],
    },
  };
}

interface TroubleMaker {
  make(kind: SlackTrouble | null): void;
  /** True if it answered the request, or lets it hang. */
  takes(response: ServerResponse): boolean;
}

function troubleMaker(): TroubleMaker {
  let now: SlackTrouble | null = null;
  const hanging = new Set<ServerResponse>();
  const answers: Readonly<Record<Exclude<SlackTrouble, 'hang'>, readonly [number, string, string]>> = {
    'error 500': [500, 'text/plain', 'upstream connect error'],
    ratelimited: [200, 'application/json', '{"ok":false,"error":"ratelimited"}'],
    HTML: [200, 'text/html', '<html>Slack is being updated</html>'],
  };
  return {
    make(kind) {
      now = kind;
      for (const response of hanging) response.destroy();
      hanging.clear();
    },
    takes(response) {
      if (now === null) return false;
      if (now === 'hang') {
        hanging.add(response);
        return true;
      }
      const [status, type, text] = answers[now];
      response.writeHead(status, { 'content-type': type }).end(text);
      return true;
    },
  };
}

/** Proxies the Web API, and records ephemeral messages and answers, which cannot be read back. */
function frontDoor(door: {
  emulatorUrl: string;
  /** URL of this proxy. */
  url: string;
  whispers: Whisper[];
  sockets: SlackSockets;
  trouble: TroubleMaker;
}): RequestListener {
  const { emulatorUrl, url, whispers, sockets, trouble } = door;
  return (request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const path = request.url ?? '/';
      if (trouble.takes(response)) return;
      if (path.startsWith('/response/')) {
        whispers.push(whisperOf(path.slice('/response/'.length), JSON.parse(body.toString())));
        response.end('ok');
        return;
      }
      if (path.startsWith('/api/apps.connections.open')) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(sockets.open(request)));
        return;
      }
      const type = request.headers['content-type'] ?? '';
      const answer = await fetch(`${emulatorUrl}${path}`, {
        method: request.method ?? 'POST',
        headers: { 'content-type': type, authorization: request.headers.authorization ?? '' },
        ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
      });
      if (path.startsWith('/api/chat.postEphemeral')) keepEphemeral(type, body.toString(), whispers);
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
      // Files are uploaded to an address of the emulator: through this proxy too.
      response.end((await answer.text()).replaceAll(emulatorUrl, url));
      // A bot that is killed, or an idle connection that the emulator closes: a broken connection, as Slack’s would be.
    })().catch(() => response.destroy());
  };
}

function keepEphemeral(type: string, body: string, whispers: Whisper[]): void {
  const sent: unknown = type.includes('json') ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
  const fields = z.looseObject({ user: z.string(), blocks: z.unknown() }).parse(sent);
  const blocks: unknown = typeof fields.blocks === 'string' ? JSON.parse(fields.blocks) : fields.blocks;
  whispers.push(whisperOf(fields.user, { ...fields, blocks }));
}

function whisperOf(user: string, raw: unknown): Whisper {
  const shape = messageShape.pick({ text: true, blocks: true });
  return { user, message: shape.parse(raw) };
}

function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

async function listen(server: Server, host: string): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stand-in for Slack has no port');
  return `http://${host}:${address.port}`;
}

/** Reads, so a connection that breaks is made anew, once. */
async function callApi(url: string, method: string, parameters: Record<string, string>): Promise<unknown> {
  const ask = () =>
    fetch(`${url}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${BOT_TOKEN}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(parameters),
    });
  const response = await ask().catch(ask);
  return response.json();
}

async function idOf(
  call: (method: string) => Promise<unknown>,
  method: string,
  list: string,
  name: string,
): Promise<string> {
  const entry = z.object({ id: z.string(), name: z.string() });
  const answer = z.object({ [list]: z.array(entry) }).parse(await call(method));
  const found = answer[list]?.find((each) => each.name === name);
  if (!found) throw new Error(`the stand-in for Slack has no ${name}`);
  return found.id;
}

/** Slack’s signature: HMAC of `v0:timestamp:body` (docs.slack.dev, Verifying requests from Slack). */
async function sendSigned(url: string, body: string): Promise<{ status: number; body: string }> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest('hex');
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  });
  return { status: response.status, body: await response.text() };
}

function buttonOf(blocks: SlackMessage['blocks'], actionId: string): { value: string; blockId: string } | null {
  const shape = z.looseObject({
    type: z.literal('actions'),
    block_id: z.string().default('actions'),
    elements: z.array(z.looseObject({ action_id: z.string(), value: z.string().default('') })),
  });
  for (const block of blocks) {
    const actions = shape.safeParse(block);
    const button = actions.data?.elements.find(({ action_id }) => action_id === actionId);
    if (actions.success && button) return { value: button.value, blockId: actions.data.block_id };
  }
  return null;
}

function clickPayload(
  user: string,
  name: string,
  channel: string,
  message: SlackMessage,
  actionId: string,
  responseUrl: string,
) {
  const button = buttonOf(message.blocks, actionId);
  return {
    type: 'block_actions',
    user: { id: user, username: name, team_id: 'T000000001' },
    team: { id: 'T000000001', domain: 'acme' },
    api_app_id: 'A000000001',
    channel: { id: channel, name: CHANNEL },
    container: { type: 'message', message_ts: message.ts, channel_id: channel },
    message: { ...message, type: 'message' },
    trigger_id: randomBytes(8).toString('hex'),
    response_url: responseUrl,
    actions: [
      {
        type: 'button',
        action_id: actionId,
        block_id: button?.blockId ?? '',
        value: button?.value ?? '',
        action_ts: String(Date.now() / 1000),
      },
    ],
  };
}
