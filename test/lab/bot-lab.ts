import { createServer, type IncomingMessage } from 'node:http';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startBot, WEBHOOKS_URL, type RunningBot } from '../../lab/bot.ts';
import { auditTrail } from '../../lab/audit-trail.ts';
import { exampleRepository, GROUP_VARIABLES } from '../../lab/example-repository.ts';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { slackLines } from '../../lab/slack-view.ts';
import type { SlackMessage } from '../../lab/stand-in-slack.ts';
import { until } from '../../lab/until.ts';
import { createLog } from '../../src/adapters/log/log.ts';
import { redisStore } from '../../src/adapters/store/store.ts';
import type { AuditEntry, RunRecord } from '../../src/domain/run/run.ts';
import { infoField, PASSWORD, withoutDelay } from './lab-cluster.ts';
import { watchLog } from './pool/transcript.ts';
import type { JournalEntry } from '../../src/domain/run/journal.ts';
import type { Store } from '../../src/ports/store.ts';

export const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
/** The end of a root message’s first line. */
const FINISHED = /– (?:done|nothing to do|refused|failed|stopped|denied|expired)$/;

/** A run as shown to people and as stored. */
export interface SeenRun {
  record: RunRecord;
  journal: readonly JournalEntry[];
  /** First line of the root message. */
  title: string;
  /** Root message and replies, as displayed. */
  text: string;
  root: SlackMessage;
  messages: readonly SlackMessage[];
  /** Names of the files in the thread. */
  files: readonly string[];
  /** On the run’s pull request; empty without one. */
  comments: readonly string[];
}

export interface CommandAnswer {
  text: string;
  status: number;
  /** Milliseconds until the HTTP answer. */
  tookMs: number;
}

/** The built program between stand-ins for Slack and GitHub, on bare hosts. */
export interface BotLab {
  bot: RunningBot;
  /** The program’s store, accessed directly. */
  store: Store;
  /** The audit, newest first. */
  audited(): Promise<readonly AuditEntry[]>;
  /** Every `/redis` command sent, with its HTTP answer. */
  asked: readonly CommandAnswer[];
  /** Merges a pull request with this change; returns its number. */
  merge(title: string, variables?: readonly string[]): Promise<number>;
  /** Sends a `/redis` command and waits for the private answer. */
  ask(person: string, text: string): Promise<string>;
  /** Waits for this person’s next private message, counting from `after`. */
  whisper(person: string, after: number): Promise<string>;
  /** Waits until the channel’s n-th run has its buttons, and only waits for them. */
  buttons(thread: number): Promise<SlackMessage>;
  /** Waits for the end of the channel’s n-th run, counting from 0. */
  ended(thread: number, seconds?: number): Promise<SeenRun>;
  /** Waits until the channel’s n-th run began its first step of the kind; returns the run’s name. */
  inTheMiddle(thread: number, action: string): Promise<string>;
  /** Process ID of the queue’s own redis-server. */
  queueProcess(): Promise<number>;
  threads(): Promise<number>;
  close(): Promise<void>;
}

/** Resets the hosts and starts the program. */
export async function openBotLab(
  options: Parameters<typeof startBot>[1] & { replication?: boolean; password?: string } = {},
) {
  await resetHosts();
  const { password = PASSWORD } = options;
  const bot = await startBot(repositoryFiles(false, [], password), options);
  watchLog(bot.logFile);
  const redis = new Redis({ path: join(bot.stateDirectory, 'queue', 'redis.sock'), retryStrategy: () => 100 });
  redis.on('error', () => undefined);
  return botLab(bot, redis, password);
}

function repositoryFiles(
  replication: boolean,
  variables: readonly string[],
  plain: string,
): Readonly<Record<string, string>> {
  const password = plain.replaceAll('"', '\\"');
  return exampleRepository({ password, replication, variables: withoutDelay(variables) });
}

