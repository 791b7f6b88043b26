import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { createLog } from '../src/adapters/log/log.ts';
import { redisStore } from '../src/adapters/store/store.ts';
import { auditTrail } from './audit-trail.ts';
import { builtProgram, endProcess } from './bot.ts';
import { readAnswers, type BurstAnswers, type BurstTask } from './burst-client.ts';
import { exampleRepository, GROUP_VARIABLES } from './example-repository.ts';
import { startGitStandIn, type GitStandIn } from './git-github/stand-in.ts';
import { runOrFail } from './run-program.ts';
import { startSlack } from './stand-in-slack.ts';
import { until } from './until.ts';

export interface Burst {
  /** Webhooks, including repetitions. */
  webhooks: number;
  /** Parallel requests: the bot accepts 200 connections. */
  connections: number;
  /** Merges into the branch; every fourth changes no managed file. */
  merges: number;
  pullRequests: number;
  /** Kills the bot (SIGKILL) halfway, and restarts it. */
  kills: boolean;
}

export interface BurstFigures {
  /** By status; 0 for unanswered ones. */
  answers: Readonly<Record<string, number>>;
  /** Milliseconds until the answer, of those that were answered. */
  p50: number;
  p99: number;
  longest: number;
  seconds: number;
  /** Resident memory of the bot: before, and the most that it ever had. */
  memoryMiB: { before: number; most: number };
  /** Requests that GitHub got from the first webhook to the last answer. */
  askedOfGitHub: number;
  /** Seconds from the first webhook until every merge had its run. */
  runsAfter: number;
  /** Merges of managed files. */
  managed: number;
  /** Merges of managed files without a run; runs beyond one each; runs that were queued twice. */
  lost: number;
  doubled: number;
  runs: number;
  /** Open pull requests that have their comment, and those with more than one. */
  planned: number;
  plannedTwice: number;
}

const [RUNS_WITHIN_S, PLANS_WITHIN_S] = [120, 120];
/** Nobody is at home there: what is measured is the door, not the nodes. */
const NOWHERE = '127.255.255.1';

/** Sends a burst of webhooks to the program itself, and looks at what came of it. */
export async function webhookBurst(burst: Burst): Promise<BurstFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'redisops-burst-'));
  const github = await startGitStandIn({ port: 0, webhookUrl: '', app: false });
  github.git.webhooks.hold(true);
  const files = Object.entries(exampleRepository({ password: 'burst', replication: true })).map(([path, text]) => [
    path,
    text.replaceAll(/10\.0\.0\.\d+/g, NOWHERE),
  ]);
  await github.commit(Object.fromEntries(files), 'The servers');
  const bot = await startBot(folder, github);
  try {
    const story = happen(github, burst);
    const memoryBefore = await memoryOf(bot.process(), 'VmRSS');
    const asked = github.git.requests.length;
    const began = performance.now();
    const store = redisStore(bot.redis, createLog('silent'));
    const runs = () => store.runs('redis', 1000).catch(() => []);
    const found = until('a run of each merge', RUNS_WITHIN_S, async () => {
      const revisions = new Set((await runs()).map(({ revision }) => revision));
      return story.managed.every((commit) => revisions.has(commit)) ? performance.now() - began : null;
    }).catch(() => Infinity);

    let killed = 0;
    const answers = await send(folder, `${bot.url}/github/webhooks`, github, burst, async () => {
      if (!burst.kills) return;
      killed = await memoryOf(bot.process(), 'VmHWM');
      await bot.kill();
    });
    const took = performance.now() - began;
    const askedOfGitHub = github.git.requests.length - asked;
    const runsAfter = (await found) / 1000;
    await until('a comment on each pull request', PLANS_WITHIN_S, async () =>
      story.open.every((number) => commentsOn(github, number) > 0) ? true : null,
    ).catch(() => null);

    const records = await runs();
    const queued = (await auditTrail(bot.redis)).filter(({ outcome }) => outcome === 'queued');
    const times = answers
      .filter(({ status }) => status > 0)
      .map(({ ms }) => ms)
      .toSorted((a, b) => a - b);
    const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
    return {
      answers: counted(answers),
      p50: at(0.5),
      p99: at(0.99),
      longest: at(1),
      seconds: took / 1000,
      memoryMiB: { before: memoryBefore, most: Math.max(killed, await memoryOf(bot.process(), 'VmHWM')) },
      askedOfGitHub,
      runsAfter,
      managed: story.managed.length,
      lost: story.managed.filter((commit) => !records.some(({ revision }) => revision === commit)).length,
      doubled: records.length - new Set(records.map(({ revision }) => revision)).size + queued.length - records.length,
      runs: records.length,
      planned: story.open.filter((number) => commentsOn(github, number) > 0).length,
      plannedTwice: story.open.filter((number) => commentsOn(github, number) > 1).length,
    };
  } finally {
    await bot.stop();
    await github.close();
    await rm(folder, { recursive: true });
  }
}

function commentsOn({ git }: GitStandIn, number: number): number {
  return [...git.world.comments.values()].filter(({ issue }) => issue === number).length;
}

