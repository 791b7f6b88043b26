import { join } from 'node:path';
import type { CommandPorts } from '../../commands/command.ts';
import { sharedReads } from '../../commands/shared-reads.ts';
import { backupsIn } from '../adapters/backups.ts';
import { checkout } from '../adapters/checkout.ts';
import { gitHubClient } from '../adapters/github-client.ts';
import { gitHubDeployments } from '../adapters/github-deployments.ts';
import { gitHubReviews } from '../adapters/github-reviews.ts';
import { gitHub } from '../adapters/github.ts';
import type { ChildLog } from '../adapters/log.ts';
import { createMetrics, type Metrics } from '../adapters/metrics.ts';
import type { RunQueue } from '../adapters/queue.ts';
import { appendRun } from '../adapters/run-log.ts';
import { slackChat, type Dress } from '../adapters/slack.ts';
import { sshNodes } from '../adapters/ssh.ts';
import type { Invocation } from '../cli/arguments.ts';
import { vaultPasswordOf } from '../cli/context.ts';
import type { RunResult } from '../domain/run.ts';
import { REACH_MS } from '../operation.ts';
import type { CodeHost, ConfigSource, Nodes, Reviews, Store } from '../ports.ts';
import { slackMessages } from '../report/slack-messages.ts';
import { ToldMerges } from '../run/reconcile.ts';
import { needed, type Settings } from '../settings.ts';
import { gitHubOf, writesChecks } from './github-place.ts';

const READS_AT_ONCE = 2;

/** What is made once and lives as long as the program. */
export interface Program extends CommandPorts {
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

/** Wires the adapters. @throws SETTINGS_INVALID for a key or password file that cannot be read */
export async function assemble(parts: {
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
    reachMs: REACH_MS,
    ...(vaultPassword ? { vaultPassword } : {}),
    defaultChannel: settings.SLACK_CHANNEL ?? '',
    source: sourceOf(settings, invocation, codeHost),
    finished: (result) => {
      metrics.runFinished(result);
      void keepForCommandLine(result, store, settings, log);
    },
  };
}

function sourceOf(
  settings: Settings,
  { repo, repoGiven }: Invocation,
  codeHost: CodeHost | null,
): (revision: string | null) => Promise<ConfigSource> {
  if (repoGiven || !codeHost) return () => Promise.resolve(checkout(repo));
  return async (revision) => codeHost.at(revision ?? (await codeHost.head(settings.GITHUB_BRANCH)));
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