function botLab(bot: RunningBot, redis: Redis, password: string): BotLab {
  const { slack, github } = bot;
  const store = redisStore(redis, createLog('silent'));
  const asked: CommandAnswer[] = [];
  const rootAt = async (index: number): Promise<SlackMessage | null> => (await slack.roots())[index] ?? null;

  const whisper = (person: string, after: number): Promise<string> =>
    until(`a whisper to ${person}`, 30, () => {
      const found = slack.whispers.slice(after).find(({ user }) => user === slack.person(person));
      return Promise.resolve(found ? textOf(found.message) : null);
    });

  const recordOf = async (root: SlackMessage): Promise<RunRecord | null> => {
    for (const record of await store.runs('redis', 100)) {
      if ((await store.threadOf(record.run))?.timestamp === root.ts) return record;
    }
    return null;
  };

  /** The last text a run posts. */
  const commentsOn = async (pullRequest: number | undefined): Promise<readonly string[]> => {
    if (pullRequest === undefined) return [];
    return until(`the outcome on #${pullRequest}`, 15, async () => {
      const comments = await github.comments(pullRequest);
      return comments.length > 0 ? comments : null;
    });
  };

  return {
    bot,
    store,
    audited: () => auditTrail(redis),
    asked,
    whisper,
    async merge(title, variables = []) {
      const text = repositoryFiles(true, variables, password)[GROUP_VARIABLES] ?? '';
      const pullRequest = await github.openPullRequest(GROUP_VARIABLES, text, title);
      await github.merge(pullRequest);
      return pullRequest;
    },
    async ask(person, text) {
      const whispers = slack.whispers.length;
      const began = performance.now();
      const { status } = await slack.command(person, text);
      const tookMs = performance.now() - began;
      asked.push({ text, status, tookMs });
      return whisper(person, whispers);
    },
    buttons: (thread) =>
      until('the buttons', 30, async () => {
        const root = await rootAt(thread);
        if (!root?.blocks.some(({ block_id }) => block_id === 'approval')) return null;
        return (await recordOf(root))?.status === 'awaiting-approval' ? root : null;
      }),
    async ended(thread, seconds = 30) {
      const root = await until(`the end of run ${thread}`, seconds, async () => {
        const found = await rootAt(thread);
        return found && FINISHED.test(titleOf(found)) ? found : null;
      });
      const messages = await until('the report in the thread', 15, async () => {
        const found = await slack.thread(root);
        return found.some(({ files }) => files.length > 0) ? found : null;
      });
      const record = await recordOf(root);
      if (!record) throw new Error(`no run has the thread “${titleOf(root)}”`);
      const journal = await store.journal(record.run);
      const files = messages.flatMap((message) => message.files.map(({ name = '' }) => name));
      const text = messages.map(textOf).join('\n');
      const comments = await commentsOn(record.origin.pullRequest);
      return { record, journal, title: titleOf(root), text, root, messages, files, comments };
    },
    inTheMiddle: (thread, action) =>
      until(`${action} in run ${thread}`, 30, async () => {
        const root = await rootAt(thread);
        const record = root ? await recordOf(root) : null;
        if (!record) return null;
        const journal = await store.journal(record.run);
        return journal.some((entry) => entry.action === action) ? record.run : null;
      }),
    async queueProcess() {
      const pid = Number(/^process_id:(\d+)/m.exec(await redis.info('server'))?.[1]);
      if (!(pid > 1)) throw new Error('the queue’s Redis names no process');
      return pid;
    },
    threads: async () => (await slack.roots()).length,
    async close() {
      redis.disconnect();
      await bot.stop();
      if (process.env['KEEP'] === undefined) await rm(bot.stateDirectory, { recursive: true });
    },
  };
}

export function textOf(message: Pick<SlackMessage, 'text' | 'blocks'>): string {
  return slackLines(message).join('\n');
}

function titleOf(message: SlackMessage): string {
  return slackLines(message)[0] ?? '';
}

/** `redis-02 write-file 3`: begun steps, in order. */
export function begun(journal: readonly JournalEntry[]): readonly string[] {
  return journal.filter(({ state }) => state === 'began').map(({ node, action, step }) => `${node} ${action} ${step}`);
}

/** Run IDs of Redis on all hosts: a new one after every start. */
export function runIds(): Promise<readonly string[]> {
  return Promise.all(HOSTS.map((host) => infoField(host, 'run_id')));
}

/** Gives an apply something disruptive to do: one restart of that node. */
export async function takeAwayDropIn(host: string): Promise<void> {
  const dropIn = '/etc/systemd/system/redis-server.service.d/override.conf';
  const { code } = await onHost(host, `rm ${dropIn} && systemctl daemon-reload && systemctl restart redis-server`);
  if (code !== 0) throw new Error(`${host} keeps its drop-in`);
}

export async function logOf(bot: RunningBot): Promise<string> {
  return readFile(bot.logFile, 'utf8');
}

export interface Courier {
  url: string;
  /** The bot’s answers to each delivery of a merge: `202 accepted: …`. */
  answers: readonly string[];
  close(): Promise<void>;
}

/**
 * Sits between GitHub and the bot, and sends every delivery twice at once, like two hooks, and then once more, like
 * “Redeliver”.
 */
export async function startCourier(): Promise<Courier> {
  const answers: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const bring = async (guid: string): Promise<void> => {
        const headers = new Headers({ 'x-github-delivery': guid, 'content-type': 'application/json' });
        for (const name of ['x-github-event', 'x-hub-signature-256']) headers.set(name, String(request.headers[name]));
        const answer = await fetch(WEBHOOKS_URL, { method: 'POST', headers, body });
        answers.push(`${answer.status} ${(await answer.text()).trim()}`);
      };
      const guid = String(request.headers['x-github-delivery']);
      await Promise.all([bring(guid), bring(`${guid}-of-the-second-hook`)]);
      await bring(guid);
      response.end();
    })().catch((error: unknown) => response.writeHead(502).end(String(error)));
  });
  await new Promise<void>((done) => server.listen(4803, '127.0.0.1', done));
  return {
    url: 'http://127.0.0.1:4803/',
    answers,
    close: async () => {
      await new Promise((done) => server.close(done));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
