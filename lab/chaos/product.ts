import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createLog } from '../../src/adapters/log/log.ts';
import { redisStore } from '../../src/adapters/store/store.ts';
import type { RunRecord } from '../../src/domain/run/run.ts';
import { startBot, type RunningBot } from '../bot.ts';
import { startGitStandIn, type GitStandIn } from '../git-github/stand-in.ts';
import { onHost } from '../hosts.ts';
import { until } from '../until.ts';
import { exampleRepository, GROUP_VARIABLES } from '../example-repository.ts';
import type { Store } from '../../src/ports/store.ts';

/** The merger is nobody whom Slack knows: without this nobody could approve a merge of his. */
const POLICY = `clusters:
  redis:
    allow_own_approval: true
    drift: {every: never}
`;
const WORKERS = [
  ['worker 1', 4811],
  ['worker 2', 4812],
] as const;
const RESTART_AFTER_MS = 1000;
const HELD_MS = 5000;

export type Part = 'bot' | 'worker 1' | 'worker 2' | 'the queue’s Redis';

/** The program as a team runs it: a bot, two workers, each started again when it ends, as systemd would do it. */
export interface Product {
  store: Store;
  /** Merges a pull request that asks for these variables. Answers its number. */
  merge(title: string, variables: readonly string[]): Promise<number>;
  /** The run of a merge, or null. */
  runOf(pullRequest: number): Promise<RunRecord | null>;
  run(name: string): Promise<RunRecord | null>;
  /** All that there were, newest first. */
  runs(): Promise<readonly RunRecord[]>;
  /** Says yes to what waits. Answers whether somebody heard it. */
  approve(): Promise<boolean>;
  /** `/redis apply`. */
  apply(): Promise<boolean>;
  processOf(part: Part): Promise<number>;
  isReplica(host: string): Promise<boolean>;
  /** False for a master. A replica answers nobody for five seconds: long enough to end it before the role comes to it. */
  holdReplica(host: string): Promise<boolean>;
  /** When a master’s Redis was killed, by `performance.now()`. */
  masterDeaths: number[];
  close(): Promise<void>;
}

/** No team merges a hundred times within the hour for which GitHub counts requests. */
async function unlimitedGitHub(place: Parameters<typeof startGitStandIn>[0]): Promise<GitStandIn> {
  const github = await startGitStandIn(place);
  github.git.rateLimit.remaining = Number.MAX_SAFE_INTEGER;
  return github;
}

export async function startProduct(password: string): Promise<Product> {
  const files = exampleRepository({ password, replication: false });
  const bot = await startBot(
    { ...files, 'redisops.yml': POLICY },
    { parameters: ['--only', 'bot'], github: (place) => unlimitedGitHub({ ...place, app: false }) },
  );
  const parts = new Map<Part, ChildProcess>();
  const closing = new AbortController();

  /** As systemd would: what ended is started again. */
  const keepRunning = async (part: Part, first: ChildProcess, start: () => Promise<ChildProcess>): Promise<void> => {
    let child: ChildProcess | null = first;
    while (!closing.signal.aborted) {
      if (child) parts.set(part, child);
      if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      await delay(RESTART_AFTER_MS);
      if (!closing.signal.aborted) child = await start().catch(() => null);
    }
  };
  const startWorker = (port: number) => () => bot.startProcess(['--only', 'worker'], port);
  const [first] = bot.processes;
  if (!first) throw new Error('the bot did not start');
  void keepRunning('bot', first, () => bot.startProcess(['--only', 'bot']));
  for (const [part, port] of WORKERS) void keepRunning(part, await startWorker(port)(), startWorker(port));

  const redis = new Redis({
    path: join(bot.stateDirectory, 'queue', 'redis.sock'),
    retryStrategy: () => 100,
    maxRetriesPerRequest: null,
  });
  redis.on('error', () => undefined);
  const store = redisStore(redis, createLog('silent'));
  return productOf(bot, store, {
    async processOf(part) {
      // One that an earlier round killed may be on its way back.
      if (part !== 'the queue’s Redis')
        return until(`${part} runs`, 60, () => {
          const child = parts.get(part);
          const isGone = child?.exitCode !== null || child.signalCode !== null;
          return Promise.resolve(isGone ? null : (child.pid ?? null));
        });
      return Number(/^process_id:(\d+)/m.exec(await redis.info('server'))?.[1]);
    },
    async close() {
      closing.abort();
      redis.disconnect();
      await bot.stop();
    },
    password,
  });
}

/** Commands over one connection. */
async function redisCli(host: string, password: string, lines: readonly string[]): Promise<string> {
  const script = 'IFS= read -r REDISCLI_AUTH; export REDISCLI_AUTH; exec redis-cli --no-auth-warning';
  return (await onHost(host, script, { stdin: [password, ...lines, ''].join('\n') })).stdout;
}

function productOf(
  { slack, github }: RunningBot,
  store: Store,
  { password, ...rest }: Pick<Product, 'processOf' | 'close'> & { password: string },
): Product {
  const heard = (answer: Promise<{ status: number }>): Promise<boolean> =>
    answer.then(
      ({ status }) => status === 200,
      () => false,
    );
  const runs = () => patient(() => store.runs('redis', 1000));
  return {
    ...rest,
    store,
    async merge(title, variables) {
      const text = exampleRepository({ password, replication: true, variables })[GROUP_VARIABLES] ?? '';
      const pullRequest = await github.openPullRequest(GROUP_VARIABLES, text, title);
      await github.merge(pullRequest);
      return pullRequest;
    },
    runOf: async (pullRequest) => (await runs()).find(({ origin }) => origin.pullRequest === pullRequest) ?? null,
    isReplica: async (host) => (await redisCli(host, password, ['ROLE'])).startsWith('slave'),
    async holdReplica(host) {
      if (!(await redisCli(host, password, ['ROLE'])).startsWith('slave')) return false;
      const held = await redisCli(host, password, ['MULTI', `CLIENT PAUSE ${HELD_MS} ALL`, 'ROLE', 'EXEC']);
      return /^slave$/m.test(held);
    },
    masterDeaths: [],
    run: (name) => patient(() => store.run(name)),
    runs,
    approve: () => heard(slack.click('anna', 'approval:approve')),
    apply: () => heard(slack.command('anna', 'apply')),
  };
}

/** The queue’s Redis may be killed, or stopped for longer than anybody waits for an answer. */
async function patient<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 10) throw error;
      await delay(RESTART_AFTER_MS);
    }
  }
}
