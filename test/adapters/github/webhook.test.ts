import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { githubWebhook, type WebhookPlace } from '../../../src/adapters/github/webhook.ts';
import type { AnnouncedMerge } from '../../../src/domain/git/branch.ts';
import { Secret } from '../../../src/domain/secret.ts';

const SECRET = 'It’s a Secret to Everybody';
const MAX_BYTES = 5 * 1024 * 1024;

function door(more: Partial<WebhookPlace & { secret: Secret | undefined }> = {}) {
  const hints: (number | 'branch' | 'merge queue')[] = [];
  const told: (AnnouncedMerge | null)[] = [];
  const place: WebhookPlace = {
    repository: 'acme/infra',
    branch: null,
    onPullRequest: (pullRequest) => void hints.push(pullRequest),
    onMergeGroup: () => void hints.push('merge queue'),
    onBranch: (merge) => {
      hints.push('branch');
      told.push(merge);
    },
    ...more,
  };
  return { knock: githubWebhook({ secret: new Secret(SECRET), ...more, repositories: [place] }), hints, told };
}

function sign(body: Buffer, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function delivery(event: string, payload: unknown, headers: Record<string, string> = {}) {
  const rawBody = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  return {
    rawBody,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': sign(rawBody),
      ...headers,
    },
  };
}

const merged = {
  action: 'closed',
  repository: { full_name: 'acme/infra', default_branch: 'main' },
  pull_request: {
    number: 7,
    merged: true,
    merge_commit_sha: 'a'.repeat(40),
    merged_by: { login: 'alice' },
    base: { ref: 'main', sha: 'b'.repeat(40) },
  },
};

const asked = {
  action: 'created',
  repository: merged.repository,
  issue: { number: 7, pull_request: {} },
  comment: { body: '/redisops plan' },
};

