import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { inspect } from 'node:util';
import { createEmulator } from 'emulate';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { slackChat, type Dress } from '../../../src/adapters/slack/slack.ts';
import type { Report } from '../../../src/domain/report.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { slackMessages } from '../../../src/report/slack/slack-messages.ts';
import { quietLog } from '../quiet-log.ts';
import { fakeClock } from '../../fake-clock.ts';

const TOKEN = 'xoxb-canary-token';
const REPORT: Report = { title: 'redis: healthy', tone: 'good', summary: 'All is well.', sections: [] };
const BUTTONS = (['approved', 'denied'] as const).map((decision) => ({
  kind: 'approval' as const,
  decision,
  approval: 'r-1',
  digest: 'd1',
}));

const message = z.looseObject({
  ts: z.string(),
  text: z.string(),
  thread_ts: z.string().optional(),
  blocks: z.array(z.looseObject({ type: z.string() })).default([]),
  files: z.array(z.looseObject({ name: z.string(), size: z.number() })).default([]),
});
const messages = z.object({ messages: z.array(message) });

interface Call {
  method: string;
  fields: Record<string, string>;
}

/** In front of the emulator: records the calls, and answers some itself. */
interface Front {
  url: string;
  calls: Call[];
  /** Used one after the other by calls of the method; null: no answer. */
  script: { method: string; answer: { status?: number; headers?: Record<string, string>; json?: object } | null }[];
}

let emulator: { url: string; close(): Promise<void> };
let front: Front;
let channel: string;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  emulator = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        team: { name: 'acme', domain: 'acme' },
        users: [{ name: 'redisops' }, { name: 'anna' }],
        channels: [{ name: 'redis-ops' }],
        tokens: [{ token: TOKEN, user: 'redisops', scopes: ['chat:write', 'files:write'] }],
      },
    },
  });
  closing.push(() => emulator.close());
  front = await startFront();
  const list = z.object({ channels: z.array(z.object({ id: z.string(), name: z.string() })) });
  const { channels } = list.parse(await ask('conversations.list', {}));
  channel = channels.find(({ name }) => name === 'redis-ops')?.id ?? '';
});

afterEach(() => {
  front.calls.length = 0;
  front.script.length = 0;
});

afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

async function startFront(): Promise<Front> {
  const calls: Call[] = [];
  const script: Front['script'] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const method = (request.url ?? '').replace('/api/', '');
      calls.push({ method, fields: Object.fromEntries(new URLSearchParams(body.toString())) });
      const at = script.findIndex((each) => each.method === method);
      const scripted = at === -1 ? undefined : script.splice(at, 1)[0];
      if (scripted?.answer === null) return void request.socket.destroy();
      if (scripted?.answer) {
        const { status = 200, headers = {}, json = {} } = scripted.answer;
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        return void response.end(JSON.stringify(json));
      }
      const answer = await fetch(`${emulator.url}${request.url}`, {
        method: 'POST',
        headers: {
          'content-type': request.headers['content-type'] ?? '',
          authorization: request.headers.authorization ?? '',
        },
        body: new Uint8Array(body),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(await answer.text());
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/api/`, calls, script };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  await once(request, 'end');
  return Buffer.concat(parts);
}

async function ask(method: string, fields: Record<string, string>): Promise<unknown> {
  const response = await fetch(`${emulator.url}/api/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  });
  return response.json();
}

async function threadOf(timestamp: string): Promise<z.output<typeof message>[]> {
  const answer = await ask('conversations.replies', { channel, ts: timestamp, limit: '100' });
  return messages.parse(answer).messages;
}

function chat(dress: Dress = slackMessages, apiUrl = front.url) {
  const [log, clock] = [quietLog(), fakeClock()];
  return { ...slackChat({ botToken: new Secret(TOKEN), apiUrl, dress, log, clock }), log, clock };
}

