import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { RedisopsError } from './domain/error.ts';
import { Secret } from './domain/secret.ts';

const text = z.string().trim().min(1);
const secret = text.transform((value) => new Secret(value));
const port = z.coerce.number().int().min(0).max(65_535);
/** Expands `~/`, which no shell does in a file of variables. */
const file = text.transform((path) => (path.startsWith('~/') ? join(homedir(), path.slice(2)) : path));
/** Without a scheme too, as curl accepts it. Only `serve` checks it: nothing else uses a proxy. */
const proxy = text.transform((value) => new Secret(value.includes('://') ? value : `http://${value}`));

/** The environment variables. `docs/settings.md` and `.env.example` are generated from these descriptions. */
export const SETTINGS = {
  SLACK_BOT_TOKEN: secret.optional().describe('Bot token (`xoxb-…`) of the Slack app.'),
  SLACK_APP_TOKEN: secret.optional().describe('App-level token (`xapp-…`): Socket Mode, no open port needed.'),
  SLACK_SIGNING_SECRET: secret.optional().describe('Signing secret: requests over HTTP instead of Socket Mode.'),
  SLACK_CHANNEL: text
    .regex(
      /^[A-Z][A-Z0-9]*$/,
      'must be a channel ID (C0123456789), not a name: Slack shows it at the end of the channel’s details',
    )
    .optional()
    .describe('Channel ID for run threads, if `redisops.yml` names none.'),
  SLACK_API_URL: z.url().optional().describe('Base URL of Slack’s Web API, for stand-ins.'),
  GITHUB_REPOSITORY: text
    .regex(/^[\w.-]+\/[\w.-]+(?:\s*,\s*[\w.-]+\/[\w.-]+)*$/, 'must be owner/name, or several separated by commas')
    .refine((value) => new Set(namesOf(value.toLowerCase())).size === namesOf(value).length, 'lists a repository twice')
    .optional()
    .describe('The configuration repository, `owner/name`, or several separated by commas.'),
  GITHUB_BRANCH: text
    .regex(/^[\w./-]+$/, 'must be the name of a branch')
    .default('main')
    .describe('The branch whose merges are applied, in each repository.'),
  GITHUB_TOKEN: secret
    .optional()
    .describe(
      'Token that can read contents and write comments, commit statuses and deployments. Or a GitHub App, which can also write checks:',
    ),
  GITHUB_APP_ID: text.regex(/^\d+$/, 'must be a number').optional().describe('GitHub App ID.'),
  GITHUB_PRIVATE_KEY_FILE: file.optional().describe('Path of the GitHub App’s private key.'),
  GITHUB_WEBHOOK_SECRET: secret.optional().describe('Secret of the webhook. Without it webhooks are refused.'),
  GITHUB_API_URL: z.url().default('https://api.github.com').describe('Base URL of GitHub’s REST API.'),
  HTTPS_PROXY: proxy
    .optional()
    .describe('Proxy to Slack and GitHub, `http://[user:password@]host:port`. Not used for SSH and the queue.'),
  HTTP_PROXY: proxy.optional().describe('The same for `http:` addresses, for example GitHub Enterprise without TLS.'),
  NO_PROXY: text.optional().describe('Hosts to reach without the proxy, separated by commas: `.internal,10.0.0.5`.'),
  QUEUE_REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .transform((value) => new Secret(value))
    .optional()
    .describe('Redis of the queue, never a managed node. Unset: redisops runs its own redis-server under STATE_DIR.'),
  SSH_USER: text
    .default(() => userInfo().username)
    .describe(
      'User on the nodes if the inventory has no `ansible_user`. Needs passwordless `sudo`, at least for `/bin/sh -s redisops`.',
    ),
  SSH_PRIVATE_KEY_FILE: file.default(() => join(homedir(), '.ssh', 'id_ed25519')).describe('Private key, unencrypted.'),
  SSH_KNOWN_HOSTS_FILE: file
    .default(() => join(homedir(), '.ssh', 'known_hosts'))
    .describe('The nodes’ host keys. Unknown keys are refused.'),
  ANSIBLE_VAULT_PASSWORD_FILE: file
    .optional()
    .describe('Password of Ansible Vault: a file that contains it, or an executable that prints it.'),
  GITHUB_POLL_SECONDS: z.coerce
    .number()
    .int()
    .min(5)
    .max(86_400)
    .default(60)
    .describe(
      'How often the branch and the open pull requests are polled, with or without webhooks. “Not modified” does not count against the rate limit.',
    ),
  WATCH_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(60)
    .describe(
      'A cluster that is not healthy, or whose failover would fail, is reported within this time. Its nodes are read somewhat more often.',
    ),
  FAILOVER_AGAIN_MINUTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_080)
    .default(60)
    .describe('A second automatic failover within this time is flagged until somebody acknowledges it.'),
  PORT: port
    .optional()
    .describe(
      'HTTP port for Slack’s and GitHub’s requests, probes and metrics. Unset: 3000 if Slack or GitHub send requests, otherwise none.',
    ),
  HOST: text.default('0.0.0.0').describe('Address to bind the HTTP port to.'),
  PROBE_PORT: port
    .optional()
    .describe(
      'Second port, only for `/healthz`, `/readyz` and `/metrics`: it answers whatever happens to PORT. Unset: 3001 if PORT is 3000 by default, otherwise none.',
    ),
  PROBE_HOST: text.default('127.0.0.1').describe('Address to bind PROBE_PORT to.'),
  PROBES_ON_PORT: z
    .enum(['yes', 'no'])
    .default('yes')
    .describe('Whether PORT answers probes and metrics too. `no` needs PROBE_PORT.'),
  STATE_DIR: file.default('/var/lib/redisops').describe('Queue, audit, history and backups. Mode 0700.'),
  BACKUP_DIR: file
    .optional()
    .describe('Backups of keys that a node gave up, and evidence of intrusions. Unset: `STATE_DIR/backups`.'),
  AUDIT_SYSLOG_URL: z
    .url({ protocol: /^(?:udp|tcp|tls)$/ })
    .optional()
    .describe(
      'Syslog server that also gets the audit (RFC 5424): `tls://host:6514`, `tcp://host:601`, `udp://host:514`.',
    ),
  AUDIT_WEBHOOK_URL: z
    .url({ protocol: /^https?$/ })
    .transform((value) => new Secret(value))
    .optional()
    .describe('URL that also gets the audit, as JSON lines in POST requests.'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Lowest level that is logged.'),
} as const;

