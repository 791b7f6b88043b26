import { createHmac, createCipheriv, pbkdf2Sync } from 'node:crypto';
import { exampleRepository, GROUP_VARIABLES } from '../../lab/example-repository.ts';
import { githubWebhook } from '../../src/adapters/github/webhook.ts';
import { LARGEST_REPLY } from '../../src/adapters/redis/connection.ts';
import { ReplyReader } from '../../src/adapters/redis/resp.ts';
import { managedPaths, readDesired } from '../../src/desired/questions.ts';
import { settingsIn } from '../../src/domain/redis/config-get.ts';
import { RedisConf } from '../../src/domain/redis/redis-conf.ts';
import { Info } from '../../src/domain/replication/info.ts';
import { Secret, SensitiveText } from '../../src/domain/secret.ts';
import type { Apart } from '../../src/ports/apart.ts';
import type { ConfigSource } from '../../src/ports/git.ts';

/** What others wrote, at its worst, and how the bot takes it. A refusal is an answer too. */
export interface Input {
  name: string;
  take(apart: Apart): Promise<unknown>;
}

const MIB = 1024 * 1024;
const CONF = 256 * 1024;
/** As SSH hands them over. */
const CHUNK = 32 * 1024;
const PASSWORD = new Secret('vault');

const spaces = (count: number): string => ' '.repeat(count);

function sourceOf(files: Readonly<Record<string, string>>, apart: Apart, revision: string): ConfigSource {
  return {
    revision,
    apart,
    read: async (path) => files[path] ?? null,
    list: async (folder) => {
      const prefix = folder === '' ? '' : `${folder}/`;
      const below = Object.keys(files).flatMap((path) => (path.startsWith(prefix) ? [path.slice(prefix.length)] : []));
      return [...new Set(below.map((path) => (path.includes('/') ? `${path.slice(0, path.indexOf('/'))}/` : path)))];
    },
  };
}

let revisions = 0;

function desiredFrom(change: Readonly<Record<string, string>>) {
  return async (apart: Apart): Promise<unknown> => {
    revisions += 1;
    const files = { ...exampleRepository({ password: 'x', replication: true }), ...change };
    const source = sourceOf(files, apart, String(revisions).padStart(40, '0'));
    const touched = managedPaths(source, 'redis', ['ansible/group_vars/zz.yml']).catch(() => null);
    await readDesired(source, { cluster: 'redis', vaultPassword: PASSWORD }).catch(() => null);
    return touched;
  };
}

const template = (text: string) =>
  desiredFrom({ [GROUP_VARIABLES]: groupVariables(`redis_config:\n  syslog-ident: ${JSON.stringify(text)}\n`) });

function groupVariables(more: string): string {
  return `${exampleRepository({ password: 'x', replication: true })[GROUP_VARIABLES] ?? ''}\n${more}`;
}

/** A conf that a node sent: longer ones are not parsed (`src/observed/host-facts.ts`). */
const conf = (text: string) => async () => {
  const parsed = RedisConf.parse(new SensitiveText(text));
  return parsed.all.length + parsed.values.size;
};

/** A reply that a node’s Redis sent, read and used. */
const reply = (text: string, use: (value: unknown) => unknown) => {
  const bytes = Buffer.from(text);
  return () => takeReply(bytes, use);
};