describe('messages', () => {
  it('are posted, edited in place and answered in their thread', async () => {
    const slack = chat();
    const root = await slack.post(channel, { ...REPORT, title: 'begun' });
    await slack.edit(root, { ...REPORT, title: 'done' });
    await slack.reply(root, { ...REPORT, title: 'the details' });
    const thread = await threadOf(root.timestamp);
    expect(thread.map(({ text }) => text)).toEqual(['✅ done: All is well.', '✅ the details: All is well.']);
    expect(thread[1]?.thread_ts).toBe(root.timestamp);
    expect(thread[0]?.blocks.map(({ type }) => type)).toEqual(['header', 'rich_text']);
  });

  it('carry no previews, and turn no text into a mention', async () => {
    const slack = chat();
    await slack.post(channel, { ...REPORT, summary: '<!channel> @here https://example.com' });
    expect(front.calls[0]?.fields).toMatchObject({
      unfurl_links: 'false',
      unfurl_media: 'false',
      link_names: 'false',
      parse: 'none',
    });
    expect(front.calls[0]?.fields['text']).not.toContain('<!channel>');
  });

  it('have an approval’s buttons until they are edited without', async () => {
    const slack = chat();
    const root = await slack.post(channel, REPORT, BUTTONS);
    const [before] = await threadOf(root.timestamp);
    const elements = z.array(z.looseObject({ action_id: z.string(), value: z.string() }));
    const buttons = elements.parse(before?.blocks.at(-1)?.['elements']);
    expect(buttons.map(({ action_id, value }) => [action_id, value])).toEqual([
      ['approval:approve', 'r-1:d1'],
      ['approval:deny', 'r-1:d1'],
    ]);
    await slack.edit(root, REPORT);
    const [after] = await threadOf(root.timestamp);
    expect(after?.blocks.some(({ type }) => type === 'actions')).toBe(false);
  });

  it('that are too long for one go on in the thread', async () => {
    const slack = chat(() => ['1', '2', '3'].map((text) => ({ text, blocks: [] })));
    const root = await slack.post(channel, REPORT);
    await slack.reply(root, REPORT);
    const thread = await threadOf(root.timestamp);
    expect(thread.map(({ text }) => text)).toEqual(['1', '2', '3', '1', '2', '3']);
  });

  it('of progress come about once a second, the newest last', async () => {
    const slack = chat();
    const root = await slack.post(channel, REPORT);
    await Promise.all(Array.from({ length: 50 }, (_, at) => slack.edit(root, { ...REPORT, title: `step ${at}` })));
    const edits = front.calls.filter(({ method }) => method === 'chat.update');
    // The one sent at once, and the newest waiting one.
    expect(edits).toHaveLength(2);
    expect(slack.clock.slept).toEqual([1000]);
    expect((await threadOf(root.timestamp))[0]?.text).toContain('step 49');
  });

  it('lose their blocks rather than not being said', async () => {
    const slack = chat();
    front.script.push({ method: 'chat.postMessage', answer: { json: { ok: false, error: 'invalid_blocks' } } });
    const root = await slack.post(channel, REPORT, BUTTONS);
    const [said] = await threadOf(root.timestamp);
    expect(said?.text).toContain('redis: healthy');
    expect(said?.blocks.map(({ type }) => type)).toEqual(['actions']);
    expect(slack.log.lines.some(({ level }) => level === 'error')).toBe(true);
  });
});

describe('files', () => {
  it('are attached to the thread', async () => {
    const slack = chat();
    const root = await slack.post(channel, REPORT);
    await slack.attach(root, 'r-1.md', '# Report\n');
    const [, attached] = await threadOf(root.timestamp);
    expect(attached?.files.map(({ name, size }) => [name, size])).toEqual([['r-1.md', 9]]);
  });
});

describe('whispers', () => {
  it('are for one person', async () => {
    const slack = chat();
    const answer = { json: { ok: true, message_ts: '1.0' } };
    front.script.push({ method: 'chat.postEphemeral', answer });
    await slack.whisper(channel, 'U1', REPORT);
    expect(front.calls.map(({ method, fields }) => [method, fields['user'], fields['channel']])).toEqual([
      ['chat.postEphemeral', 'U1', channel],
    ]);
  });
});

