import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { answerCommand } from '../commands/answer.ts';
import { decide } from '../commands/approve.ts';
import { decideDrift } from '../commands/drift-click.ts';
import type { CommandPorts } from '../commands/command.ts';
import { clickStop } from '../commands/stop.ts';
import { sharedReads } from '../commands/shared-reads.ts';
import * as execute from '../jobs/execute.ts';
import * as propose from '../jobs/propose.ts';
import { backupsIn } from './adapters/backups.ts';
import { checkout } from './adapters/checkout.ts';
import { gitHubClient, type GitHubIdentity, type GitHubSettings } from './adapters/github-client.ts';
import { gitHubDeployments } from './adapters/github-deployments.ts';
import { gitHubReviews } from './adapters/github-reviews.ts';
import { GITHUB_REQUESTS, githubWebhook } from './adapters/github-webhook.ts';
import { gitHub } from './adapters/github.ts';
import { probeRoutes } from './adapters/http-probes.ts';
import { startHttpServer, type Route } from './adapters/http-server.ts';
import { createLog, type ChildLog } from './adapters/log.ts';
import { createMetrics, type Metrics } from './adapters/metrics.ts';
import { connectQueue } from './adapters/queue-connection.ts';
import { queueRedis } from './adapters/queue-redis.ts';
import { runQueue, type RawJob, type RunQueue } from './adapters/queue.ts';
import { appendRun } from './adapters/run-log.ts';
import { slackDoor, type SlackDoor } from './adapters/slack-door.ts';
import { SLACK_REQUESTS } from './adapters/slack-http.ts';
import { slackChat, type Dress } from './adapters/slack.ts';
import { sshNodes } from './adapters/ssh.ts';
import { redisStore } from './adapters/store.ts';
import type { Invocation } from './cli/arguments.ts';
import { vaultPasswordOf } from './cli/context.ts';
import { clustersOf } from './desired/read-desired.ts';
import { RedisopsError } from './domain/error.ts';
import type { RunResult } from './domain/run.ts';
import { Secret } from './domain/secret.ts';
import type { CodeHost, ConfigSource, Nodes, QueuedJob, Reviews, Store } from './ports.ts';
import { errorReport } from './report/error-report.ts';
import { slackMessages } from './report/slack-messages.ts';
import { endAbandoned } from './run/abandoned.ts';
import { followBranch, type BranchFollower } from './run/follow-branch.ts';
import type { RunPorts } from './run/ports.ts';
import { reconciler, ToldMerges } from './run/reconcile.ts';
import { recoverRuns } from './run/recover.ts';
import { watchPullRequests, type PullRequestWatch } from './run/pull-request-watch.ts';
import { watchDrift } from './run/watch-drift.ts';
import { httpPort, problemsOfServe, settingsInvalid, type Settings } from './settings.ts';

const READS_AT_ONCE = 2;
const RECOVER_EVERY_MS = 15_000;
/** How often it is asked whether a look for drift is due. */
const WATCH_EVERY_MS = 5000;
/** How long a run that is under way has to end when the program is asked to. */
const GRACE_MS = 60_000;

/** What is made once and lives as long as the program. */
interface Program extends CommandPorts {
  /** Connections of their own: what people read takes no session from a run. */
  nodesToRead: Nodes;
  settings: Settings;
  log: ChildLog;
  metrics: Metrics;
  queue: RunQueue;
  dress: Dress;
  reviews: Reviews | null;
  told: ToldMerges;
  ping(): Promise<void>;
}