describe('a signed delivery', () => {
  it.each([
    ...['opened', 'synchronize', 'reopened', 'ready_for_review', 'converted_to_draft', 'edited'].map(
      (action) => ['pull_request', { ...merged, action }] as const,
    ),
    ['issue_comment', asked] as const,
  ])('of %s %# is a hint to look at the pull request', async (event, payload) => {
    const { knock, hints } = door();
    expect(await knock(delivery(event, payload))).toMatchObject({ status: 202, body: 'accepted: #7 is looked at' });
    expect(hints).toEqual([7]);
  });

  it('of a merge is a hint to look at the branch, and says by which pull request it came', async () => {
    const { knock, hints, told } = door();
    expect(await knock(delivery('pull_request', merged))).toEqual({
      status: 202,
      body: 'accepted: #7 was merged, main is looked at',
      outcome: 'accepted',
    });
    expect(hints).toEqual(['branch']);
    expect(told).toEqual([{ commit: 'a'.repeat(40), pullRequest: { number: 7, mergedBy: 'alice' } }]);
  });

  it('of a ping is answered', async () => {
    expect(await door().knock(delivery('ping', { zen: 'Design for failure.' }))).toMatchObject({ status: 200 });
  });

  it('for a push to the branch is a hint', async () => {
    const { knock, hints } = door();
    const push = delivery('push', { ref: 'refs/heads/main', repository: merged.repository });
    expect(await knock(push)).toEqual({ status: 202, body: 'accepted: main is looked at', outcome: 'accepted' });
    expect(hints).toEqual(['branch']);
    expect(await knock(delivery('push', { repository: merged.repository }))).toMatchObject({ outcome: 'refused' });
  });

  it.each([
    ['star', {}, 'ignored: event "star"'],
    ['push', { ref: 'refs/heads/dev', repository: merged.repository }, 'ignored: a push to another branch than main'],
    ['push', { ref: 'refs/tags/main', repository: merged.repository }, 'ignored: a push to another branch than main'],
    ['', {}, 'ignored: event ""'],
    ['pull_request', { ...merged, action: 'labeled' }, 'ignored: pull request labeled'],
    ['issue_comment', { ...asked, action: 'deleted' }, 'ignored: comment deleted'],
    [
      'issue_comment',
      { ...asked, comment: { body: 'why?\n/redisops planning' } },
      'ignored: a comment that asks for nothing',
    ],
    ['issue_comment', { ...asked, issue: { number: 7 } }, 'ignored: a comment on an issue'],
    [
      'pull_request',
      { ...merged, repository: { ...merged.repository, full_name: 'evil/infra' } },
      'ignored: another repository',
    ],
    [
      'pull_request',
      { ...merged, pull_request: { ...merged.pull_request, merged: false } },
      'ignored: closed without a merge',
    ],
    [
      'pull_request',
      { ...merged, pull_request: { ...merged.pull_request, base: { ref: 'dev', sha: 'x' } } },
      'ignored: merged into another branch than main',
    ],
  ])('of %s %# is ignored, and says why', async (event, payload, body) => {
    const { knock, hints } = door();
    expect(await knock(delivery(event, payload))).toEqual({ status: 202, body, outcome: 'ignored' });
    expect(hints).toEqual([]);
  });

  it('reaches the repository that it names, of those that are served', async () => {
    const hints: string[] = [];
    const placeOf = (repository: string) => ({
      repository,
      branch: null,
      onPullRequest: (number: number) => void hints.push(`${repository}#${number}`),
      onMergeGroup: () => void hints.push(`${repository} queue`),
      onBranch: (merge: AnnouncedMerge | null) => void hints.push(`${repository} ${merge?.pullRequest.number}`),
    });
    const knock = githubWebhook({ secret: new Secret(SECRET), repositories: ['acme/shop', 'acme/web'].map(placeOf) });
    const of = (name: string, payload: typeof merged | typeof asked) => ({
      ...payload,
      repository: { ...merged.repository, full_name: name },
    });
    await knock(delivery('pull_request', of('acme/web', merged)));
    await knock(delivery('issue_comment', of('ACME/Shop', asked)));
    await knock(delivery('push', { ...of('acme/shop', merged), ref: 'refs/heads/main' }));
    expect(await knock(delivery('pull_request', of('acme/infra', merged)))).toMatchObject({
      body: 'ignored: another repository',
    });
    expect(hints).toEqual(['acme/web 7', 'acme/shop#7', 'acme/shop undefined']);
  });

  it('has a merge queue looked at that waits for its checks', async () => {
    const { knock, hints } = door();
    const group = { repository: merged.repository, merge_group: { head_sha: 'c'.repeat(40) } };
    expect(await knock(delivery('merge_group', { ...group, action: 'checks_requested' }))).toMatchObject({
      outcome: 'accepted',
    });
    expect(await knock(delivery('merge_group', { ...group, action: 'destroyed' }))).toMatchObject({
      body: 'ignored: merge group destroyed',
    });
    expect(hints).toEqual(['merge queue']);
  });

  it('uses the configured branch if there is one', async () => {
    const { knock, hints } = door({ branch: 'production' });
    expect(await knock(delivery('pull_request', merged))).toMatchObject({ outcome: 'ignored' });
    const base = { ref: 'production', sha: 'b' };
    await knock(delivery('pull_request', { ...merged, pull_request: { ...merged.pull_request, base } }));
    expect(hints).toEqual(['branch']);
  });

  it.each([
    ['not JSON', Buffer.from('{"action": "clo')],
    ['a list', []],
    ['null', null],
    ['a merge without a number', { ...merged, pull_request: { merged: true } }],
    ['a number too large to be one', { ...merged, pull_request: { ...merged.pull_request, number: 2 ** 60 } }],
  ])('that is %s is refused', async (_name, payload) => {
    const { knock, hints } = door();
    expect(await knock(delivery('pull_request', payload))).toMatchObject({ status: 400, outcome: 'refused' });
    expect(hints).toEqual([]);
  });
});

