import type { BotPorts } from '../chat/command.ts';
import { sharedReads } from '../chat/shared-reads.ts';
import { vaultPasswordIn } from '../adapters/disk/vault-password.ts';
import { backupsIn } from '../adapters/disk/backups.ts';
import { evidenceIn } from '../adapters/disk/evidence.ts';
import { egressOf, type Egress } from '../adapters/http/egress.ts';
import type { ChildLog } from '../adapters/log/log.ts';
import { createMetrics, type Metrics } from '../adapters/http/metrics.ts';
import type { QueueRedis } from '../adapters/queue/redis.ts';
import type { RunQueue } from '../adapters/queue/queue.ts';
import { appendRun } from '../adapters/store/run-log.ts';
import { slackChat, type Dress } from '../adapters/slack/slack.ts';
import { sshNodes } from '../adapters/ssh/ssh.ts';
import { asRedisopsError, type RedisopsError } from '../domain/error.ts';
import type { RunResult } from '../domain/run/run.ts';
import { REACH_MS } from '../operation/run.ts';
import { slackMessages } from '../report/slack/slack-messages.ts';
import { courier, type Courier } from '../run/outbox/courier.ts';
import { clusterDirectory, portsAt, type ClusterDirectory } from '../run/repositories/cluster-directory.ts';
import { backupFolder, needed, type Settings } from '../settings.ts';
import type { ServedAudit } from './audit.ts';
import type { ServeOptions } from './options.ts';
import { servedRepositories, type ServedRepository } from './repositories.ts';
import type { Apart } from '../ports/apart.ts';
import type { Nodes } from '../ports/nodes.ts';
import type { Store } from '../ports/store.ts';
import { realClock } from '../time/real-clock.ts';

const READS_AT_ONCE = 2;

/** Objects created once for the life of the program. */
export interface Program extends BotPorts {
  repositories: ClusterDirectory<ServedRepository>;
  /** Separate connections, so that reads take no session from a run. */
  nodesToRead: Nodes;
  settings: Settings;
  log: ChildLog;
  metrics: Metrics;
  queue: RunQueue;
  dress: Dress;
  courier: Courier;
  /** Once aborted, nothing more is said. */
  silence: AbortController;
  /** For access through a proxy. */
  egress: Egress | undefined;
  ping(): Promise<void>;
  /** @throws STATE_DIR_FULL, AUDIT_FAILED */
  checkAudit(): Promise<void>;
}

/** Wires the adapters. @throws SETTINGS_INVALID for an unreadable key or password file; CLUSTER_TAKEN */
export async function assemble(parts: {
  settings: Settings;
  options: ServeOptions;
  log: ChildLog;
  queue: RunQueue;
  store: Store;
  audit: ServedAudit;
  apart: Apart;
  owned: Pick<QueueRedis, 'ping' | 'runId'>;
}): Promise<Program> {
  const { settings, options, log, queue, store, audit, apart } = parts;
  const metrics = createMetrics();
  const egress = egressOf(settings);
  const repositories = clusterDirectory(await servedRepositories(settings, options, { egress, apart }), { store, log });
  await repositories.begin().catch((error: unknown) => {
    if (!canWait(asRedisopsError(error), repositories)) throw error;
  });
  const dress: Dress = slackMessages;
  const silence = new AbortController();
  const vaultPassword = await vaultPasswordIn(settings.ANSIBLE_VAULT_PASSWORD_FILE);
  const ssh = sshSettings(settings);
  const program: Program = {
    settings,
    log,
    metrics,
    queue,
    store,
    repositories,
    dress,
    egress,
    trail: audit.trail,
    checkAudit: () => audit.check(),
    ping: () => parts.owned.ping(),
    queueRunId: () => parts.owned.runId(),
    chat: slackChat({
      botToken: needed(settings.SLACK_BOT_TOKEN),
      apiUrl: settings.SLACK_API_URL,
      egress,
      dress,
      log,
      stop: silence.signal,
    }),
    silence,
    courier: courier({ store, log, clock: realClock, portsAt: (cluster) => portsAt(cluster, program) }),
    looks: store,
    ...keptIn(backupFolder(settings)),
    nodes: sshNodes(ssh),
    nodesToRead: sshNodes(ssh),
    reads: sharedReads(READS_AT_ONCE),
    clock: realClock,
    reachMs: REACH_MS,
    ...(vaultPassword ? { vaultPassword } : {}),
    defaultChannel: settings.SLACK_CHANNEL ?? '',
    finished: (result) => {
      metrics.runFinished(result);
      void keepForCommandLine(result, store, settings, log);
    },
  };
  return program;
}

function sshSettings({ SSH_USER, SSH_PRIVATE_KEY_FILE, SSH_KNOWN_HOSTS_FILE }: Settings) {
  return { user: SSH_USER, privateKeyFile: SSH_PRIVATE_KEY_FILE, knownHostsFile: SSH_KNOWN_HOSTS_FILE };
}

function keptIn(folder: string) {
  return { backups: backupsIn(folder), evidence: evidenceIn(folder) };
}

/**
 * GitHub may be down, or the branch’s head broken: open runs are finished anyway, and readiness names what is missing.
 */
function canWait({ code }: RedisopsError, { all }: ClusterDirectory): boolean {
  const isRead = all.every(({ gitHub }) => gitHub !== null);
  return isRead && (code === 'GITHUB_FAILED' || code === 'CONFIG_INVALID');
}

/** Adds the bot’s runs on this machine to the command line’s history. */
async function keepForCommandLine(result: RunResult, store: Store, settings: Settings, log: ChildLog): Promise<void> {
  try {
    const record = await store.run(result.run);
    if (record) await appendRun(settings.STATE_DIR, record, result);
  } catch (error) {
    log.warn({ run: result.run, error }, 'could not append to the history');
  }
}
