import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { githubWebhook } from '../../../src/adapters/github/webhook.ts';
import { readClick, readCommand } from '../../../src/adapters/slack/request.ts';
import { oneNode, readText } from '../../../src/chat/read-text.ts';
import { asksFor } from '../../../src/domain/git/pull-request.ts';
import type { Report } from '../../../src/domain/report.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { approvalRequest } from '../../../src/records/approval.ts';
import { auditEntry, chainedEntry } from '../../../src/records/audit.ts';
import { driftRecord } from '../../../src/records/drift.ts';
import { jobPayload } from '../../../src/records/job.ts';
import { journalEntry } from '../../../src/records/journal.ts';
import { lastLook } from '../../../src/records/last-look.ts';
import { messageReference } from '../../../src/records/message.ts';
import { plan, runResult } from '../../../src/records/result.ts';
import { runRecord } from '../../../src/records/run.ts';
import { markdownParts } from '../../../src/report/markdown/parts.ts';
import { slackMessages } from '../../../src/report/slack/slack-messages.ts';
import { terminal } from '../../../src/report/terminal.ts';
import type { Border } from './border.ts';
import { jsonOf, textsOf } from './texts.ts';

const SCHEMAS = [
  approvalRequest,
  auditEntry,
  chainedEntry,
  driftRecord,
  jobPayload,
  journalEntry,
  lastLook,
  messageReference,
  plan,
  runResult,
  runRecord,
];
const HOOK_SECRET = 'of the webhook';
const knock = githubWebhook({
  secret: new Secret(HOOK_SECRET),
  repositories: [
    {
      repository: 'acme/infra',
      branch: 'main',
      onPullRequest: () => undefined,
      onMergeGroup: () => undefined,
      onBranch: () => undefined,
    },
  ],
});

const TALK = [
  'status',
  'resync ',
  'redis-02',
  ' ',
  '--cluster ',
  '—cluster ',
  '--break-glass ',
  '"',
  '“',
  '”',
  "'",
  '`',
  '«',
  '=',
  '\n',
  '\u200b',
  'set maxmemory ',
  '1gb',
  '<@U01>',
  '<!channel>',
  '&amp;',
  '*',
  '_',
  '~',
  '|',
  '/redisops plan',
  ' abcdef012345',
];
const BODY = [
  'action',
  'repository',
  'full_name',
  'default_branch',
  'pull_request',
  'number',
  'merged',
  'merge_commit_sha',
  'merged_by',
  'login',
  'base',
  'ref',
  'comment',
  'body',
  'issue',
  'changes',
  'user',
  'channel',
  'id',
  'message',
  'ts',
  'actions',
  'action_id',
  'value',
  'trigger_id',
  'text',
  'user_id',
  'channel_id',
  'team_id',
  'response_url',
  'enterprise',
  'team',
];
const VALUES = [
  'acme/infra',
  'main',
  'refs/heads/main',
  'closed',
  'opened',
  'U01',
  'C01',
  'approve',
  'https://x.test/',
  '',
  null,
  true,
  1,
  -1,
  1e308,
  '{}',
  '[]',
  '__proto__',
  'x'.repeat(3000),
];
const RECORD = [
  'run',
  'cluster',
  'goal',
  'kind',
  'converge',
  'revision',
  'origin',
  'from',
  'actor',
  'status',
  'code',
  'message',
  'at',
  'step',
  'node',
  'action',
  'state',
  'digest',
  'waves',
  'actions',
  'blockers',
  'risks',
  'topology',
  'nodes',
  'hash',
  'number',
  'previous',
];
const RECORDED = [
  'slack',
  'converge',
  'done',
  'began',
  '2026-01-01T00:00:00Z',
  'INTERNAL',
  'redis',
  '',
  0,
  -1,
  null,
  true,
];

/** What others wrote comes into a report cut; only diffs are longer. */
const reportTexts = (words: readonly string[]) => textsOf(words, 4000);

function reportOf(text: string): Report {
  const [title = '', summary = '', next = '', ...rest] = text.split(/(?<=\n)/);
  return {
    title,
    tone: 'bad',
    summary,
    next,
    sections: [
      { kind: 'text', heading: title, text },
      { kind: 'list', items: rest.slice(0, 200).map((each) => ({ tone: 'neutral', text: each })) },
      { kind: 'table', columns: ['a', 'b'], rows: rest.slice(0, 200).map((each) => [each, title.slice(0, 100)]) },
      { kind: 'code', language: 'log', lines: text.split('\n').slice(0, 500) },
    ],
    footer: [summary],
  };
}

function signed(event: string, body: string) {
  const rawBody = Buffer.from(body);
  const signature = `sha256=${createHmac('sha256', HOOK_SECRET).update(rawBody).digest('hex')}`;
  const headers = { 'content-type': 'application/json', 'x-github-event': event, 'x-hub-signature-256': signature };
  return knock({ rawBody, headers });
}

const bodies = jsonOf(BODY, VALUES);
const json = (value: unknown): string => JSON.stringify(value) ?? '';

export const BOT_BORDERS: readonly Border<string>[] = [
  { name: 'Slack command', inputs: textsOf(TALK), read: commandRead },
  {
    name: 'Slack payload',
    inputs: bodies.map(json),
    read: (text) => [readCommand(JSON.parse(text)), readClick(JSON.parse(text))].map((each) => each === null),
  },
  {
    name: 'GitHub webhook',
    inputs: fc
      .tuple(
        fc.constantFrom('pull_request', 'push', 'issue_comment', 'merge_group', 'pull_request_review', 'x'),
        fc.oneof(bodies.map(json), textsOf(['{', '}', '"', ':', '['])),
      )
      .map(([event, body]) => `${event}\n${body}`),
    read: (text) => signed(text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n') + 1)),
  },
  {
    name: 'records',
    inputs: jsonOf(RECORD, RECORDED).map(json),
    read: (text) => SCHEMAS.map((schema) => schema.safeParse(JSON.parse(text)).success),
  },
  {
    name: 'Slack message',
    inputs: reportTexts([...TALK, '```', '://', 'x.test', '#', '\u202e', '👩‍👩‍👧']),
    read: (text) => slackMessages(reportOf(text), []).length,
  },
  {
    name: 'Markdown',
    inputs: reportTexts([...TALK, '```', '~~~', '<!--', '-->', '@acme', '[a](b)', '| ', '<img>', '\u202e']),
    read: (text) => markdownParts(reportOf(text)).length,
  },
  {
    name: 'terminal',
    inputs: reportTexts([...TALK, '\u001b[31m', '\u202e', '👩‍👩‍👧', '\u0301', '漢']),
    read: (text) => terminal(reportOf(text), { colour: false, width: 80 }).length,
  },
];

function commandRead(text: string): unknown {
  asksFor(text, { head: 'abcdef0123456789abcdef0123456789abcdef01', fork: 'mallory/infra' });
  const { operands } = readText(text);
  return oneNode(operands, '/redis resync NODE');
}
