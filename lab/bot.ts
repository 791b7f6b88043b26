import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BRIDGE_ADDRESS, openBotNetwork, type BotNetwork } from './bot-network.ts';
import { labHosts } from './hosts.ts';
import { startGitStandIn, type StandInGitHub } from './git-github/stand-in.ts';
import { startSlack, type StandInSlack } from './stand-in-slack.ts';
import { APP_TOKEN } from './stand-in-slack-socket.ts';
import { until } from './until.ts';

const GITHUB_PORT = 4801;
const SLACK_PORT = 4802;
const BOT_PORT = 4800;

/** The bot’s URL for webhooks. */
export const WEBHOOKS_URL = `http://127.0.0.1:${BOT_PORT}/github/webhooks`;

/** The program as a team would run it, with stand-ins for Slack and GitHub. */
export interface RunningBot {
  slack: StandInSlack;
  github: StandInGitHub;
  url: string;
  stateDirectory: string;
  logFile: string;
  environment: Readonly<Record<string, string>>;
  processes: readonly ChildProcess[];
  /** The bot’s own network, if it has one. */
  network: BotNetwork | null;
  /**
   * Starts another process of the program on the same state, such as `['--only', 'worker']`, and waits until it is
   * ready. Each process needs its own HTTP port; Slack and GitHub know the bot’s.
   */
  startProcess(parameters: readonly string[], port?: number): Promise<ChildProcess>;
  stop(): Promise<void>;
}

/**
 * Starts stand-ins and the bot inside the lab’s network, and waits until it is ready. `files`: the configuration
 * repository’s main branch.
 */
export async function startBot(
  files: Readonly<Record<string, string>>,
  options: {
    /** For the first process, such as `['--only', 'bot']`. */
    parameters?: readonly string[];
    /** The target of GitHub’s webhooks; default: the bot. */
    webhookUrl?: string;
    /** Inserts a proxy between the bot and a stand-in: maps the stand-in’s base URL to the one for the bot. */
    via?: (url: string) => Promise<string>;
    /** Another stand-in for GitHub. */
    github?: (place: { port: number; host: string; webhookUrl: string }) => Promise<StandInGitHub>;
    /** Its own network and no port: Slack uses Socket Mode, GitHub is polled. */
    noPort?: boolean;
    /** Default: a new folder. */
    stateDirectory?: string;
    /** WATCH_SECONDS; default: an hour, so that the standing watch reports nothing while a test breaks nodes. */
    watchSeconds?: number;
  } = {},
): Promise<RunningBot> {
  const url = `http://127.0.0.1:${BOT_PORT}`;
  const via = options.via ?? ((place: string) => Promise.resolve(place));
  const stateDirectory = options.stateDirectory ?? (await mkdtemp(join(tmpdir(), 'redisops-state-')));
  await mkdir(stateDirectory, { recursive: true });
  const logFile = join(stateDirectory, 'bot.log');
  const network = options.noPort === true ? await openBotNetwork() : null;
  const host = network ? BRIDGE_ADDRESS : '127.0.0.1';
  const github = await (options.github ?? ((place) => startGitStandIn({ ...place, app: false })))({
    port: GITHUB_PORT,
    host,
    webhookUrl: options.webhookUrl ?? WEBHOOKS_URL,
  });
  const slack = await startSlack({ port: SLACK_PORT, host, botUrl: network ? null : url });
  await github.commit(files, 'The servers of our shop');

  const lab = labHosts();
  const environment = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin:/usr/sbin:/sbin',
    HOME: process.env['HOME'] ?? '/root',
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_CHANNEL: slack.channel,
    SLACK_API_URL: await via(slack.apiUrl),
    GITHUB_REPOSITORY: github.repository,
    GITHUB_TOKEN: github.botToken,
    GITHUB_API_URL: await via(github.url),
    SSH_PRIVATE_KEY_FILE: lab.keyFile,
    SSH_KNOWN_HOSTS_FILE: lab.knownHostsFile,
    STATE_DIR: stateDirectory,
    LOG_LEVEL: 'debug',
    WATCH_SECONDS: String(options.watchSeconds ?? 3600),
    ...(network
      ? { SLACK_APP_TOKEN: APP_TOKEN, GITHUB_POLL_SECONDS: '5' }
      : {
          SLACK_SIGNING_SECRET: slack.signingSecret,
          GITHUB_WEBHOOK_SECRET: github.webhookSecret,
          HOST: '127.0.0.1',
        }),
  };

  const processes: ChildProcess[] = [];
  const startProcess = async (parameters: readonly string[], port = BOT_PORT): Promise<ChildProcess> => {
    // A bot left behind by a killed test would answer instead.
    if (!network && (await isReady(port))) throw new Error(`a bot answers at port ${port} already: end it first`);
    const log = await open(logFile, 'a');
    const { size } = await log.stat();
    const [program, ...argv] = [...(network?.enter ?? []), process.execPath, builtProgram(), 'serve', ...parameters];
    const child = spawn(program ?? '', argv, {
      env: { ...environment, ...(network ? {} : { PORT: String(port) }) },
      stdio: ['ignore', log.fd, log.fd],
    });
    await log.close();
    processes.push(child);
    const saysReady = network
      ? async () => (await readFile(logFile)).subarray(size).includes('"msg":"ready"')
      : () => isReady(port);
    await untilReady(saysReady, child, logFile);
    return child;
  };

  const stop = async (): Promise<void> => {
    await Promise.all(processes.map(endProcess));
    await slack.close();
    await github.close();
    await network?.close();
  };
  await startProcess(options.parameters ?? []).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    slack,
    github,
    url,
    stateDirectory,
    logFile,
    environment,
    processes,
    network,
    startProcess,
    stop,
  };
}

/** The path differs between dist/lab/ and lab/. */
export function builtProgram(): string {
  const places = ['../src/cli.js', '../dist/src/cli.js'].map((path) => resolve(import.meta.dirname, path));
  const program = places.find((place) => existsSync(place));
  if (program === undefined) throw new Error(`The program is not built: it is at none of ${places.join(', ')}.`);
  return program;
}

async function isReady(port: number): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.ok === true;
}

async function untilReady(saysReady: () => Promise<boolean>, child: ChildProcess, logFile: string): Promise<void> {
  await until(`the bot is ready (its log: ${logFile})`, 30, async () => {
    const ended = child.exitCode ?? child.signalCode;
    if (ended !== null) throw new Error(`the bot ended by itself (${ended}); its log: ${logFile}`);
    return (await saysReady()) ? true : null;
  });
}

/** SIGTERM, then SIGKILL after 20 s. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(timer);
}