const schema = z.object(SETTINGS);

function namesOf(list: string): readonly string[] {
  return list.split(',').map((name) => name.trim());
}

export type Settings = z.output<typeof schema>;

/**
 * Reads the environment once; an empty variable counts as unset.
 * @throws SETTINGS_INVALID naming every problem at once, never a value.
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const present = Object.entries(environment).filter(
    ([name, value]) => Object.hasOwn(SETTINGS, name) && value?.trim() !== '',
  );
  const parsed = schema.safeParse(Object.fromEntries(present));
  if (parsed.success) return parsed.data;
  throw settingsInvalid(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}

/** The configuration repositories on GitHub, `owner/name` each, in the setting’s order. */
export function repositoriesOf({ GITHUB_REPOSITORY: list }: Pick<Settings, 'GITHUB_REPOSITORY'>): readonly string[] {
  return list === undefined ? [] : namesOf(list);
}

/** Additional requirements of `serve`: reported together. */
export function problemsOfServe(settings: Settings, readsCheckout: boolean): readonly string[] {
  const problems: string[] = [];
  if (!settings.SLACK_BOT_TOKEN) problems.push('SLACK_BOT_TOKEN: required');
  if (!settings.SLACK_APP_TOKEN && !settings.SLACK_SIGNING_SECRET)
    problems.push('SLACK_APP_TOKEN or SLACK_SIGNING_SECRET: one is required');
  if (!settings.SLACK_CHANNEL) problems.push('SLACK_CHANNEL: required, a channel ID (C0123456789)');
  if (!settings.GITHUB_REPOSITORY && !readsCheckout) problems.push('GITHUB_REPOSITORY: required (or --repo PATH)');
  if (readsCheckout && repositoriesOf(settings).length > 1)
    problems.push('GITHUB_REPOSITORY: lists several, but --repo PATH is one');
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY'] as const)
    if (!isProxy(settings[name])) problems.push(`${name}: must be http://host:port, or https://`);
  if (settings.PROBES_ON_PORT === 'no' && probePort(settings) === null)
    problems.push('PROBES_ON_PORT: `no` needs PROBE_PORT');
  if (settings.PROBE_PORT && settings.PROBE_PORT === httpPort(settings))
    problems.push('PROBE_PORT: must be another port than PORT');
  const app = settings.GITHUB_APP_ID && settings.GITHUB_PRIVATE_KEY_FILE;
  if (settings.GITHUB_REPOSITORY && !settings.GITHUB_TOKEN && !app)
    problems.push('GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_PRIVATE_KEY_FILE: one is required');
  return problems;
}

function isProxy(url: Secret | undefined): boolean {
  return url === undefined || z.url({ protocol: /^https?$/ }).safeParse(url.reveal()).success;
}

/** Backups, and the evidence of intrusions. */
export function backupFolder({ BACKUP_DIR, STATE_DIR }: Settings): string {
  return BACKUP_DIR ?? join(STATE_DIR, 'backups');
}

/** Null if nothing needs the port. */
export function httpPort(settings: Settings): number | null {
  const isKnocked = !settings.SLACK_APP_TOKEN || settings.GITHUB_WEBHOOK_SECRET !== undefined;
  return settings.PORT ?? (isKnocked ? 3000 : null);
}

/** Null if probes have no port of their own. */
export function probePort(settings: Settings): number | null {
  const isDefault = settings.PORT === undefined && httpPort(settings) !== null;
  return settings.PROBE_PORT ?? (isDefault ? 3001 : null);
}

export function settingsInvalid(problems: readonly string[]): RedisopsError {
  return new RedisopsError(
    'SETTINGS_INVALID',
    `The settings are wrong:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    {
      hint: 'Set the variables listed above. .env.example explains each; `serve` also reads them from .env.',
    },
  );
}

/** Settings were checked before: a missing one is a bug. */
export function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a setting that was checked is missing');
  return value;
}
