import { afterEach, expect, it } from 'vitest';
import { slackCheck } from '../../../src/adapters/slack/check.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { startAnswering, type ScriptedAnswer } from '../scripted-server.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Slack, with these answers by method. */
async function checked(answers: Readonly<Record<string, ScriptedAnswer>>): Promise<void> {
  const server = await startAnswering((path) => answers[path.replace('/api/', '')] ?? { json: { ok: true } });
  closing.push(() => server.close());
  const place = { botToken: new Secret('xoxb-canary'), apiUrl: `${server.url}/api/` };
  await slackCheck(place, 'C1')();
}

const error = (reason: string): ScriptedAnswer => ({ json: { ok: false, error: reason } });

it.each([
  ['the token is wrong', { 'auth.test': error('invalid_auth') }, 'SLACK_BOT_TOKEN is wrong or revoked'],
  ['there is no such channel', { 'conversations.info': error('channel_not_found') }, 'SLACK_CHANNEL'],
  [
    'the channel is archived',
    { 'conversations.info': { json: { ok: true, channel: { is_archived: true } } } },
    'Choose another one',
  ],
  ['Slack fails', { 'auth.test': { status: 500 } }, 'Runs continue without Slack'],
])('says that %s', async (_, answers, hint) => {
  await expect(checked(answers)).rejects.toMatchObject({
    code: 'SLACK_FAILED',
    hint: expect.stringContaining(hint) as string,
  });
});

it.each([
  ['all is well', {}],
  ['an older app may not ask for the channel', { 'conversations.info': error('missing_scope') }],
])('says nothing where %s', async (_, answers) => {
  await expect(checked(answers)).resolves.toBeUndefined();
});
