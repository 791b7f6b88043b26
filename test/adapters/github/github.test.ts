import { generateKeyPairSync } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import { createEmulator } from 'emulate';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gitHub } from '../../../src/adapters/github/github.ts';
import { asRedisopsError, type RedisopsError } from '../../../src/domain/error.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { startGitStandIn, type GitStandIn } from '../git-stand-in.ts';
import { startAnswering, type ScriptedAnswer } from '../scripted-server.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

function host(apiUrl: string, token = 'ghp_bot') {
  return gitHub({
    repository: 'acme/infra',
    identity: { kind: 'token', token: new Secret(token) },
    apiUrl,
    timeoutMs: 2000,
    backOffMs: 1,
  });
}

describe('on a repository', () => {
  let emulator: { url: string; close(): Promise<void> };
  let alice: Octokit;
  let main: string;
  const place = { owner: 'acme', repo: 'infra' };

  async function put(path: string, text: string, branch: string): Promise<string> {
    const content = Buffer.from(text).toString('base64');
    const present = await alice.rest.repos.getContent({ ...place, path, ref: branch }).catch(() => null);
    const sha = present && !Array.isArray(present.data) ? { sha: present.data.sha } : {};
    const { data } = await alice.rest.repos.createOrUpdateFileContents({
      ...place,
      path,
      branch,
      message: 'change',
      content,
      ...sha,
    });
    return data.commit.sha ?? '';
  }

  beforeAll(async () => {
    emulator = await createEmulator({
      service: 'github',
      port: 0,
      seed: {
        tokens: {
          ghp_bot: { login: 'redisops-bot', scopes: ['repo'] },
          ghp_alice: { login: 'alice', scopes: ['repo'] },
        },
        github: {
          users: [{ login: 'alice' }, { login: 'redisops-bot' }],
          orgs: [{ login: 'acme', members: ['alice', 'redisops-bot'].map((login) => ({ login, role: 'admin' })) }],
          repos: [{ owner: 'acme', name: 'infra', auto_init: true }],
        },
      },
    });
    const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    alice = new Octokit({ auth: 'ghp_alice', baseUrl: emulator.url, log });
    await put('ansible/group_vars/redis.yml', 'a: 1\n', 'main');
    main = await put('ansible/inventory/hosts.yml', 'all: {}\n', 'main');
  });

  afterAll(async () => emulator.close());

  it('knows the head of a branch', async () => {
    expect(await host(emulator.url).commits.head('main')).toBe(main);
    await expect(host(emulator.url).commits.head('nowhere')).rejects.toMatchObject({ code: 'GITHUB_FAILED' });
  });

  it('reads files at a commit, whatever came later', async () => {
    const source = host(emulator.url).commits.at(main);
    const later = await put('ansible/group_vars/redis.yml', 'a: 2\n', 'main');
    expect(source.revision).toBe(main);
    expect(await source.read('ansible/group_vars/redis.yml')).toBe('a: 1\n');
    expect(await host(emulator.url).commits.at(later).read('./ansible/group_vars/redis.yml')).toBe('a: 2\n');
    expect(await source.read('ansible/group_vars/none.yml')).toBeNull();
    expect(await source.read('ansible')).toBeNull();
    expect(await source.list('ansible/group_vars')).toEqual(['redis.yml']);
    expect((await source.list('ansible')).toSorted()).toEqual(['group_vars/', 'inventory/']);
    expect(await source.list('nowhere')).toEqual([]);
    expect((await source.list('')).toSorted()).toEqual(['README.md', 'ansible/']);
  });

  it('opens a pull request that changes one file', async () => {
    const path = 'ansible/group_vars/redis.yml';
    const { commits, pullRequests } = host(emulator.url);
    const revision = await commits.head('main');
    const change = { name: 'redisops/keep-1', revision, path, text: 'a: 3 # ä\n', title: 'Keep a', body: 'As it is.' };
    const { number, url } = await pullRequests.create(change);
    const { data } = await alice.rest.pulls.get({ ...place, pull_number: number });
    expect(data).toMatchObject({
      title: 'Keep a',
      body: 'As it is.',
      base: { ref: 'main' },
      head: { ref: 'redisops/keep-1' },
    });
    expect(url).toBe(data.html_url);
    expect(await commits.changedPaths(revision, data.head.sha)).toEqual([path]);
    expect(await commits.at(data.head.sha).read(path)).toBe('a: 3 # ä\n');
    await expect(pullRequests.create(change)).rejects.toMatchObject({ code: 'GITHUB_FAILED' });
  });

  it('comments once for each topic, and edits that', async () => {
    await alice.rest.git.createRef({ ...place, ref: 'refs/heads/on', sha: main });
    await put('ansible/group_vars/redis.yml', 'a: 3\n', 'on');
    const { data: pull } = await alice.rest.pulls.create({ ...place, title: 'on', head: 'on', base: 'main' });
    const forged = '<!-- redisops:outcome-redis -->\nwritten by alice';
    await alice.rest.issues.createComment({ ...place, issue_number: pull.number, body: forged });

    await host(emulator.url).pullRequests.say(pull.number, 'outcome-redis', ['first']);
    await host(emulator.url).pullRequests.say(pull.number, 'outcome-other', ['other']);
    await host(emulator.url).pullRequests.say(pull.number, 'outcome-redis', ['second']);
    await host(emulator.url).pullRequests.say(pull.number, 'long', ['x'.repeat(100_000)]);
    const { data: comments } = await alice.rest.issues.listComments({ ...place, issue_number: pull.number });
    expect(comments.map(({ user, body }) => [user?.login, body?.slice(0, 60)])).toEqual([
      ['alice', forged],
      ['redisops-bot', '<!-- redisops:outcome-redis -->\nsecond'],
      ['redisops-bot', '<!-- redisops:outcome-other -->\nother'],
      ['redisops-bot', `<!-- redisops:long -->\n${'x'.repeat(37)}`],
    ]);
    expect(comments[3]?.body?.length).toBeLessThan(65_536);

    const merged = await alice.rest.pulls.merge({ ...place, pull_number: pull.number, merge_method: 'merge' });
    expect(await host(emulator.url).commits.changedPaths(main, merged.data.sha)).toContain(
      'ansible/group_vars/redis.yml',
    );
  });
});

