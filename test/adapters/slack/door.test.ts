import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { SlackDoorSettings } from '../../../src/adapters/slack/door.ts';
import { slackDoor } from '../../../src/adapters/slack/door.ts';
import { RedisopsError } from '../../../src/domain/error.ts';
import {
  answer,
  clickPayload,
  commandFields,
  openDoor,
  post,
  settingsOf,
  signed,
  SIGNING_SECRET,
} from '../slack-door-setting.ts';
import { eventually } from '../../eventually.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function open(given: Partial<SlackDoorSettings> = {}) {
  const door = await openDoor(given);
  closing.push(() => door.close());
  return door;
}

/** Sends bytes, and returns the status line. */
async function speak(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let said = '';
  socket.on('data', (part: Buffer) => (said += part.toString()));
  socket.write(bytes);
  await once(socket, 'close');
  return said.split('\r\n')[0] ?? '';
}

describe('a signed command', () => {
  it('is acknowledged without a word, and answered for the asker alone', async () => {
    const { url, seen } = await open();
    const { status, body } = await post(url, commandFields('status', { response_url: seen.responseUrl }));
    expect([status, body]).toEqual([200, '']);
    await eventually(() => expect(seen.responses).toHaveLength(1));
    expect(seen.responses[0]).toMatchObject({
      response_type: 'ephemeral',
      replace_original: false,
      text: '✅ answer to status: So it is.',
    });
    expect(seen.commands[0]).toMatchObject({ text: 'status', user: 'U0ANNA', channel: 'C0OPS' });
    expect(seen.whispers).toEqual([]);
  });

  it('is answered by an ephemeral message if its own URL fails', async () => {
    const { url, seen } = await open();
    await post(url, commandFields('status', { response_url: 'http://127.0.0.1:1/gone' }));
    await eventually(() => expect(seen.whispers.map(({ user }) => user)).toEqual(['U0ANNA']));
  });

  it('is answered by an ephemeral message if too long for the URL', async () => {
    const dress = () => Array.from({ length: 6 }, () => ({ text: 'one', blocks: [] }));
    const { url, seen } = await open({ dress });
    await post(url, commandFields('plan', { response_url: seen.responseUrl }));
    await eventually(() => expect(seen.whispers).toHaveLength(1));
    expect(seen.responses).toEqual([]);
  });

  it('is acknowledged at once, even if everything behind it hangs', async () => {
    const { url, seen } = await open({ onCommand: () => new Promise(() => undefined), answerMs: 100 });
    const began = performance.now();
    const { status } = await post(url, commandFields('status'));
    expect(status).toBe(200);
    expect(performance.now() - began).toBeLessThan(3000);
    await eventually(() => expect(seen.whispers[0]?.report.footer?.[0]).toContain('TIMED_OUT'));
  });

  it.each<[string, () => Promise<never>]>([
    ['a refusal', () => Promise.reject(new RedisopsError('NOT_ALLOWED', 'no', { hint: 'ask' }))],
    [
      'a throw',
      () => {
        throw new Error('broken');
      },
    ],
  ])('gets an answer after %s, too', async (_, onCommand) => {
    const { url, seen } = await open({ onCommand });
    expect((await post(url, commandFields('status'))).status).toBe(200);
    await eventually(() => expect(seen.whispers).toHaveLength(1));
    expect(seen.whispers[0]?.report.footer?.[0]).toMatch(/NOT_ALLOWED|INTERNAL/);
  });

  it('runs once, however often Slack sends it', async () => {
    const { url, seen } = await open();
    const fields = commandFields('apply');
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(url, fields)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await eventually(() => expect(seen.whispers).toHaveLength(1));
    expect(seen.commands).toHaveLength(1);
  });

  it('may hold 10,000 characters, mentions and newlines', async () => {
    const { url, seen } = await open();
    const text = `<!channel> <@U1>\n\u0000$(reboot) ${'é'.repeat(10_000)}`;
    expect((await post(url, commandFields(text))).status).toBe(200);
    await eventually(() => expect(seen.commands[0]?.text).toBe(text));
  });
});

