import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { egressThrough } from '../../../src/adapters/http/egress.ts';
import { gitHubClient } from '../../../src/adapters/github/client.ts';
import { slackChat } from '../../../src/adapters/slack/slack.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { slackMessages } from '../../../src/report/slack/slack-messages.ts';
import { startConnectProxy, type ConnectProxy } from '../connect-proxy.ts';
import { quietLog } from '../quiet-log.ts';

const BY = `Basic ${Buffer.from('bot:canary-of-proxy').toString('base64')}`;
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0).toReversed()) await close();
});

/** Accepts everything. */
async function startApi(read: (body: string) => void = () => undefined): Promise<string> {
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', read);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ok: true, channel: 'C1', ts: '1.2', login: 'bot' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

async function startProxy(refusal: number | null = null): Promise<ConnectProxy> {
  const proxy = await startConnectProxy(refusal);
  closing.push(() => proxy.close());
  return proxy;
}

function clientOf(apiUrl: string, proxies: Parameters<typeof egressThrough>[0]) {
  const identity = { kind: 'token' as const, token: new Secret('canary-of-token') };
  return gitHubClient({ repository: 'acme/infra', identity, apiUrl, backOffMs: 1, egress: egressThrough(proxies) });
}

describe('the way out', () => {
  it('is a proxy for GitHub and for Slack, with its user and password', async () => {
    const [api, proxy] = await Promise.all([startApi(), startProxy()]);
    const to = new URL(api).host;
    const http = new Secret(proxy.url);
    expect(await clientOf(api, { http }).login()).toBe('bot');
    expect(proxy.tunnels).toEqual([{ to, by: BY }]);

    const chat = slackChat({
      botToken: new Secret('xoxb-canary'),
      apiUrl: `${api}/api/`,
      egress: egressThrough({ http }),
      dress: slackMessages,
      log: quietLog(),
    });
    const report = { title: 'Hello', tone: 'neutral' as const, summary: '', sections: [] };
    expect(await chat.post('C1', report)).toEqual({ channel: 'C1', timestamp: '1.2' });
    expect(proxy.tunnels).toEqual([
      { to, by: BY },
      { to, by: BY },
    ]);
  });

  it('carries a report’s file whole', async () => {
    const bodies: string[] = [];
    const [api, proxy] = await Promise.all([startApi((body) => bodies.push(body)), startProxy()]);
    const egress = egressThrough({ http: new Secret(proxy.url) });
    const form = new globalThis.FormData();
    form.append('file', new Blob(['the whole report']), 'run.md');
    form.append('token', 'one');
    expect((await egress?.fetch(api, { method: 'POST', body: form }))?.status).toBe(200);
    expect(bodies.join('')).toMatch(/name="file"; filename="run\.md"[^]*the whole report[^]*name="token"\s+one/);
    expect(proxy.tunnels).toHaveLength(1);
  });

  it('is not the one for http: where an https: address is asked for', async () => {
    const [api, proxy] = await Promise.all([startApi(), startProxy()]);
    const address = api.replace('http:', 'https:');
    const egress = egressThrough({ http: new Secret(proxy.url) });
    await expect(egress?.fetch(address)).rejects.toThrow();
    expect(proxy.tunnels).toEqual([]);
    const secure = egressThrough({ https: new Secret(proxy.url) });
    await expect(secure?.fetch(address)).rejects.toThrow();
    expect(proxy.tunnels).toMatchObject([{ to: new URL(address).host }]);
  });

  it.each([
    ['of an exception', { except: 'localhost,127.0.0.1' }],
    ['of another scheme', { http: undefined, https: new Secret('http://127.0.0.1:1') }],
  ])('is straight for an address %s, whatever the environment says', async (_, change) => {
    const [api, proxy] = await Promise.all([startApi(), startProxy()]);
    vi.stubEnv('HTTP_PROXY', proxy.url);
    expect(await clientOf(api, { http: new Secret(proxy.url), ...change }).login()).toBe('bot');
    expect(proxy.tunnels).toEqual([]);
  });

  it('that is refused is said, without the password', async () => {
    const [api, proxy] = await Promise.all([startApi(), startProxy(407)]);
    const error = await clientOf(api, { http: new Secret(proxy.url) })
      .login()
      .then(() => null, asRedisopsError);
    expect(error?.code).toBe('GITHUB_FAILED');
    expect(error?.message).toContain('407');
    expect(`${error?.message} ${error?.hint}`).not.toContain('canary');
  });

  it('is nothing of ours where no proxy is named', () => {
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1');
    expect(egressThrough({ except: 'localhost' })).toBeUndefined();
  });
});