/** Runs the bot, the worker, or both, until SIGTERM or SIGINT. */
export async function serve(settings: Settings, invocation: Invocation): Promise<void> {
  const problems = problemsOfServe(settings, invocation.repoGiven);
  if (problems.length > 0) throw settingsInvalid(problems);

  const log = createLog(settings.LOG_LEVEL);
  const asked = untilAsked();
  const owned = await queueRedis(
    { ...(settings.QUEUE_REDIS_URL ? { url: settings.QUEUE_REDIS_URL } : {}), stateDir: settings.STATE_DIR },
    log,
  );
  const connection = connectQueue(owned.address, log);
  const queue = runQueue(owned.address, log);
  const store = redisStore(connection, log);
  const program = await assemble({ settings, invocation, log, queue, store, ping: () => owned.ping() });

  const stopWorker = invocation.only === 'bot' ? nothing : await startWorkers(program);
  const stopBot = await startBot(program, invocation.only !== 'worker');
  log.info({ only: invocation.only ?? 'bot and worker' }, 'ready');
  log.info({ signal: await asked }, 'stopping');

  await stopBot();
  await stopWorker();
  await Promise.all([program.nodes.close(), program.nodesToRead.close()]);
  await queue.close();
  connection.disconnect();
  await owned.release();
}

async function nothing(): Promise<void> {}

function untilAsked(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}

async function assemble(parts: {
  settings: Settings;
  invocation: Invocation;
  log: ChildLog;
  queue: RunQueue;
  store: Store;
  ping(): Promise<void>;
}): Promise<Program> {
  const { settings, invocation, log, queue, store } = parts;
  const metrics = createMetrics();
  const place = await gitHubOf(settings);
  const codeHost = place && gitHub(place);
  const client = place && gitHubClient(place);
  const dress: Dress = slackMessages;
  const vaultPassword = await vaultPasswordOf(settings);
  const ssh = {
    user: settings.SSH_USER,
    privateKeyFile: settings.SSH_PRIVATE_KEY_FILE,
    knownHostsFile: settings.SSH_KNOWN_HOSTS_FILE,
  };
  return {
    settings,
    log,
    metrics,
    queue,
    store,
    codeHost,
    reviews: place && client && gitHubReviews(client, writesChecks(place)),
    ...(client ? { deployments: gitHubDeployments(client) } : {}),
    dress,
    told: new ToldMerges(),
    ping: () => parts.ping(),
    chat: slackChat({ botToken: needed(settings.SLACK_BOT_TOKEN), apiUrl: settings.SLACK_API_URL, dress, log }),
    backups: backupsIn(settings.BACKUP_DIR ?? join(settings.STATE_DIR, 'backups')),
    nodes: sshNodes(ssh),
    nodesToRead: sshNodes(ssh),
    reads: sharedReads(READS_AT_ONCE),
    clock: { now: () => new Date() },
    ...(vaultPassword ? { vaultPassword } : {}),
    defaultChannel: settings.SLACK_CHANNEL ?? '',
    source: sourceOf(settings, invocation, codeHost),
    finished: (result) => {
      metrics.runFinished(result);
      void keepForCommandLine(result, store, settings, log);
    },
  };
}

/** Settings were checked before: what is missing here is a fault of ours. */
function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a setting that was checked is missing');
  return value;
}

function sourceOf(
  settings: Settings,
  { repo, repoGiven }: Invocation,
  codeHost: CodeHost | null,
): (revision: string | null) => Promise<ConfigSource> {
  if (repoGiven || !codeHost) return () => Promise.resolve(checkout(repo));
  return async (revision) => codeHost.at(revision ?? (await codeHost.head(settings.GITHUB_BRANCH)));
}

async function gitHubOf(settings: Settings): Promise<GitHubSettings | null> {
  const repository = settings.GITHUB_REPOSITORY;
  if (repository === undefined) return null;
  return {
    repository,
    branch: settings.GITHUB_BRANCH,
    identity: await identityOf(settings),
    apiUrl: settings.GITHUB_API_URL,
  };
}

/** Check runs are for Apps; `ghs_…` is the token of one’s installation. */
function writesChecks({ identity }: GitHubSettings): boolean {
  return identity.kind === 'app' || identity.token.reveal().startsWith('ghs_');
}