describe('a request that Slack did not sign', () => {
  const cases: [string, () => Record<string, string>][] = [
    ['no signature', () => ({ 'content-type': 'application/x-www-form-urlencoded' })],
    ['another secret’s signature', () => signed(BODY, { secret: 'guessed' })],
    ['the signature of another body', () => signed('text=help')],
    ['a signature six minutes old', () => signed(BODY, { ageSeconds: 360 })],
    ['a signature from the future', () => signed(BODY, { ageSeconds: -360 })],
    ['a timestamp that is none', () => ({ ...signed(BODY), 'x-slack-request-timestamp': 'NaN' })],
    ['a changed timestamp', () => ({ ...signed(BODY, { ageSeconds: 10 }), 'x-slack-request-timestamp': now() })],
    ['another version', () => ({ ...signed(BODY), 'x-slack-signature': 'v1=00' })],
    ['an empty signature', () => ({ ...signed(BODY), 'x-slack-signature': 'v0=' })],
  ];
  const BODY = new URLSearchParams(commandFields('apply', { ssl_check: '1' })).toString();
  const now = (): string => String(Math.floor(Date.now() / 1000));

  it.each(cases)('is refused: %s', async (_, headers) => {
    const { url, seen, door } = await open();
    const response = await fetch(url, { method: 'POST', headers: headers(), body: BODY });
    expect([response.status, (await response.text()).split(':')[0]]).toEqual([401, 'SIGNATURE_INVALID']);
    await door.stop();
    expect(seen.commands).toEqual([]);
  });
});

describe('a body', () => {
  it('of more than 1 MiB is refused', async () => {
    const { url, seen } = await open();
    const { status, body } = await post(url, commandFields('x'.repeat(1024 * 1024)));
    expect([status, body.split(':')[0]]).toEqual([413, 'BODY_TOO_LARGE']);
    expect(seen.commands).toEqual([]);
  });

  it('that never ends does not fill the memory', async () => {
    const { url } = await open();
    const signature = 'x-slack-signature: v0=0\r\nx-slack-request-timestamp: 1\r\n';
    const head = `POST /slack/events HTTP/1.1\r\nhost: a\r\n${signature}transfer-encoding: chunked\r\n\r\n`;
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    expect(await speak(url, `${head}${chunk}1\r\nx\r\n`)).toContain('413');
  });

  it('that arrives slowly blocks no other', async () => {
    const { url, seen } = await open();
    const slow = connect(Number(new URL(url).port), '127.0.0.1');
    const signature = 'x-slack-signature: v0=0\r\nx-slack-request-timestamp: 1\r\n';
    slow.write(`POST /slack/events HTTP/1.1\r\nhost: a\r\n${signature}content-length: 100\r\n\r\nte`);
    await once(slow, 'connect');
    expect((await post(url, commandFields('status'))).status).toBe(200);
    await eventually(() => expect(seen.commands).toHaveLength(1));
    slow.destroy();
  });

  it.each([
    ['payload that is not JSON', { payload: '{' }],
    ['payload that is a list', { payload: '[]' }],
    ['payload that is null', { payload: 'null' }],
  ])('with a %s is not understood', async (_, fields) => {
    const { url } = await open();
    expect((await post(url, fields)).status).toBe(400);
  });

  it.each([
    ['nothing known', { hello: 'world' }],
    ['an event', { payload: JSON.stringify({ type: 'event_callback', event: { type: 'message' } }) }],
    ['a command without its fields', { command: '/redis', text: 'apply' }],
    ['names that are no IDs', commandFields('apply', { user_id: 'U1|anna>', channel_id: '../x' })],
  ])('with %s does nothing', async (_, fields) => {
    const { url, seen, door } = await open();
    expect((await post(url, fields)).status).toBeLessThan(500);
    await door.stop();
    expect([seen.commands, seen.clicks]).toEqual([[], []]);
  });

  it('that asks for the URL’s proof gets its challenge', async () => {
    const { url } = await open();
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
    const headers = { ...signed(body), 'content-type': 'application/json' };
    expect(await (await fetch(url, { method: 'POST', headers, body })).text()).toBe('abc');
  });
});

