import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { slackMembers } from '../../src/adapters/slack/members.ts';
import { readClick, readCommand } from '../../src/adapters/slack/request.ts';
import { answerClick } from '../../src/chat/answer-click.ts';
import { membersOnly } from '../../src/chat/members-only.ts';
import { outsiderReason, type SlackUser, type Workspace } from '../../src/domain/chat/member.ts';
import { Secret } from '../../src/domain/secret.ts';
import { startAnswering, type ScriptedAnswer } from '../adapters/scripted-server.ts';
import { quietLog } from '../adapters/quiet-log.ts';
import { CHANNEL, portsOf } from '../ports.ts';
import { approval, plan, record } from '../report/fixtures.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const HOME = { ok: true, team_id: 'T0ACME' };
const ANNA = {
  id: 'U0ANNA',
  team_id: 'T0ACME',
  deleted: false,
  is_bot: false,
  is_restricted: false,
  is_ultra_restricted: false,
};

/** Slack, which says this of itself and of the user. */
async function slack(user: object | null, home: object = HOME) {
  const asked: string[] = [];
  const server = await startAnswering((path): ScriptedAnswer => {
    asked.push(path);
    if (path.endsWith('auth.test')) return { json: home };
    return user === null ? { status: 500 } : { json: { ok: true, user } };
  });
  closing.push(() => server.close());
  let now = 0;
  const clock = { elapsed: () => now };
  const place = { botToken: new Secret('xoxb-canary'), apiUrl: `${server.url}/api/`, log: quietLog(), clock };
  return { members: slackMembers(place), asked, pass: (milliseconds: number) => void (now += milliseconds) };
}

const command = (more: object = {}) => ({
  trigger_id: 't',
  text: 'status',
  user_id: 'U0ANNA',
  channel_id: CHANNEL,
  team_id: 'T0ACME',
  ...more,
});

/** The code that a request gets; null if it is let in. */
async function refusal(user: object | null, request: object = command(), home: object = HOME) {
  const { members } = await slack(user, home);
  const ports = portsOf();
  const read = readCommand(request);
  if (!read) throw new Error('not a command');
  const arrival = { person: read, place: read.place, what: read.text };
  const answer = await membersOnly(arrival, members, ports, async () => null);
  expect(ports.outside.audited.map(({ outcome }) => outcome)).toEqual(answer === null ? [] : [expect.any(String)]);
  return answer?.footer?.[0]?.split(':')[0] ?? null;
}

describe('a command is refused', () => {
  it.each<[string, object | null, object?, object?]>([
    ['of a guest of several channels', { ...ANNA, is_restricted: true }],
    ['of a guest of one channel', { ...ANNA, is_restricted: true, is_ultra_restricted: true }],
    ['of a deactivated account', { ...ANNA, deleted: true }],
    ['of a bot', { ...ANNA, is_bot: true }],
    ['of a workflow', { ...ANNA, is_workflow_bot: true }],
    ['of another company', { ...ANNA, team_id: 'T0EVIL', is_stranger: true }],
    ['of another company that Slack does not call strange', { ...ANNA, team_id: 'T0EVIL' }],
    ['of someone of no known team', { ...ANNA, team_id: undefined }],
    ['that comes from another team', ANNA, command({ team_id: 'T0EVIL' })],
    ['that names no team', ANNA, command({ team_id: undefined })],
    [
      'that comes from another organization',
      ANNA,
      command({ enterprise_id: 'E0EVIL' }),
      { ...HOME, enterprise_id: 'E0ACME' },
    ],
  ])('%s', async (_, user, request, home) => {
    expect(await refusal(user, request, home)).toBe('NOT_ALLOWED');
  });

  it.each<[string, object | null, object?]>([
    ['while Slack is down', null],
    ['while Slack does not say who it is', ANNA, { ok: false, error: 'missing_scope' }],
    ['if the answer is not Slack’s', { name: 'anna', deleted: 'no' }],
  ])('%s', async (_, user, home) => {
    expect(await refusal(user, command(), home)).toBe('SLACK_FAILED');
  });

  it('but not of a full member, or of the same organization', async () => {
    expect(await refusal(ANNA)).toBeNull();
    const colleague = { ...ANNA, team_id: 'T0OTHER', enterprise_user: { enterprise_id: 'E0ACME' } };
    const from = command({ team_id: 'T0OTHER', enterprise_id: 'E0ACME' });
    expect(await refusal(colleague, from, { ...HOME, enterprise_id: 'E0ACME' })).toBeNull();
  });
});

