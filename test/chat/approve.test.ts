import { describe, expect, it, vi } from 'vitest';
import { answerClick } from '../../src/chat/answer-click.ts';
import type { Clicked } from '../../src/chat/clicked.ts';
import type { ApprovalClick } from '../../src/domain/chat/click.ts';
import type { Report } from '../../src/domain/report.ts';
import type { ApprovalRequest, Origin, RunRecord } from '../../src/domain/run/run.ts';
import { CHANNEL, NOW, portsOf, type Given } from '../ports.ts';
import { eventually } from '../eventually.ts';
import type { Chat } from '../../src/ports/chat.ts';

const ANNA: Origin = { from: 'slack', actor: 'U0ANNA' };
const RUN = 'r-20251123-ab12cd34';

async function waiting(given: Given = {}, requester = ANNA, expiresAt = '2025-11-23T12:30:00Z') {
  const ports = portsOf(given);
  const record: RunRecord = {
    run: RUN,
    cluster: 'redis',
    goal: { kind: 'resync', node: 'redis-03' },
    revision: 'a'.repeat(40),
    origin: requester,
    status: 'awaiting-approval',
    code: null,
    message: null,
    requestedAt: NOW.toISOString(),
    finishedAt: null,
    durationMs: null,
  };
  const request: ApprovalRequest = {
    id: RUN,
    run: RUN,
    cluster: 'redis',
    requester,
    expiresAt,
    plan: {
      cluster: 'redis',
      revision: 'a'.repeat(40),
      goal: record.goal,
      waves: [],
      blockers: [],
      risks: [],
      topology: { master: 'redis-01', nodes: [] },
      digest: 'd'.repeat(64),
    },
  };
  ports.outside.runs.set(RUN, record);
  await ports.store.openApproval(request);
  await ports.store.rememberThread(RUN, { channel: CHANNEL, timestamp: '1.5' });
  return ports;
}

type Change = Partial<ApprovalClick> & { user?: string };

function click({ user = 'U0BEN', ...change }: Change = {}): Clicked {
  return {
    id: 'c',
    click: { kind: 'approval', approval: RUN, digest: 'd'.repeat(64), decision: 'approved', ...change },
    user,
    name: 'ben',
    channel: CHANNEL,
    message: { channel: CHANNEL, timestamp: '1.5' },
  };
}

function codeOf(report: Report | null): string | undefined {
  return report?.footer?.[0]?.split(':')[0];
}

describe('a broken freeze', () => {
  it('is approved by a second person, also where a plan is not', async () => {
    const ports = await waiting({ policy: ['allow_own_approval: true'] });
    const request = await ports.store.approval(RUN);
    if (!request) throw new Error('no request');
    await ports.store.openApproval({ ...request, breakGlass: 'the shop is down' });
    expect(codeOf(await answerClick(click({ user: 'U0ANNA' }), ports))).toBe('APPROVAL_OWN');
    expect(await answerClick(click({ user: 'U0BEN' }), ports)).toBeNull();
  });
});

