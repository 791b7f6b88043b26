import { describe, expect, it } from 'vitest';
import { answerClick } from '../../src/chat/answer-click.ts';
import type { ApprovalClick } from '../../src/domain/chat/click.ts';
import type { Origin } from '../../src/domain/run/run.ts';
import { approval, plan, record } from '../report/fixtures.ts';
import { CHANNEL, portsOf } from '../ports.ts';
import type { ConfigSource } from '../../src/ports/git.ts';

const BASE = 'b'.repeat(40);
const KNOWN = 'people: {Ada: U0ADA, ben: U0BEN}';

interface Case {
  /** redisops.yml before the merge and at the head; null: missing. */
  before: string | null;
  head?: string | null;
  by: string;
  decision?: ApprovalClick['decision'];
  base?: string | null;
  /** Who GitHub says merged it; null for a push, whose author is what its commits claim. */
  merger?: string | null;
}

/** Ada merged on GitHub; `by` clicks. Returns the refusal’s code. */
async function clicked({ before, head = before, by, decision = 'approved', base = BASE, merger = 'ADA' }: Case) {
  const source = async (revision: string | null): Promise<ConfigSource> => ({
    revision: revision ?? 'head',
    read: async (path) => (path === 'redisops.yml' ? (revision === BASE ? before : head) : null),
    list: async () => [],
  });
  const ports = portsOf({ ports: { source } });
  const origin: Origin =
    merger === null ? { from: 'github', actor: 'ben' } : { from: 'github', actor: merger, pullRequest: 12 };
  const run = record({ run: 'm-1', origin, status: 'awaiting-approval', ...(base === null ? {} : { base }) });
  ports.outside.runs.set('m-1', run);
  const expiresAt = '2025-11-23T12:30:00Z';
  await ports.store.openApproval(
    approval({ id: 'm-1', run: 'm-1', requester: origin, expiresAt, plan: plan({ digest: 'd1' }) }),
  );
  const message = { channel: CHANNEL, timestamp: '1.5' };
  const click = { kind: 'approval', approval: 'm-1', digest: 'd1', decision } as const;
  const report = await answerClick({ id: 'c', click, user: by, channel: CHANNEL, message }, ports);
  return { code: report?.footer?.[0]?.split(':')[0] ?? null, report, outside: ports.outside };
}

function clusters(...policy: string[]): string {
  return `clusters: {redis: {${policy.join(', ')}}}\n`;
}

describe('an approval of a merge', () => {
  it.each<[string, Case, string | null]>([
    ['the merger', { before: KNOWN, by: 'U0ADA' }, 'APPROVAL_OWN'],
    ['another', { before: KNOWN, by: 'U0BEN' }, null],
    ['another whose own login nobody wrote down', { before: KNOWN, by: 'U0CARL' }, null],
    ['somebody known, of a merger who is not', { before: 'people: {ben: U0BEN}', by: 'U0BEN' }, 'APPROVAL_OWN'],
    ['nobody known, of a merger who is not', { before: 'people: {ben: U0BEN}', by: 'U0CARL' }, 'APPROVAL_OWN'],
    ['nobody known, without redisops.yml', { before: null, by: 'U0BEN' }, 'APPROVAL_OWN'],
    ['an approver who may be the merger', { before: clusters('approvers: [U0BEN]'), by: 'U0BEN' }, 'APPROVAL_OWN'],
    ['an approver who is not the merger', { before: clusters('approvers: [U0BEN]') + KNOWN, by: 'U0BEN' }, null],
    ['no approver', { before: clusters('approvers: [U0BEN]') + KNOWN, by: 'U0CARL' }, 'NOT_ALLOWED'],
    ['the merger, where that is allowed', { before: clusters('allow_own_approval: true') + KNOWN, by: 'U0ADA' }, null],
    ['anybody, where own approvals are allowed', { before: clusters('allow_own_approval: true'), by: 'U0CARL' }, null],
  ])('by %s', async (_, given, code) => {
    const answer = await clicked(given);
    expect(answer.code).toBe(code);
    expect(answer.outside.jobs).toHaveLength(code === null ? 1 : 0);
    if (code === 'APPROVAL_OWN') expect(answer.report?.next ?? '').not.toBe('');
  });

  it.each([
    'github-merge-queue[bot]',
    'github-actions[bot]',
    'dependabot[bot]',
    'mergify[bot]',
    'unknown',
    'ada-work',
    null,
  ])('is given by nobody where %s merged, for that may be anybody', async (merger) => {
    for (const by of ['U0ADA', 'U0BEN', 'U0CARL'])
      expect((await clicked({ before: KNOWN, by, merger })).code).toBe('APPROVAL_OWN');
  });

  const strict = clusters('approvers: [U0BEN]') + KNOWN;

  it.each<[string, Case, string | null]>([
    [
      'allows own approvals',
      { before: KNOWN, head: clusters('allow_own_approval: true') + KNOWN, by: 'U0ADA' },
      'APPROVAL_OWN',
    ],
    [
      'adds an approver',
      { before: strict, head: clusters('approvers: [U0CARL]') + KNOWN, by: 'U0CARL' },
      'NOT_ALLOWED',
    ],
    ['takes the approvers out', { before: strict, head: KNOWN, by: 'U0CARL' }, 'NOT_ALLOWED'],
    ['gives the merger another name', { before: KNOWN, head: 'people: {ada: U0EVE}', by: 'U0ADA' }, 'APPROVAL_OWN'],
    ['names the merger for the first time', { before: null, head: KNOWN, by: 'U0BEN' }, 'APPROVAL_OWN'],
    [
      'removes an approver',
      { before: strict, head: clusters('approvers: [U0CARL]') + KNOWN, by: 'U0BEN' },
      'NOT_ALLOWED',
    ],
    ['keeps an approver', { before: strict, head: clusters('approvers: [U0BEN, U0EVE]') + KNOWN, by: 'U0BEN' }, null],
    ['adds the cluster', { before: `clusters: {shop: {}}\n${KNOWN}`, head: strict, by: 'U0BEN' }, null],
    ['takes the cluster away', { before: strict, head: 'clusters: {shop: {}}', by: 'U0BEN' }, 'UNKNOWN_CLUSTER'],
  ])('that %s', async (_, given, code) => {
    expect((await clicked(given)).code).toBe(code);
  });

  it('may be withdrawn by the merger, regardless of approvers', async () => {
    const { code, outside } = await clicked({ before: strict, by: 'U0ADA', decision: 'denied' });
    expect([code, outside.ended]).toMatchObject([null, [{ code: 'APPROVAL_DENIED' }]]);
  });

  it('of an older version without a base follows the head', async () => {
    expect((await clicked({ before: null, head: KNOWN, by: 'U0BEN', base: null })).code).toBeNull();
  });
});