function counted(answers: BurstAnswers): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Everything at once, before the bot hears of any of it. */
function happen(github: GitStandIn, { merges, pullRequests }: Burst): { managed: string[]; open: number[] } {
  const { people, world } = github.git;
  const text = world.repository.git('show', `main:${GROUP_VARIABLES}`);
  const touching = (value: number) => ({ [GROUP_VARIABLES]: `${text}\nredis_maxmemory: ${value}mb\n` });
  const managed: string[] = [];
  for (let number = 1; number <= merges; number += 1) {
    const unmanaged = number % 4 === 0;
    const files = unmanaged ? { 'README.md': `# ${number}\n` } : touching(100 + number);
    const commit = people.merge(people.propose({ title: `Change ${number}`, files }));
    if (!unmanaged) managed.push(commit);
  }
  const open: number[] = [];
  for (let number = 1; number <= pullRequests; number += 1) {
    open.push(people.propose({ title: `Perhaps ${number}`, files: touching(1000 + number) }));
    if (number % 2 === 0) people.pushTo(open.at(-1) ?? 0, touching(2000 + number));
  }
  return { managed, open };
}

/** Every delivery once, and then again and again, in an order that is the same each time. */
async function send(
  folder: string,
  url: string,
  github: GitStandIn,
  { webhooks, connections }: Burst,
  half: () => Promise<void>,
): Promise<BurstAnswers> {
  const deliveries = github.git.webhooks.deliveries.map(({ guid, event, payload }) => {
    const body = JSON.stringify(payload);
    const signature = `sha256=${createHmac('sha256', github.webhookSecret).update(body).digest('hex')}`;
    return { guid, event, body, signature };
  });
  const task: BurstTask = { url, connections, deliveries, order: shuffled(webhooks, deliveries.length) };
  const [taskFile, answersFile] = [join(folder, 'task.json'), join(folder, 'answers.json')];
  await writeFile(taskFile, JSON.stringify(task));
  const client = spawn(process.execPath, [built('burst-client.js'), taskFile, answersFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let killing: Promise<void> = Promise.resolve();
  client.stdout.once('data', () => {
    killing = half();
  });
  const code = await new Promise((done) => client.once('close', done));
  if (code !== 0) throw new Error(`the client of the burst ended with ${String(code)}`);
  await killing;
  return readAnswers(await readFile(answersFile, 'utf8'));
}

function shuffled(length: number, different: number): number[] {
  const order = Array.from({ length }, (_, index) => index % different);
  let state = 1;
  for (let last = length - 1; last > 0; last -= 1) {
    state = (state * 48_271) % 2_147_483_647;
    const other = state % (last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

interface BurstBot {
  url: string;
  redis: Redis;
  process(): ChildProcess;
  /** As kill -9 does; answers when another process is ready. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

async function startBot(folder: string, github: GitStandIn): Promise<BurstBot> {
  const [port, slackPort] = await Promise.all([freePort(), freePort()]);
  const url = `http://127.0.0.1:${port}`;
  const slack = await startSlack({ port: slackPort, botUrl: url });
  const [keyFile, knownHostsFile, logFile] = ['key', 'known_hosts', 'bot.log'].map((name) => join(folder, name));
  await runOrFail(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', keyFile ?? '']);
  const hostKey = (await readFile(`${keyFile}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ');
  await writeFile(knownHostsFile ?? '', `10.0.0.123 ${hostKey}\n`);
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_CHANNEL: slack.channel,
    SLACK_API_URL: slack.apiUrl,
    GITHUB_REPOSITORY: github.repository,
    GITHUB_TOKEN: github.botToken,
    GITHUB_WEBHOOK_SECRET: github.webhookSecret,
    GITHUB_API_URL: github.url,
    SSH_PRIVATE_KEY_FILE: keyFile,
    SSH_KNOWN_HOSTS_FILE: knownHostsFile,
    STATE_DIR: folder,
    HOST: '127.0.0.1',
    PORT: String(port),
  };
  const start = async (): Promise<ChildProcess> => {
    const log = await open(logFile ?? '', 'a');
    const child = spawn(process.execPath, [builtProgram(), 'serve'], {
      env: environment,
      stdio: ['ignore', log.fd, log.fd],
    });
    await log.close();
    await until(`the bot is ready (its log: ${logFile})`, 30, async () => {
      if (child.exitCode !== null) throw new Error(await readFile(logFile ?? '', 'utf8'));
      return (await fetch(`${url}/readyz`).catch(() => null))?.ok === true ? true : null;
    }).catch((error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    });
    return child;
  };
  let child = await start();
  const redis = new Redis({ path: join(folder, 'queue', 'redis.sock'), retryStrategy: () => 100 });
  redis.on('error', () => undefined);
  return {
    url,
    redis,
    process: () => child,
    async kill() {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGKILL');
      await ended;
      child = await start();
    },
    async stop() {
      redis.disconnect();
      await endProcess(child);
      await slack.close();
    },
  };
}

async function memoryOf({ pid }: ChildProcess, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Seen from dist/lab/ it is one place, from lab/ another. */
function built(name: string): string {
  const places = [name, `../dist/lab/${name}`].map((path) => resolve(import.meta.dirname, path));
  const place = places.find((each) => existsSync(each));
  if (place === undefined) throw new Error(`The program is not built: ${name} is at none of ${places.join(', ')}.`);
  return place;
}