async function identityOf(settings: Settings): Promise<GitHubIdentity> {
  const { GITHUB_TOKEN: token, GITHUB_APP_ID: appId, GITHUB_PRIVATE_KEY_FILE: file } = settings;
  if (appId === undefined || file === undefined) return { kind: 'token', token: needed(token) };
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RedisopsError('SETTINGS_INVALID', `GITHUB_PRIVATE_KEY_FILE cannot be read: ${file}`, {
      cause,
      hint: 'It must be the GitHub App’s private key, in PEM.',
    });
  });
  return { kind: 'app', appId, privateKey: new Secret(pem) };
}

/** The command line’s history shows the bot’s runs of this machine, too. */
async function keepForCommandLine(result: RunResult, store: Store, settings: Settings, log: ChildLog): Promise<void> {
  try {
    const record = await store.run(result.run);
    if (record) await appendRun(settings.STATE_DIR, record);
  } catch (error) {
    log.warn({ run: result.run, error }, 'could not append to the history');
  }
}

async function startWorkers(program: Program): Promise<() => Promise<void>> {
  const clusters = await clustersOf(await program.source(null));
  const workers = await Promise.all(
    clusters.map((cluster) =>
      program.queue.startWorker(cluster, (job, stop) => carryOutJob(job, { ...program, stop }), {
        parse: parseJob,
        failed: (job, error) => void abandon(job, error, program),
      }),
    ),
  );
  const recover = () =>
    Promise.all(
      clusters.map((cluster) =>
        recoverRuns(cluster, program).catch((error: unknown) =>
          program.log.warn({ cluster, error }, 'could not look for open runs'),
        ),
      ),
    );
  await recover();
  const timer = setInterval(() => void recover(), RECOVER_EVERY_MS);
  const stopWatching = startWatching(clusters, program);
  return async () => {
    clearInterval(timer);
    await stopWatching();
    await Promise.all(workers.map((worker) => worker.close(GRACE_MS)));
  };
}

/** Answers how to stop; a look that is under way has a moment to end, and another worker looks again. */
function startWatching(clusters: readonly string[], program: Program): () => Promise<void> {
  const ports = { ...program, nodes: program.nodesToRead };
  let watching: Promise<unknown> | null = null;
  const watch = () =>
    Promise.all(
      clusters.map((cluster) =>
        watchDrift(cluster, ports).catch((error: unknown) =>
          program.log.warn({ cluster, error }, 'could not look for drift'),
        ),
      ),
    );
  const timer = setInterval(() => {
    watching ??= watch().finally(() => (watching = null));
  }, WATCH_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await Promise.race([watching, pause(5000, undefined, { ref: false })]);
  };
}

function parseJob({ id, name, data }: RawJob): QueuedJob {
  if (name === propose.name) return { name: 'propose', id, data: propose.payload.parse(data) };
  if (name === execute.name) return { name: 'execute', id, data: execute.payload.parse(data) };
  throw new RedisopsError('INTERNAL', `There is no job “${name.slice(0, 40)}”.`, {
    hint: 'Is another version of redisops queueing?',
  });
}

function carryOutJob(job: QueuedJob, ports: RunPorts): Promise<void> {
  switch (job.name) {
    case 'propose':
      return propose.run(job.data, ports);
    case 'execute':
      return execute.run(job.data, ports);
  }
}

const named = z.looseObject({ run: z.string() });

async function abandon({ id, data }: RawJob, error: RedisopsError, program: Program): Promise<void> {
  try {
    await endAbandoned({ id, run: named.parse(data).run }, error, program);
  } catch (failure) {
    program.log.error({ job: id, error: failure }, 'an abandoned run could not be ended; it is taken up again');
  }
}