describe('a delivery is refused', () => {
  const genuine = delivery('pull_request', merged);
  const other = Buffer.from(JSON.stringify({ ...merged, number: 8 }));

  it.each([
    ['without a signature', { ...genuine, headers: { ...genuine.headers, 'x-hub-signature-256': undefined } }, 401],
    ['with an empty signature', delivery('pull_request', merged, { 'x-hub-signature-256': '' }), 401],
    [
      'with another secret’s signature',
      delivery('pull_request', merged, { 'x-hub-signature-256': sign(genuine.rawBody, 'guess') }),
      401,
    ],
    ['with another body’s signature', delivery('pull_request', merged, { 'x-hub-signature-256': sign(other) }), 401],
    [
      'with a signature that is cut off',
      delivery('pull_request', merged, { 'x-hub-signature-256': sign(genuine.rawBody).slice(0, -1) }),
      401,
    ],
    [
      'with two signatures',
      { ...genuine, headers: { ...genuine.headers, 'x-hub-signature-256': [sign(genuine.rawBody), 'x'] } },
      401,
    ],
    ['with an empty body', delivery('pull_request', Buffer.alloc(0)), 401],
    ['with bytes that are no text', delivery('pull_request', Buffer.from([0xff, 0xfe, 0x80])), 401],
    ['as a form', delivery('pull_request', merged, { 'content-type': 'application/x-www-form-urlencoded' }), 415],
    ['that is too large', delivery('pull_request', Buffer.alloc(MAX_BYTES + 1, 32)), 413],
  ])('%s', async (_name, request, status) => {
    const { knock, hints } = door();
    expect(await knock(request)).toMatchObject({ status, outcome: 'refused' });
    expect(hints).toEqual([]);
  });

  it('without a configured secret, even if signed with an empty one', async () => {
    const { knock, hints } = door({ secret: undefined });
    expect(await knock(genuine)).toMatchObject({ status: 403, outcome: 'refused' });
    expect(hints).toEqual([]);
  });
});

describe('GitHub’s recorded payloads', () => {
  interface Recorded {
    name: string;
    examples: readonly { action?: string; pull_request?: { merged?: boolean }; repository?: { full_name: string } }[];
  }
  const folder = dirname(createRequire(import.meta.url).resolve('@octokit/webhooks-examples/package.json'));
  const versions = ['api.github.com', 'ghes-31', 'ghes-35'];
  const recorded = versions.flatMap((version) => {
    const events: readonly Recorded[] = JSON.parse(readFileSync(join(folder, version, 'index.json'), 'utf8'));
    return events.flatMap(({ name, examples }) => examples.map((example) => ({ name, example })));
  });

  it('are there', () => {
    expect(recorded.length).toBeGreaterThan(400);
    expect(recorded.filter(({ name }) => name === 'pull_request').length).toBeGreaterThan(10);
  });

  it('are each accepted, or ignored with a reason', async () => {
    const { knock } = door();
    for (const { name, example } of recorded) {
      const answer = await knock(delivery(name, example));
      const expected = name === 'ping' ? /^pong$/ : /^ignored: (?:event "\w+"|pull request \w+|another repository)$/;
      expect({ name, ...answer }).toMatchObject({ name, body: expect.stringMatching(expected) });
    }
  });

  it('are each accepted, or ignored with a reason, by a bot of their own repository', async () => {
    const outcomes = new Set<string>();
    for (const { name, example } of recorded) {
      const { knock } = door({ repository: example.repository?.full_name ?? 'none' });
      const { status, body, outcome } = await knock(delivery(name, example));
      expect({ name, status, body }).toMatchObject({
        body: expect.stringMatching(/^(?:pong|accepted: .+|ignored: .+)$/),
      });
      outcomes.add(`${outcome} ${name}`);
    }
    expect([...outcomes]).toEqual(expect.arrayContaining(['accepted pull_request', 'ignored issue_comment']));
  });

  it('of closed pull requests are understood for their own repository', async () => {
    const closed = recorded.filter(({ name, example }) => name === 'pull_request' && example.action === 'closed');
    expect(closed.length).toBeGreaterThan(0);
    for (const { example } of closed) {
      const repository = example.repository?.full_name ?? '';
      const { knock, hints } = door({ repository });
      expect(await knock(delivery('pull_request', example))).toMatchObject({ status: 202, outcome: 'ignored' });
      const pull = { ...example.pull_request, merged: true };
      expect(await knock(delivery('pull_request', { ...example, pull_request: pull }))).toMatchObject({
        outcome: 'accepted',
      });
      expect(hints).toEqual(['branch']);
    }
  });
});