describe('an approval', () => {
  it('queues the plan’s execution, removes the buttons, and names the approver', async () => {
    const ports = await waiting();
    expect(await answerClick(click(), ports)).toBeNull();
    const { jobs, said, audited } = ports.outside;
    expect(jobs).toEqual([{ name: 'execute', id: `execute-${RUN}`, data: { run: RUN, cluster: 'redis' } }]);
    expect(said.map(({ how, where, report }) => [how, where, report?.summary])).toEqual([
      ['edit', '1.5', 'Approved by ben (U0BEN).'],
      ['reply', '1.5', 'Approved by ben (U0BEN).'],
    ]);
    expect(audited).toMatchObject([
      { origin: { from: 'slack', actor: 'U0BEN' }, what: 'approve plan dddddddddddd', outcome: 'approved', run: RUN },
    ]);
    expect(await ports.store.decisionOn(RUN)).toMatchObject({ by: 'U0BEN', decision: 'approved' });
  });

  it('of twenty at once counts once', async () => {
    const ports = await waiting();
    const clicks = Array.from({ length: 20 }, (_, at) => click({ user: `U0P${at}` }));
    const answers = await Promise.all(clicks.map((each) => answerClick(each, ports)));
    expect(answers.filter((report) => report === null)).toHaveLength(1);
    expect(answers.filter((report) => codeOf(report) === 'APPROVAL_SPENT')).toHaveLength(19);
    expect(ports.outside.jobs).toHaveLength(1);
    expect(ports.outside.audited).toHaveLength(20);
  });

  it('of twenty clicks, half of them Deny, has one outcome', async () => {
    const ports = await waiting();
    const clicks = Array.from({ length: 20 }, (_, at) =>
      click({ user: `U0P${at}`, decision: at % 2 === 0 ? 'denied' : 'approved' }),
    );
    await Promise.all(clicks.map((each) => answerClick(each, ports)));
    expect(ports.outside.jobs.length + ports.outside.finished.length).toBe(1);
  });

  const cases: [string, string | null, Given, Change, Origin?, string?][] = [
    ['the requester', 'APPROVAL_OWN', {}, { user: 'U0ANNA' }],
    ['the requester, who is an approver', 'APPROVAL_OWN', { policy: ['approvers: [U0ANNA]'] }, { user: 'U0ANNA' }],
    ['the requester, where that is allowed', null, { policy: ['allow_own_approval: true'] }, { user: 'U0ANNA' }],
    [
      'the requester, where that is allowed to approvers only',
      'NOT_ALLOWED',
      { policy: ['allow_own_approval: true', 'approvers: [U0BEN]'] },
      { user: 'U0ANNA' },
    ],
    ['an approver', null, { policy: ['approvers: [U0BEN]'] }, {}],
    ['somebody else', 'NOT_ALLOWED', { policy: ['approvers: [U0CARL]'] }, {}],
    ['a member of the approvers’ group', null, { policy: ['approvers: [S0OPS]'] }, {}],
    ['somebody outside of the group', 'NOT_ALLOWED', { policy: ['approvers: [S0OPS]'] }, { user: 'U0EVE' }],
    ['somebody too late', 'APPROVAL_EXPIRED', {}, {}, ANNA, '2025-11-23T11:59:59Z'],
    ['somebody for a plan that is not there', 'APPROVAL_UNKNOWN', {}, { approval: '../../etc/passwd' }],
  ];

  it.each(cases)('by %s: %s', async (_, code, given, change, requester, expiresAt) => {
    const ports = await waiting(given, requester, expiresAt);
    ports.outside.groups['S0OPS'] = ['U0BEN'];
    const report = await answerClick(click(change), ports);
    expect(codeOf(report) ?? null).toBe(code);
    expect(ports.outside.jobs).toHaveLength(code === null ? 1 : 0);
    expect(ports.outside.audited.map(({ outcome }) => outcome)).toEqual([code ?? 'approved']);
    if (code === null) return;
    expect(ports.outside.said).toEqual([]);
    expect(report?.next ?? '').not.toBe('');
  });

  it('under an older plan is refused, and shows the plan that waits with its own buttons', async () => {
    const edits: unknown[] = [];
    const edit: Chat['edit'] = async (message, report, buttons) => void edits.push([message, report.title, buttons]);
    const ports = await waiting({ chat: { edit } });
    for (const decision of ['approved', 'denied'] as const)
      expect(codeOf(await answerClick(click({ digest: 'e'.repeat(64), decision }), ports))).toBe('APPROVAL_STALE');
    expect(ports.outside.jobs).toEqual([]);
    expect(ports.outside.ended).toEqual([]);
    const buttons = [click().click, click({ decision: 'denied' }).click];
    const shown = [{ channel: CHANNEL, timestamp: '1.5' }, 'redis: resync redis-03 needs an approval', buttons];
    expect(edits).toEqual([shown, shown]);
    expect(await answerClick(click(), ports)).toBeNull();
  });

  it('is refused if permissions cannot be read from Git', async () => {
    const ports = await waiting({ ports: { source: () => Promise.reject(new Error('down')) } });
    expect(codeOf(await answerClick(click(), ports))).toBe('INTERNAL');
    expect([ports.outside.jobs, await ports.store.decisionOn(RUN)]).toEqual([[], null]);
  });

  it('counts even if Slack is down', async () => {
    const down = () => Promise.reject(new Error('down'));
    const ports = await waiting({ chat: { edit: down, reply: down } });
    expect(await answerClick(click(), ports)).toBeNull();
    expect(ports.outside.jobs).toHaveLength(1);
  });

  it('counts even if Slack hangs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const courier = { hint: () => undefined };
      const ports = await waiting({ chat: { edit: () => new Promise(() => undefined) }, ports: { courier } });
      const answer = answerClick(click(), ports);
      await eventually(() => expect(ports.outside.audited).toHaveLength(1));
      await vi.advanceTimersByTimeAsync(3000);
      expect(await answer).toBeNull();
      expect(ports.outside.jobs).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('says when it could not be queued', async () => {
    const enqueue = () => Promise.reject(new Error('no queue'));
    const ports = await waiting({ ports: { queue: { enqueue, jobState: async () => 'absent' } } });
    expect(codeOf(await answerClick(click(), ports))).toBe('INTERNAL');
    expect(ports.outside.audited.map(({ outcome }) => outcome)).toEqual(['approved', 'INTERNAL']);
  });
});

describe('a denial', () => {
  it('ends the run, and says who', async () => {
    const ports = await waiting();
    expect(await answerClick(click({ decision: 'denied' }), ports)).toBeNull();
    const { jobs, ended, finished, said, audited } = ports.outside;
    expect([jobs, ended]).toEqual([[], finished]);
    expect(finished).toMatchObject([
      { run: RUN, outcome: 'refused', code: 'APPROVAL_DENIED', message: 'Denied by ben (U0BEN).' },
    ]);
    expect(said.find(({ how }) => how === 'edit')).toMatchObject({ where: '1.5' });
    expect(audited).toMatchObject([{ what: 'deny plan dddddddddddd', outcome: 'denied', run: RUN }]);
  });

  it('is open to the requester too, which withdraws the request', async () => {
    const ports = await waiting({ policy: ['approvers: [U0BEN]'] });
    expect(await answerClick(click({ decision: 'denied', user: 'U0ANNA' }), ports)).toBeNull();
    expect(ports.outside.finished).toHaveLength(1);
  });

  it('is not open to everyone if there are approvers', async () => {
    const ports = await waiting({ policy: ['approvers: [U0CARL]'] });
    expect(codeOf(await answerClick(click({ decision: 'denied' }), ports))).toBe('NOT_ALLOWED');
    expect(ports.outside.finished).toEqual([]);
  });
});