/** The HTTP port is there for both halves: probes and metrics. Slack and GitHub knock at the bot’s only. */
async function startBot(program: Program, takesRequests: boolean): Promise<() => Promise<void>> {
  const { settings, log, metrics } = program;
  const door = takesRequests ? doorOf(program) : null;
  const reviews = takesRequests ? pullRequestsOf(program) : null;
  const branch = takesRequests ? branchOf(program) : null;
  await Promise.all([door?.start(), branch?.begun]);
  const checks = {
    queue: () => program.ping(),
    ...(door
      ? { slack: () => (door.ready() ? Promise.resolve() : Promise.reject(new Error('not connected to Slack'))) }
      : {}),
  };
  const routes: Route[] = [
    ...probeRoutes(checks, metrics, log),
    ...(door ? requestRoutes(door, { reviews, branch }, program) : []),
  ];
  const port = httpPort(settings);
  const server = port === null ? null : await startHttpServer({ port, host: settings.HOST, routes, log });
  if (server) log.info({ port: server.port }, 'listening');
  else log.info({}, 'no port is opened: Slack comes by its socket, GitHub is asked');
  return async () => {
    await door?.stop();
    await Promise.race([Promise.all([reviews?.close(), branch?.close()]), pause(5000, undefined, { ref: false })]);
    await server?.close(5000);
  };
}

/** Null where the configuration is not GitHub’s. */
function branchOf(program: Program): BranchFollower | null {
  const { codeHost, settings, log } = program;
  if (!codeHost) return null;
  const ports = { ...program, codeHost, branch: settings.GITHUB_BRANCH };
  const times = { everyMs: settings.GITHUB_POLL_SECONDS * 1000, settleMs: 1000 };
  return followBranch(reconciler(ports, program.told), times, log);
}

function doorOf(program: Program): SlackDoor {
  const { settings, dress, log, chat, metrics } = program;
  return slackDoor({
    botToken: needed(settings.SLACK_BOT_TOKEN),
    appToken: settings.SLACK_APP_TOKEN,
    signingSecret: settings.SLACK_SIGNING_SECRET,
    apiUrl: settings.SLACK_API_URL,
    dress,
    log,
    whisper: (channel, user, report) => chat.whisper(channel, user, report),
    errorReport,
    onCommand: (command) => answerCommand(command, { ...program, nodes: program.nodesToRead }),
    onApproval: async (click) => {
      const answer = await decide(click, program);
      metrics.approval(answer === null ? click.decision : 'refused');
      return answer;
    },
    onDrift: (click) => decideDrift(click, { ...program, nodes: program.nodesToRead }),
    onStop: (click) => clickStop(click, program),
  });
}

/** Null where the configuration is not GitHub’s: there is nothing to compare a pull request with. */
function pullRequestsOf(program: Program): PullRequestWatch | null {
  const { codeHost, reviews, settings } = program;
  if (!codeHost || !reviews) return null;
  const ports = { ...program, nodes: program.nodesToRead, codeHost, reviews, branch: settings.GITHUB_BRANCH };
  return watchPullRequests(ports, { everyMs: settings.GITHUB_POLL_SECONDS * 1000 });
}

interface Watches {
  reviews: PullRequestWatch | null;
  branch: BranchFollower | null;
}

function requestRoutes(door: SlackDoor, { reviews, branch }: Watches, program: Program): readonly Route[] {
  const slack: Route[] = door.answer
    ? [{ ...SLACK_REQUESTS, method: 'POST', path: '/slack/events', answer: door.answer }]
    : [];
  const { codeHost, settings, metrics } = program;
  const repository = settings.GITHUB_REPOSITORY;
  if (!codeHost || repository === undefined) return slack;
  const webhook = githubWebhook({
    secret: settings.GITHUB_WEBHOOK_SECRET,
    repository,
    branch: settings.GITHUB_BRANCH,
    onReview: (pullRequest) => reviews?.hint(pullRequest),
    onBranch(merge) {
      if (merge) program.told.keep(merge);
      branch?.hint();
    },
  });
  const route: Route = {
    ...GITHUB_REQUESTS,
    method: 'POST',
    path: '/github/webhooks',
    async answer(request) {
      const { outcome, ...answer } = await webhook(request);
      metrics.webhook('github', outcome);
      return answer;
    },
  };
  return [...slack, route];
}
