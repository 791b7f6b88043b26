import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { z } from 'zod';
import { egressThrough } from '../../../src/adapters/http/egress.ts';
import { slackDoor, type SlackDoor, type SlackDoorSettings } from '../../../src/adapters/slack/door.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { startConnectProxy } from '../connect-proxy.ts';
import { clickPayload, commandFields, settingsOf, type Seen } from '../slack-door-setting.ts';
import { eventually } from '../../eventually.ts';

const acknowledgement = z.object({ envelope_id: z.string() });
const APP_TOKEN = 'xapp-canary';
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** Slack’s side of Socket Mode: an address for the token, a hello, envelopes, acknowledgements. */
interface StandIn {
  apiUrl: string;
  tokens: string[];
  /** Answers to apps.connections.open before it works. */
  refusals: object[];
  sockets: WebSocket[];
  acknowledged: string[];
  send(envelope: string, type: string, payload: object): void;
  close(): Promise<void>;
}

async function startStandIn(): Promise<StandIn> {
  const standIn: Pick<StandIn, 'tokens' | 'refusals' | 'sockets' | 'acknowledged'> = {
    tokens: [],
    refusals: [],
    sockets: [],
    acknowledged: [],
  };
  const server = createServer((request, response) => {
    standIn.tokens.push(request.headers.authorization ?? '');
    request.resume();
    const answer = standIn.refusals.shift() ?? { ok: true, url: `ws://127.0.0.1:${port()}/link` };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  const port = (): number => {
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  };
  const webSockets = new WebSocketServer({ server });
  webSockets.on('connection', (socket) => {
    standIn.sockets.push(socket);
    socket.on('message', (data: Buffer) => {
      standIn.acknowledged.push(acknowledgement.parse(JSON.parse(data.toString())).envelope_id);
    });
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1 }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...standIn,
    apiUrl: `http://127.0.0.1:${port()}/api/`,
    send(envelope, type, payload) {
      standIn.sockets
        .at(-1)
        ?.send(JSON.stringify({ envelope_id: envelope, type, accepts_response_payload: true, payload }));
    },
    async close() {
      for (const socket of webSockets.clients) socket.terminate();
      webSockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function open(given: Partial<SlackDoorSettings> = {}): Promise<{ slack: StandIn; door: SlackDoor; seen: Seen }> {
  const slack = await startStandIn();
  closing.push(() => slack.close());
  const { settings, seen, close } = await settingsOf({
    appToken: new Secret(APP_TOKEN),
    apiUrl: slack.apiUrl,
    ...given,
  });
  closing.push(close);
  const door = slackDoor(settings);
  closing.push(() => door.stop(100));
  return { slack, door, seen };
}

describe('over Socket Mode', () => {
  it('a command is acknowledged and answered', async () => {
    const { slack, door, seen } = await open();
    expect([door.answer, door.ready()]).toEqual([null, false]);
    await door.start();
    expect([door.ready(), slack.tokens]).toEqual([true, [`Bearer ${APP_TOKEN}`]]);
    slack.send('e1', 'slash_commands', commandFields('status', { response_url: seen.responseUrl }));
    await eventually(() => expect(seen.responses).toHaveLength(1));
    await eventually(() => expect(slack.acknowledged).toEqual(['e1']));
    expect(seen.commands[0]).toMatchObject({ text: 'status', user: 'U0ANNA' });
  });

  it('everything uses the proxy if there is one: the address, the socket, the answer', async () => {
    const proxy = await startConnectProxy();
    closing.push(() => proxy.close());
    const egress = egressThrough({ http: new Secret(proxy.url) });
    const { slack, door, seen } = await open({ egress });
    await door.start();
    slack.send('e1', 'slash_commands', commandFields('status', { response_url: seen.responseUrl }));
    await eventually(() => expect(seen.responses).toHaveLength(1));
    const { host } = new URL(slack.apiUrl);
    expect(proxy.tunnels.map(({ to }) => to)).toEqual([host, host, new URL(seen.responseUrl).host]);
  });

  it('a click is a decision', async () => {
    const { slack, door, seen } = await open();
    await door.start();
    slack.send('e1', 'interactive', clickPayload('approval:approve', 'r-1'));
    await eventually(() => expect(seen.clicks[0]?.click).toMatchObject({ decision: 'approved' }));
    await eventually(() => expect(slack.acknowledged).toEqual(['e1']));
  });

  it('a command is acknowledged even if everything behind it hangs', async () => {
    const { slack, door, seen } = await open({ onCommand: () => new Promise(() => undefined), answerMs: 50 });
    await door.start();
    const began = performance.now();
    slack.send('e1', 'slash_commands', commandFields('status'));
    await eventually(() => expect(slack.acknowledged).toEqual(['e1']));
    expect(performance.now() - began).toBeLessThan(3000);
    await eventually(() => expect(seen.whispers).toHaveLength(1));
  });

  it('frames that are none of Socket Mode’s are left out, and counted', async () => {
    let refused = 0;
    const { slack, door, seen } = await open({ refused: () => (refused += 1) });
    await door.start();
    const frames = [
      'null',
      '7',
      '[]',
      'not JSON',
      '{}',
      '{"type":"error"}',
      '{"type":"ws_message","envelope_id":"x","payload":{}}',
      '{"type":"close","payload":{}}',
      '{"type":"events_api","envelope_id":"x"}',
      '{"type":"events_api","envelope_id":"x","payload":{"event":null}}',
      '{"type":"events_api","envelope_id":"x","payload":{"event":{"type":"error"}}}',
      '{"type":"events_api","envelope_id":"x","payload":{"event":{"type":"ws_message"}}}',
      '{"type":"slash_commands","envelope_id":"x","payload":null}',
      '{"type":"interactive"}',
    ];
    for (const frame of frames) slack.sockets.at(-1)?.send(frame);
    slack.sockets.at(-1)?.send(Buffer.from([0xff, 0xfe]));
    slack.send('e1', 'slash_commands', commandFields('status', { response_url: seen.responseUrl }));
    await eventually(() => expect(seen.responses).toHaveLength(1));
    expect([refused, door.ready(), slack.acknowledged]).toEqual([frames.length + 1, true, ['e1']]);
  });

  it('an envelope that comes again runs once', async () => {
    const { slack, door, seen } = await open();
    await door.start();
    const fields = commandFields('apply');
    slack.send('e1', 'slash_commands', fields);
    slack.send('e2', 'slash_commands', fields);
    await eventually(() => expect(slack.acknowledged).toEqual(['e1', 'e2']));
    await door.stop();
    expect(seen.commands).toHaveLength(1);
  });

  it.each<[string, (slack: StandIn) => void]>([
    ['breaks', (slack) => slack.sockets[0]?.terminate()],
    ['is refreshed', (slack) => slack.sockets[0]?.send('{"type":"disconnect","reason":"refresh_requested"}')],
  ])('a connection that %s is made again', async (_, end) => {
    const { slack, door, seen } = await open();
    await door.start();
    end(slack);
    await eventually(() => expect(slack.sockets).toHaveLength(2));
    await eventually(() => expect(door.ready()).toBe(true));
    slack.send('e1', 'slash_commands', commandFields('status'));
    await eventually(() => expect(seen.commands).toHaveLength(1));
  });

  it('a Slack that is not there at first does not keep the program from starting', async () => {
    const { slack, door } = await open();
    slack.refusals.push({ ok: false, error: 'internal_error' });
    await door.start();
    expect(door.ready()).toBe(false);
    await eventually(() => expect(door.ready()).toBe(true));
  });

  it('a token that fails later ends no process; retrying', async () => {
    const { slack, door, seen } = await open();
    await door.start();
    slack.refusals.push({ ok: false, error: 'invalid_auth' });
    slack.sockets[0]?.terminate();
    await eventually(() => expect(slack.sockets).toHaveLength(2));
    expect(seen.log.lines.some(({ message }) => message.includes('no connection to Slack'))).toBe(true);
  });

  it('a wrong app token is said at once, without the token', async () => {
    const { slack, door, seen } = await open();
    slack.refusals.push({ ok: false, error: 'invalid_auth' });
    const failure: unknown = await door.start().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SLACK_FAILED', hint: expect.stringMatching('SLACK_APP_TOKEN') });
    expect(JSON.stringify(seen.log.lines)).not.toContain(APP_TOKEN);
  });

  it('nothing is taken after the stop', async () => {
    const { slack, door, seen } = await open();
    await door.start();
    await door.stop();
    expect(door.ready()).toBe(false);
    slack.send('e1', 'slash_commands', commandFields('status'));
    await eventually(() => expect(slack.sockets[0]?.readyState).toBe(3));
    expect([seen.commands, slack.sockets.length]).toEqual([[], 1]);
  });
});
