import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readsTypeScript } from './reads-typescript.ts';
import { exampleRepository } from '../lab/example-repository.ts';
import { startFrontDoor } from '../lab/git-github/front-door.ts';
import { BOT_TOKEN, startGitGitHub } from '../lab/git-github/server.ts';
import { until } from '../lab/until.ts';
import { writeFiles } from '../lab/write-files.ts';
import { newKey } from './adapters/ssh-server.ts';
import { startAnswering } from './adapters/scripted-server.ts';
import { parseInvocation } from '../src/cli/arguments/arguments.ts';
import { serve } from '../src/main.ts';
import { readSettings } from '../src/settings.ts';

let folder: string;
let taken: Server;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redisops-'));
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await new Promise((resolve) => taken.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const begin = (environment: NodeJS.ProcessEnv, ...more: readonly string[]): Promise<void> => {
  const settings = readSettings({
    SLACK_BOT_TOKEN: 'xoxb-x',
    SLACK_SIGNING_SECRET: 's',
    SLACK_CHANNEL: 'C1',
    SLACK_API_URL: 'http://127.0.0.1:1/api/',
    STATE_DIR: join(folder, 'state'),
    SSH_KNOWN_HOSTS_FILE: '/dev/null',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
    ...environment,
  });
  const invocation = parseInvocation(['serve', ...more]);
  if (invocation.verb !== 'serve') throw new Error(invocation.verb);
  return serve(settings, invocation);
};

/** The last process to leave stops the queue’s server. */
const leftBehind = () => existsSync(join(folder, 'state', 'queue', 'redis.sock'));

it.runIf(readsTypeScript)(
  'two repositories with a cluster of the same name are refused, by both names',
  { timeout: 30_000 },
  async () => {
    const [shop, web] = [await startGitGitHub({ name: 'shop' }), await startGitGitHub({ name: 'web' })];
    // Without redisops.yml: both clusters are named `redis`.
    const files = exampleRepository({ password: 'canary', replication: true });
    for (const { people } of [shop, web]) people.push('main', files, 'Ours');
    const door = await startFrontDoor([shop, web]);
    const started = begin({
      GITHUB_REPOSITORY: 'acme/shop,acme/web',
      GITHUB_TOKEN: BOT_TOKEN,
      GITHUB_API_URL: door.url,
    });
    await expect(started).rejects.toMatchObject({
      code: 'CLUSTER_TAKEN',
      message: 'acme/web names the cluster redis, which acme/shop has.',
    });
    expect(leftBehind()).toBe(false);
    await door.close();
    await Promise.all([shop.close(), web.close()]);
  },
);

it.runIf(readsTypeScript)('a port that is taken leaves nothing running', { timeout: 30_000 }, async () => {
  const repository = join(folder, 'repository');
  await writeFiles(repository, exampleRepository({ password: 'canary', replication: true }));
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(begin({ PORT: String(port) }, '--repo', repository)).rejects.toThrow();
  expect(leftBehind()).toBe(false);
});

/** Slack, while it accepts the token. */
async function startSlack(): Promise<{ url: string; takes: { token: boolean }; close(): Promise<void> }> {
  const takes = { token: true };
  const answer = () => ({ json: takes.token ? { ok: true } : { ok: false, error: 'invalid_auth' } });
  return { ...(await startAnswering(answer)), takes };
}

it.runIf(readsTypeScript)('starts while GitHub is down', { timeout: 60_000 }, async () => {
  const slack = await startSlack();
  const keyFile = join(folder, 'key');
  await writeFile(join(folder, 'known_hosts'), '10.0.0.1 ssh-ed25519 AAAA\n');
  const [port, gitHubPort] = [await freePort(), await freePort()];
  const started = begin({
    PORT: String(port),
    SLACK_API_URL: `${slack.url}/api/`,
    GITHUB_REPOSITORY: 'acme/infra',
    GITHUB_TOKEN: BOT_TOKEN,
    GITHUB_API_URL: `http://127.0.0.1:${gitHubPort}`,
    SSH_PRIVATE_KEY_FILE: keyFile,
    SSH_KNOWN_HOSTS_FILE: join(folder, 'known_hosts'),
  });
  const says = (body: string): Promise<unknown> =>
    until(body, 30, async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
      return (await answer?.text()) === body ? true : null;
    });
  await says('not ready\nqueue: ok\naudit: ok\nslack: ok\ngithub: failed\nssh: failed\n');

  await writeFile(keyFile, newKey().private);
  const gitHub = await startGitGitHub({ port: gitHubPort });
  gitHub.people.push('main', exampleRepository({ password: 'canary', replication: true }), 'Ours');
  await says('ready\nqueue: ok\naudit: ok\nslack: ok\ngithub: ok\nssh: ok\n');

  slack.takes.token = false;
  await says('not ready\nqueue: ok\naudit: ok\nslack: failed\ngithub: ok\nssh: ok\n');
  const headers = { 'x-slack-signature': 'v0=wrong', 'x-slack-request-timestamp': '1' };
  await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', headers, body: 'text=status' });
  const counted = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(counted).toContain('redisops_webhooks_total{source="slack",outcome="refused"} 1');

  process.emit('SIGTERM');
  await started;
  expect(leftBehind()).toBe(false);
  await Promise.all([slack.close(), gitHub.close()]);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
