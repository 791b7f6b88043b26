import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { RedisopsError } from './domain/error.ts';
import { Secret } from './domain/secret.ts';

const text = z.string().trim().min(1);
const secret = text.transform((value) => new Secret(value));
const file = text;
/** As curl reads it, without a scheme, too. What it is, `serve` looks at: nothing else goes through a proxy. */
const proxy = text.transform((value) => new Secret(value.includes('://') ? value : `http://${value}`));

/** The environment, one variable a line. `docs/settings.md` and `.env.example` are made from these descriptions. */
export const SETTINGS = {
  SLACK_BOT_TOKEN: secret.optional().describe('Bot token (`xoxb-…`) of the Slack app.'),
  SLACK_APP_TOKEN: secret.optional().describe('App-level token (`xapp-…`): Socket Mode, no open port needed.'),
  SLACK_SIGNING_SECRET: secret.optional().describe('Signing secret: requests over HTTP instead of Socket Mode.'),
  SLACK_CHANNEL: text.optional().describe('Channel ID of the runs’ threads, where `redisops.yml` names none.'),
  SLACK_API_URL: z.url().optional().describe('Base URL of Slack’s Web API; for stand-ins.'),
  GITHUB_REPOSITORY: text
    .regex(/^[\w.-]+\/[\w.-]+(?:\s*,\s*[\w.-]+\/[\w.-]+)*$/, 'must be owner/name, or several with commas between')
    .refine((value) => new Set(namesOf(value.toLowerCase())).size === namesOf(value).length, 'names a repository twice')
    .optional()
    .describe('The configuration repository, `owner/name`; or several, with commas between.'),
  GITHUB_BRANCH: text
    .regex(/^[\w./-]+$/, 'must be the name of a branch')
    .default('main')
    .describe('The branch whose merges are applied; of each repository.'),
  GITHUB_TOKEN: secret
    .optional()
    .describe(
      'Token that may read contents, write comments, commit statuses and deployments. Or a GitHub App, which may write checks, too:',
    ),
  GITHUB_APP_ID: text.regex(/^\d+$/, 'must be a number').optional().describe('GitHub App ID.'),
  GITHUB_PRIVATE_KEY_FILE: file.optional().describe('Path of the GitHub App’s private key.'),
  GITHUB_WEBHOOK_SECRET: secret.optional().describe('Secret of the webhook; without it webhooks are refused.'),
  GITHUB_API_URL: z.url().default('https://api.github.com').describe('Base URL of GitHub’s REST API.'),
  HTTPS_PROXY: proxy
    .optional()
    .describe('Proxy to Slack and GitHub, `http://[user:password@]host:port`. SSH and the queue go without.'),
  HTTP_PROXY: proxy.optional().describe('The same for addresses with `http:`, GitHub Enterprise without TLS say.'),
  NO_PROXY: text
    .optional()
    .describe('Hosts that are reached without a proxy, with commas between: `.internal,10.0.0.5`.'),
  QUEUE_REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .transform((value) => new Secret(value))
    .optional()
    .describe('Redis of the queue, never a managed node. Unset: a redis-server of its own under STATE_DIR.'),
  SSH_USER: text
    .default(() => userInfo().username)
    .describe('User on the nodes where the inventory has no `ansible_user`. Needs `sudo` without a password.'),
  SSH_PRIVATE_KEY_FILE: file.default(() => join(homedir(), '.ssh', 'id_ed25519')).describe('Private key, unencrypted.'),
  SSH_KNOWN_HOSTS_FILE: file
    .default(() => join(homedir(), '.ssh', 'known_hosts'))
    .describe('The nodes’ host keys. A key that is not in it is refused.'),
  ANSIBLE_VAULT_PASSWORD_FILE: file
    .optional()
    .describe('Password of Ansible Vault values and files: a file with it, or an executable that prints it.'),
  GITHUB_POLL_SECONDS: z.coerce
    .number()
    .int()
    .min(5)
    .max(86_400)
    .default(60)
    .describe(
      'How often the branch and the open pull requests are looked at, with or without webhooks. “Not modified” costs nothing of the rate limit.',
    ),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe(
      'HTTP port: Slack’s and GitHub’s requests, probes and metrics. Unset: 3000 where Slack or GitHub send requests, none at all where neither does.',
    ),
  HOST: text.default('0.0.0.0').describe('Address that the HTTP port is bound to.'),
  STATE_DIR: text.default('/var/lib/redisops').describe('Queue, history and backups. Mode 0700.'),
  BACKUP_DIR: file.optional().describe('Backups of keys that a node gave up. Unset: `STATE_DIR/backups`.'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least level that is logged.'),
} as const;

const schema = z.object(SETTINGS);

function namesOf(list: string): readonly string[] {
  return list.split(',').map((name) => name.trim());
}

export type Settings = z.output<typeof schema>;

/**
 * Reads the environment once; an empty variable counts as unset.
 * @throws SETTINGS_INVALID that names every problem at once, never a value.
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const present = Object.entries(environment).filter(
    ([name, value]) => Object.hasOwn(SETTINGS, name) && value?.trim() !== '',
  );
  const parsed = schema.safeParse(Object.fromEntries(present));
  if (parsed.success) return parsed.data;
  throw settingsInvalid(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}

/** The configuration repositories on GitHub, `owner/name` each, in the order of the setting. */
export function repositoriesOf({ GITHUB_REPOSITORY: list }: Pick<Settings, 'GITHUB_REPOSITORY'>): readonly string[] {
  return list === undefined ? [] : namesOf(list);
}

/** What `serve` needs beyond the types: reported together. */
export function problemsOfServe(settings: Settings, readsCheckout: boolean): readonly string[] {
  const problems: string[] = [];
  if (!settings.SLACK_BOT_TOKEN) problems.push('SLACK_BOT_TOKEN: is needed');
  if (!settings.SLACK_APP_TOKEN && !settings.SLACK_SIGNING_SECRET)
    problems.push('SLACK_APP_TOKEN or SLACK_SIGNING_SECRET: one is needed');
  if (!settings.SLACK_CHANNEL) problems.push('SLACK_CHANNEL: is needed');
  if (!settings.GITHUB_REPOSITORY && !readsCheckout) problems.push('GITHUB_REPOSITORY: is needed (or --repo PATH)');
  if (readsCheckout && repositoriesOf(settings).length > 1)
    problems.push('GITHUB_REPOSITORY: names several, where --repo PATH is one');
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY'] as const)
    if (!isProxy(settings[name])) problems.push(`${name}: must be http://host:port, or https://`);
  const app = settings.GITHUB_APP_ID && settings.GITHUB_PRIVATE_KEY_FILE;
  if (settings.GITHUB_REPOSITORY && !settings.GITHUB_TOKEN && !app)
    problems.push('GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_PRIVATE_KEY_FILE: one is needed');
  return problems;
}

function isProxy(url: Secret | undefined): boolean {
  return url === undefined || z.url({ protocol: /^https?$/ }).safeParse(url.reveal()).success;
}

/** Null: nobody knocks, and nobody asked for probes. */
export function httpPort(settings: Settings): number | null {
  const isKnocked = !settings.SLACK_APP_TOKEN || settings.GITHUB_WEBHOOK_SECRET !== undefined;
  return settings.PORT ?? (isKnocked ? 3000 : null);
}

export function settingsInvalid(problems: readonly string[]): RedisopsError {
  return new RedisopsError(
    'SETTINGS_INVALID',
    `The settings are wrong:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    {
      hint: 'Set the variables named above; .env.example explains each.',
    },
  );
}

/** Settings were checked before: what is missing here is a fault of ours. */
export function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a setting that was checked is missing');
  return value;
}