describe('a click', () => {
  const payload = (more: object = {}) => ({
    trigger_id: 't',
    user: { id: 'U0ANNA' },
    team: { id: 'T0ACME' },
    channel: { id: CHANNEL },
    message: { ts: '1.5' },
    actions: [{ action_id: 'x' }],
    ...more,
  });
  const home: Workspace = { team: 'T0ACME', enterprise: '' };
  const member: SlackUser = { ...home, isGuest: false, isStranger: false, isBot: false, isDeactivated: false };

  it.each<[string, object, boolean]>([
    ['of the team', payload(), true],
    ['of another team', payload({ team: { id: 'T0EVIL' } }), false],
    ['of a user of another team', payload({ user: { id: 'U0ANNA', team_id: 'T0EVIL' } }), false],
    ['without a team', payload({ team: null }), false],
  ])('%s', (_, body, isIn) => {
    const place = readClick(body)?.place ?? [];
    expect(outsiderReason(home, place, member) === null).toBe(isIn);
  });

  it.each<[string, readonly string[], string, string | null]>([
    ['in the cluster’s channel', [], CHANNEL, null],
    ['in another channel', [], 'C0OTHER', 'NOT_ALLOWED'],
    ['in the default channel of a cluster with its own', ['channel: C0DBA'], CHANNEL, 'NOT_ALLOWED'],
    ['of an approver in another channel', ['approvers: [U0BEN]'], 'C0OTHER', null],
  ])('that approves %s', async (_, policy, channel, code) => {
    const ports = portsOf({ policy });
    const requester = { from: 'slack', actor: 'U0ANNA' } as const;
    ports.outside.runs.set('r', record({ run: 'r', status: 'awaiting-approval', origin: requester }));
    const expiresAt = '2025-11-23T12:30:00Z';
    await ports.store.openApproval(approval({ id: 'r', run: 'r', requester, expiresAt, plan: plan({ digest: 'd1' }) }));
    const click = { kind: 'approval', approval: 'r', digest: 'd1', decision: 'approved' } as const;
    const clicked = { id: 'c', click, user: 'U0BEN', channel, message: { channel, timestamp: '1.5' } };
    const report = await answerClick(clicked, ports);
    expect(report?.footer?.[0]?.split(':')[0] ?? null).toBe(code);
  });
});

describe('who someone is', () => {
  it('is asked once a minute', async () => {
    const { members, asked, pass } = await slack(ANNA);
    for (let time = 0; time < 5; time += 1) await members.userOf('U0ANNA');
    await members.userOf('U0BEN');
    expect(asked).toHaveLength(2);
    pass(61_000);
    await members.userOf('U0ANNA');
    expect(asked).toHaveLength(3);
  });

  it('lets nobody in who is not a full member, whatever Slack says', () => {
    const team = fc.constantFrom('', 'T0A', 'T0B');
    const enterprise = fc.constantFrom('', 'E0A', 'E0B');
    const place = fc.record({ team, enterprise });
    const flag = fc.boolean();
    const user = fc.record({ team, enterprise, isGuest: flag, isStranger: flag, isBot: flag, isDeactivated: flag });
    fc.assert(
      fc.property(place, fc.array(place, { maxLength: 2 }), user, (home, from, who) => {
        if (outsiderReason(home, from, who) !== null) return;
        expect([who.isGuest, who.isStranger, who.isBot, who.isDeactivated]).not.toContain(true);
        expect(from).not.toEqual([]);
        for (const each of [...from, who]) {
          const sameTeam = each.team !== '' && each.team === home.team;
          const sameCompany = each.enterprise !== '' && each.enterprise === home.enterprise;
          expect(sameTeam || sameCompany).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