describe('a click', () => {
  const click = (url: string, actionId: string, value: string, more: Record<string, unknown> = {}) =>
    post(url, { payload: JSON.stringify(clickPayload(actionId, value, more)) });

  it.each([
    ['approval:approve', 'r-1:d1', { kind: 'approval', decision: 'approved', approval: 'r-1', digest: 'd1' }],
    ['approval:deny', 'r-1:d1', { kind: 'approval', decision: 'denied', approval: 'r-1', digest: 'd1' }],
    ['run:stop', 'r-20251123-ab12cd34', { kind: 'stop', run: 'r-20251123-ab12cd34' }],
    [
      'drift:ignore-day',
      'redis:0123456789abcdef',
      { kind: 'drift', offer: 'ignore-day', cluster: 'redis', fingerprint: '0123456789abcdef' },
    ],
  ])('on %s comes with what its button stands for, and who clicked', async (actionId, value, expected) => {
    const { url, seen } = await open();
    expect((await click(url, actionId, value)).status).toBe(200);
    await eventually(() => expect(seen.clicks).toHaveLength(1));
    expect(seen.clicks[0]).toMatchObject({
      click: expected,
      user: 'U0BEN',
      name: 'ben',
      channel: 'C0OPS',
      message: { channel: 'C0OPS', timestamp: '1.5' },
    });
    expect(seen.whispers).toEqual([]);
  });

  it('that is refused is answered to the person who clicked', async () => {
    const { url, seen } = await open({ onClick: async () => answer('refused') });
    await click(url, 'approval:approve', 'r-1', { response_url: seen.responseUrl });
    await eventually(() => expect(seen.responses[0]?.text).toContain('refused'));
    expect(seen.responses[0]?.replace_original).toBe(false);
  });

  it.each([
    ['drift:apply', 'redis'],
    ['drift:apply', '../x:0123456789abcdef'],
    ['drift:apply', 'redis:0123456789abcdeg'],
    ['drift:other', 'redis:0123456789abcdef'],
    ['run:stop', '../x'],
    ['run:stop', ''],
    ['approve', 'r-1'],
    ['other', 'r-1'],
    ['approval:approve ', 'r-1'],
  ])('on %j with %j is none of ours, and the one who clicked is told', async (actionId, value) => {
    const { url, seen } = await open();
    expect((await click(url, actionId, value)).status).toBe(200);
    await eventually(() => expect(seen.whispers).toHaveLength(1));
    const [{ user, report } = {}] = seen.whispers;
    expect([user, report?.summary]).toEqual(['U0BEN', 'This version of redisops has no such button.']);
    expect(report?.next).toMatch(/^No changes were made\./);
    expect(seen.clicks).toEqual([]);
  });

  it('without its fields is acknowledged, and nothing else', async () => {
    const { url, seen, door } = await open();
    expect((await click(url, 'run:stop', 'r-1', { message: undefined })).status).toBe(200);
    await door.stop();
    expect([seen.clicks, seen.whispers]).toEqual([[], []]);
  });
});

describe('the door', () => {
  it('wants a secret or a token', async () => {
    const { settings, close } = await settingsOf({});
    closing.push(close);
    expect(() => slackDoor(settings)).toThrow(expect.objectContaining({ code: 'SETTINGS_INVALID' }));
  });

  it('accepts nothing more once it stops, and waits for current requests', async () => {
    let finish = (): void => undefined;
    const hold = new Promise<void>((resolve) => (finish = resolve));
    const { url, door, seen } = await open({
      onCommand: async () => {
        await hold;
        return answer('late');
      },
    });
    await post(url, commandFields('status'));
    expect(door.ready()).toBe(true);
    const stopped = door.stop(5000);
    expect(door.ready()).toBe(false);
    expect((await post(url, commandFields('status'))).status).toBe(503);
    finish();
    await stopped;
    expect(seen.whispers.map(({ report }) => report.title)).toEqual(['late']);
  });

  it('does not log its secrets', async () => {
    const { url, seen } = await open({ onCommand: () => Promise.reject(new Error('broken')) });
    await post(url, commandFields('status'));
    await eventually(() => expect(seen.whispers).toHaveLength(1));
    expect(JSON.stringify(seen.log.lines)).not.toMatch(new RegExp(`${SIGNING_SECRET}|xoxb-test`));
  });
});