describe.each([
  ['the whole tree in one answer', false],
  ['a tree too large for one answer', true],
])('with %s', (_name, truncates) => {
  async function start(): Promise<GitStandIn> {
    const standIn = await startGitStandIn({ truncates });
    closing.push(() => standIn.close());
    return standIn;
  }

  it('reads and lists', async () => {
    const standIn = await start();
    const commit = standIn.commit({ 'a/b/c.yml': 'c', 'a/b/d/e.yml': 'e', 'a/f.yml': 'ä'.normalize(), 'g.yml': '' });
    const source = host(standIn.url).commits.at(commit);
    expect(await source.read('a/b/d/e.yml')).toBe('e');
    expect(await source.read('g.yml')).toBe('');
    expect(await source.read('g.yml/x')).toBeNull();
    expect(await source.read('x/y/z')).toBeNull();
    expect((await source.list('a')).toSorted()).toEqual(['b/', 'f.yml']);
    expect((await source.list('a/b/')).toSorted()).toEqual(['c.yml', 'd/']);
    expect((await source.list('.')).toSorted()).toEqual(['a/', 'g.yml']);
    expect(await source.list('g.yml')).toEqual([]);
  });

  it('requests each tree once', async () => {
    const standIn = await start();
    const source = host(standIn.url).commits.at(standIn.commit({ 'a/b/c.yml': 'c', 'a/b/d.yml': 'd' }));
    await Promise.all([source.read('a/b/c.yml'), source.list('a/b'), source.read('a/b/d.yml')]);
    const trees = standIn.asked.filter((path) => path.includes('/git/trees/'));
    expect(trees.length).toBe(truncates ? 4 : 1);
  });

  it('refuses links and submodules, also on the way', async () => {
    const standIn = await start();
    standIn.commit({ 'real/x.yml': 'x', 'link.yml': '→ /etc/shadow', folder: '→ real' });
    const source = host(standIn.url).commits.at(standIn.commitSubmodule('sub'));
    for (const path of ['link.yml', 'folder/x.yml', 'sub', 'sub/x.yml', 'folder'])
      await expect(source.read(path)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(source.list('folder')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(await source.list('')).toEqual(expect.arrayContaining(['link.yml', 'folder', 'real/', 'sub']));
  });

  it.each(['../x', '/etc/passwd', 'a/../../x', '..', 'a\0b'])('refuses the path %j', async (path) => {
    const standIn = await start();
    const source = host(standIn.url).commits.at(standIn.commit({ 'a.yml': 'a' }));
    await expect(source.read(path)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(source.list(path)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('refuses files that are too large, before fetching them, and files that are not text', async () => {
    const standIn = await start();
    const source = host(standIn.url).commits.at(
      standIn.commit({ 'large.yml': 'x'.repeat(1024 * 1024 + 1), bytes: '\xff\xfe' }),
    );
    await expect(source.read('large.yml')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(standIn.asked.filter((path) => path.includes('/git/blobs/'))).toEqual([]);
    await expect(source.read('bytes')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('changed paths', () => {
  it('name a renamed file twice, and removed ones', async () => {
    const standIn = await startGitStandIn();
    closing.push(() => standIn.close());
    const base = standIn.commit({ 'old.yml': 'some text to be recognised', 'gone.yml': 'x', 'same.yml': 'y' });
    const head = standIn.commit({ 'old.yml': null, 'new.yml': 'some text to be recognised', 'gone.yml': null });
    expect((await host(standIn.url).commits.changedPaths(base, head)).toSorted()).toEqual([
      'gone.yml',
      'new.yml',
      'old.yml',
    ]);
    expect(await host(standIn.url).commits.changedPaths(head, head)).toEqual([]);
  });

  it('know whether one is an ancestor of the other', async () => {
    const standIn = await startGitStandIn();
    closing.push(() => standIn.close());
    const [older, newer] = [standIn.commit({ 'a.yml': '1' }), standIn.commit({ 'a.yml': '2' })];
    const code = host(standIn.url);
    const pairs = [
      [older, newer],
      [newer, newer],
      [newer, older],
    ] as const;
    const found = await Promise.all(pairs.map(([commit, head]) => code.commits.isAncestor(commit, head)));
    expect(found).toEqual([true, true, false]);
  });

  it('are all named, although GitHub lists only the first 300', async () => {
    const standIn = await startGitStandIn();
    closing.push(() => standIn.close());
    const many = (text: string) =>
      Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`files/${at % 7}/${at}.yml`, text]));
    const base = standIn.commit({ ...many('a'), 'z/same.yml': 's', 'z/was-a-file': 'f', 'y/was/a/folder.yml': 'g' });
    const head = standIn.commit({
      ...many('b'),
      'z/new.yml': 'n',
      'z/was-a-file': null,
      'z/was-a-file/now.yml': 'f',
      'y/was/a/folder.yml': null,
    });
    const changed = await host(standIn.url).commits.changedPaths(base, head);
    const others = ['z/new.yml', 'z/was-a-file', 'z/was-a-file/now.yml', 'y/was/a/folder.yml'];
    expect(changed.toSorted()).toEqual([...Object.keys(many('')), ...others].toSorted());
  });
});

describe('when GitHub fails', () => {
  async function scripted(answer: (tries: number) => ScriptedAnswer | null, token?: string) {
    const server = await startAnswering((_path, _request) => answer(server.asked.length));
    closing.push(() => server.close());
    return { asked: server.asked, code: host(server.url, token) };
  }
  const branch = { json: { commit: { sha: 'c0ffee' } } };
  const failure = (asking: Promise<unknown>): Promise<RedisopsError> =>
    asking.then(() => Promise.reject(new Error('it did not fail')), asRedisopsError);
  const reset = String(Date.parse('2025-12-01T10:00:00Z') / 1000);

  it.each<[string, ScriptedAnswer, RegExp, number]>([
    ['401', { status: 401, json: { message: 'Bad credentials' } }, /GITHUB_TOKEN/, 1],
    ['403', { status: 403, json: { message: 'Resource not accessible' } }, /permission/, 1],
    ['404', { status: 404, json: { message: 'Not Found' } }, /acme\/infra/, 1],
    ['a long wait', { status: 429, headers: { 'retry-after': '900' } }, /900 s/, 1],
    [
      'a spent rate limit',
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } },
      /2025-12-01T10:00:00\.000Z/,
      1,
    ],
    ['trouble that stays', { status: 502 }, /after several retries/, 3],
  ])('with %s, it says what to do', async (_name, answer, hint, tries) => {
    const { code, asked } = await scripted(() => answer, 'ghp_s3cr3t');
    const error = await failure(code.commits.head('main'));
    expect(error).toMatchObject({ code: 'GITHUB_FAILED', hint: expect.stringMatching(hint) });
    expect(asked).toHaveLength(tries);
    expect(`${error.message}${error.hint}${JSON.stringify(error)}`).not.toContain('s3cr3t');
    expect(error.cause).toBeUndefined();
  });

  it.each<[string, ScriptedAnswer]>([
    ['trouble', { status: 503 }],
    ['a secondary limit', { status: 403, headers: { 'retry-after': '0' } }],
  ])('tries again after %s', async (_name, answer) => {
    const { code, asked } = await scripted((tries) => (tries < 3 ? answer : branch));
    expect(await code.commits.head('main')).toBe('c0ffee');
    expect(asked).toHaveLength(3);
  });

  it('does not try a comment again that may have been written', async () => {
    const server = await startAnswering((path, { method }) => {
      if (path === '/user') return { json: { login: 'bot' } };
      return method === 'POST' ? { status: 502 } : { json: [] };
    });
    closing.push(() => server.close());
    expect(await failure(host(server.url).pullRequests.say(7, 'outcome', ['x']))).toMatchObject({
      code: 'GITHUB_FAILED',
    });
    expect(server.asked.filter((line) => line.startsWith('POST'))).toHaveLength(1);
  });

  it('does not wait for ever', async () => {
    const server = await startAnswering(() => null);
    closing.push(() => server.close());
    const settings = { repository: 'acme/infra', apiUrl: server.url, timeoutMs: 50, backOffMs: 1 };
    const code = gitHub({ ...settings, identity: { kind: 'token', token: new Secret('t') } });
    expect(await failure(code.commits.head('main'))).toMatchObject({ hint: expect.stringContaining('did not answer') });
  });

  it('says so when nobody is there', async () => {
    const error = await failure(host('http://127.0.0.1:1').commits.head('main'));
    expect(error).toMatchObject({ code: 'GITHUB_FAILED', hint: expect.stringContaining('GITHUB_API_URL') });
  });

  it('does not remember a failure', async () => {
    const server = await startAnswering(() => (server.asked.length < 2 ? { status: 404 } : { json: { tree: [] } }));
    closing.push(() => server.close());
    const source = host(server.url).commits.at('c0ffee');
    await expect(source.read('x')).rejects.toMatchObject({ code: 'GITHUB_FAILED' });
    expect(await source.read('x')).toBeNull();
  });
});

it('signs in as a GitHub App on the repository', async () => {
  const privateKey = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
  const seen: string[] = [];
  const server = await startAnswering((path, { method, headers }) => {
    seen.push(`${path} ${headers.authorization?.replace(/ ey[\w.-]+$/, ' JWT')}`);
    if (path === '/repos/acme/infra/installation') return { json: { id: 42 } };
    if (path === '/app') return { json: { slug: 'redisops' } };
    if (path === '/app/installations/42/access_tokens')
      return { status: 201, json: { token: 'ghs_x', expires_at: '2099-01-01T00:00:00Z', permissions: {} } };
    const own = { id: 5, user: { login: 'redisops[bot]' }, body: '<!-- redisops:outcome -->\nold' };
    return { json: method === 'GET' ? [own] : {} };
  });
  closing.push(() => server.close());
  const code = gitHub({
    repository: 'acme/infra',
    identity: { kind: 'app', appId: '7', privateKey: new Secret(privateKey) },
    apiUrl: `${server.url}/`,
  });
  await code.pullRequests.say(7, 'outcome', ['new']);
  expect(server.asked.at(-1)).toBe('PATCH /repos/acme/infra/issues/comments/5');
  expect(seen).toContain('/repos/acme/infra/installation bearer JWT');
  expect(seen).toContain('/app bearer JWT');
  expect(seen.at(-1)).toBe('/repos/acme/infra/issues/comments/5 token ghs_x');
});

it('has for each repository the token of the App’s installation there', async () => {
  const privateKey = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
  const seen: string[] = [];
  const server = await startAnswering((path, { headers }) => {
    seen.push(`${path} ${headers.authorization}`);
    const installation = { '/repos/acme/shop/installation': 41, '/repos/other/web/installation': 42 }[path];
    if (installation !== undefined) return { json: { id: installation } };
    const [, of] = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(path) ?? [];
    if (of !== undefined)
      return { status: 201, json: { token: `ghs_${of}`, expires_at: '2099-01-01T00:00:00Z', permissions: {} } };
    return { json: { commit: { sha: 'c0ffee' } } };
  });
  closing.push(() => server.close());
  const identity = { kind: 'app', appId: '7', privateKey: new Secret(privateKey) } as const;
  const [shop, web] = ['acme/shop', 'other/web'].map((repository) =>
    gitHub({ repository, identity, apiUrl: server.url }),
  );
  await Promise.all([shop?.commits.head('main'), web?.commits.head('main'), shop?.commits.head('main')]);
  expect(seen.filter((each) => each.includes('/branches/')).toSorted()).toEqual([
    '/repos/acme/shop/branches/main token ghs_41',
    '/repos/acme/shop/branches/main token ghs_41',
    '/repos/other/web/branches/main token ghs_42',
  ]);
});