describe('user groups', () => {
  it('are requested once a minute', async () => {
    const slack = chat();
    const answer = (users: string[]) => ({ method: 'usergroups.users.list', answer: { json: { ok: true, users } } });
    front.script.push(answer(['U1']), answer(['U2']));
    expect(await Promise.all([slack.membersOf('S1'), slack.membersOf('S1')])).toEqual([['U1'], ['U1']]);
    expect(front.calls.map(({ fields }) => fields['usergroup'])).toEqual(['S1']);
    await slack.clock.sleep(61_000);
    expect(await slack.membersOf('S1')).toEqual(['U2']);
  });

  it('that could not be read are requested again', async () => {
    const slack = chat();
    const method = 'usergroups.users.list';
    front.script.push({ method, answer: { json: { ok: false, error: 'missing_scope' } } });
    await expect(slack.membersOf('S1')).rejects.toMatchObject({ code: 'SLACK_FAILED' });
    front.script.push({ method, answer: { json: { ok: true, users: ['U1'] } } });
    expect(await slack.membersOf('S1')).toEqual(['U1']);
  });
});

describe('when Slack does not accept it', () => {
  it('waits as long as a 429 says', async () => {
    const slack = chat();
    front.script.push({ method: 'chat.postMessage', answer: { status: 429, headers: { 'retry-after': '7' } } });
    const root = await slack.post(channel, REPORT);
    expect(await threadOf(root.timestamp)).toHaveLength(1);
    expect(slack.clock.slept).toEqual([7000]);
  });

  it.each([
    ['HTTP 503', { status: 503 }],
    ['a fault of its own', { json: { ok: false, error: 'internal_error' } }],
    ['a 429 that does not say for how long', { status: 429 }],
  ])('tries again after %s', async (_, answer) => {
    const slack = chat();
    front.script.push({ method: 'chat.postMessage', answer });
    expect(await threadOf((await slack.post(channel, REPORT)).timestamp)).toHaveLength(1);
  });

  it('edits again after a broken connection, but does not post twice', async () => {
    const slack = chat();
    const root = await slack.post(channel, REPORT);
    front.script.push({ method: 'chat.update', answer: null }, { method: 'chat.postMessage', answer: null });
    await slack.edit(root, { ...REPORT, title: 'again' });
    expect((await threadOf(root.timestamp))[0]?.text).toContain('again');
    front.calls.length = 0;
    await expect(slack.post(channel, REPORT)).rejects.toMatchObject({ code: 'SLACK_FAILED' });
    expect(front.calls).toHaveLength(1);
  });

  it.each([
    ['not_in_channel', /invite/i],
    ['channel_not_found', /SLACK_CHANNEL/],
    ['invalid_auth', /SLACK_BOT_TOKEN/],
    ['missing_scope', /slack-manifest/],
    ['something_new', /command line/],
  ])('says what can be done about %s', async (error, hint) => {
    const slack = chat();
    front.script.push({ method: 'chat.postMessage', answer: { json: { ok: false, error } } });
    await expect(slack.post(channel, REPORT)).rejects.toMatchObject({
      code: 'SLACK_FAILED',
      hint: expect.stringMatching(hint),
      message: expect.stringContaining(error),
    });
  });

  it('keeps the token to itself', async () => {
    const cases = [{ json: { ok: false, error: 'invalid_auth' } }, { status: 500 }, { status: 404 }, null];
    for (const answer of cases) {
      const slack = chat();
      const again = Array.from({ length: 6 }, () => ({ method: 'chat.postMessage', answer }));
      front.script.splice(0, front.script.length, ...again);
      const failure: unknown = await slack.post(channel, REPORT).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'SLACK_FAILED' });
      const shown =
        inspect([failure, slack.log.lines], { depth: 20, showHidden: true }) + JSON.stringify(slack.log.lines);
      expect(shown).not.toContain(TOKEN);
    }
  });

  it('gives up on a missing server', async () => {
    const slack = chat(slackMessages, 'http://127.0.0.1:1/api/');
    await expect(slack.post(channel, REPORT)).rejects.toMatchObject({ code: 'SLACK_FAILED' });
  });

  it('does not accept another server’s answer as Slack’s', async () => {
    const slack = chat();
    front.script.push({ method: 'chat.postMessage', answer: { json: { ok: true, hello: 'world' } } });
    await expect(slack.post(channel, REPORT)).rejects.toMatchObject({ code: 'SLACK_FAILED' });
  });
});