async function takeReply(bytes: Buffer, use: (value: unknown) => unknown): Promise<void> {
  const reader = new ReplyReader(LARGEST_REPLY);
  for (let at = 0; at < bytes.length; at += CHUNK) {
    for (const value of reader.read(bytes.subarray(at, at + CHUNK))) use(value);
    // The next chunk is another turn of the loop.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;

function webhook(body: string) {
  const take = githubWebhook({
    secret: PASSWORD,
    repositories: [
      {
        repository: 'a/b',
        branch: 'main',
        onPullRequest: () => undefined,
        onMergeGroup: () => undefined,
        onBranch: () => undefined,
      },
    ],
  });
  const rawBody = Buffer.from(body);
  const signature = `sha256=${createHmac('sha256', PASSWORD.reveal()).update(rawBody).digest('hex')}`;
  return () => take({ rawBody, headers: { 'x-github-event': 'push', 'x-hub-signature-256': signature } });
}

export const INPUTS: readonly Input[] = [
  {
    name: 'hosts.ini of a fork, 1 MiB of spaces in a line',
    take: desiredFrom({
      'ansible/inventory/hosts.yml': '',
      'ansible/inventory/hosts.ini': `[redis]\na${spaces(MIB - 100)}b\n`,
    }),
  },
  {
    name: 'hosts.ini of a fork, 200,000 groups',
    take: desiredFrom({ 'ansible/inventory/hosts.yml': '', 'ansible/inventory/hosts.ini': '[a]\nb\n'.repeat(150_000) }),
  },
  { name: 'YAML, 1 MiB of nested lists', take: desiredFrom({ 'ansible/inventory/hosts.yml': '['.repeat(MIB - 10) }) },
  {
    name: 'template: back-reference over 250,000 letters',
    take: template(String.raw`{{ ('a' * 250000) | regex_search('(a*)\\1b') }}`),
  },
  { name: 'template: swapcase of 1,000,000 letters', take: template(`{{ (('a' * 1000000).swapcase()) | length }}`) },
  { name: 'template: title of 1,000,000 letters', take: template(`{{ ('a b ' * 250000) | title | length }}`) },
  {
    name: 'template: zip of long lists',
    take: template(`{{ range(0, 500000) | zip(range(0, 500000)) | list | length }}`),
  },
  {
    name: 'template: loops within loops',
    take: template(`{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}`),
  },
  {
    name: '200 vaulted values',
    take: desiredFrom({
      [GROUP_VARIABLES]: groupVariables(Array.from({ length: 200 }, (_, index) => vaulted(`vault_${index}`)).join('')),
    }),
  },
  { name: 'redis.conf of a node, 60,000 spaces in a value', take: conf(`masteruser "a${spaces(60_000)}b"\n`) },
  { name: 'redis.conf of a node, 256 KiB of spaces in a value', take: conf(`masteruser "a${spaces(CONF - 20)}b"\n`) },
  { name: 'redis.conf of a node, 5,000 lines', take: conf(`${'a b'.padEnd(25, 'x y')}\n`.repeat(5000)) },
  { name: 'redis.conf of a node, 256 KiB of quotes', take: conf(`a ${'"x" '.repeat(CONF / 4 - 1)}\n`) },
  {
    name: 'INFO of 32 MiB in short lines',
    take: reply(bulk('a:b\n'.repeat(8 * MIB - 100)), (value) => new Info(value)),
  },
  { name: 'INFO of 4 MiB in short lines', take: reply(bulk('a:b\n'.repeat(MIB - 100)), (value) => new Info(value)) },
  {
    name: 'INFO of 30,000 lines',
    take: reply(bulk('db12345:keys=1,expires=0,avg_ttl=0\n'.repeat(29_999)), (value) => new Info(value)),
  },
  { name: 'CONFIG GET of 50,000 words', take: reply(`*50000\r\n${bulk('abc').repeat(50_000)}`, settingsIn) },
  {
    name: 'CONFIG GET, one value of 4 MiB',
    take: reply(`*2\r\n${bulk('abc')}${bulk(spaces(4 * MIB - 1000))}`, settingsIn),
  },
  { name: 'INFO of 32 MiB in one line', take: reply(bulk(`a:${spaces(32 * MIB - 1000)}`), (value) => new Info(value)) },
  { name: 'CONFIG GET of 1,000,000 words', take: reply(`*1000000\r\n${bulk('abc').repeat(1_000_000)}`, settingsIn) },
  {
    name: 'CONFIG GET, one value of 32 MiB',
    take: reply(`*2\r\n${bulk('abc')}${bulk(spaces(32 * MIB - 1000))}`, settingsIn),
  },
  {
    name: 'reply of empty lists in lists',
    take: reply(`*1000000\r\n${'*1\r\n*1\r\n*0\r\n'.repeat(1_000_000)}`, String),
  },
  {
    name: 'webhook of 5 MiB, one text',
    take: webhook(JSON.stringify({ repository: { full_name: 'a/b' }, x: 'y'.repeat(5 * MIB - 1000) })),
  },
  {
    name: 'webhook of 5 MiB, many small values',
    take: webhook(`{"repository":{"full_name":"a/b"},"x":[${'{},'.repeat(1_700_000)}0]}`),
  },
  { name: 'webhook of 5 MiB, nested', take: webhook(`{"x":${'['.repeat(2_500_000)}${']'.repeat(2_500_000)}}`) },
];

function vaulted(name: string): string {
  const salt = Buffer.from(name.padEnd(32, '0'));
  const keys = pbkdf2Sync(PASSWORD.reveal(), salt, 10_000, 80, 'sha256');
  const cipher = createCipheriv('aes-256-ctr', keys.subarray(0, 32), keys.subarray(64, 80));
  const ciphertext = Buffer.concat([cipher.update(Buffer.alloc(16, 16)), cipher.final()]);
  const mac = createHmac('sha256', keys.subarray(32, 64)).update(ciphertext).digest('hex');
  const payload = Buffer.from(`${salt.toString('hex')}\n${mac}\n${ciphertext.toString('hex')}`).toString('hex');
  const lines = ['$ANSIBLE_VAULT;1.1;AES256', ...(payload.match(/.{1,80}/g) ?? [])];
  return `${name}: !vault |\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}
