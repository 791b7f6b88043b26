import { homedir } from 'node:os';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { RedisopsError } from '../src/domain/error.ts';
import { httpPort, problemsOfServe, readSettings, repositoriesOf, SETTINGS } from '../src/settings.ts';

function refusalOf(environment: NodeJS.ProcessEnv): RedisopsError {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof RedisopsError) return error;
  }
  throw new Error('the settings were taken');
}

const WRONG = {
  SLACK_API_URL: 'canary slack url',
  GITHUB_REPOSITORY: 'canary-without-owner',
  GITHUB_BRANCH: 'canary branch',
  GITHUB_APP_ID: 'canary-id',
  GITHUB_API_URL: 'canary github url',
  QUEUE_REDIS_URL: 'https://:canary@host',
  PORT: '65536',
  LOG_LEVEL: 'canary',
};

describe('readSettings', () => {
  it('needs nothing, and has a default for what it needs', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({
      GITHUB_BRANCH: 'main',
      GITHUB_API_URL: 'https://api.github.com',
      GITHUB_POLL_SECONDS: 60,
      STATE_DIR: '/var/lib/redisops',
      LOG_LEVEL: 'info',
    });
    expect(settings.SSH_USER).not.toBe('');
    expect(settings.SSH_PRIVATE_KEY_FILE).toMatch(/\.ssh\/id_ed25519$/);
    expect(settings.SLACK_BOT_TOKEN).toBeUndefined();
  });

  it('names every problem at once, and shows no value', () => {
    const { code, message, hint } = refusalOf(WRONG);
    expect(code).toBe('SETTINGS_INVALID');
    expect(
      message
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(':')[0]),
    ).toEqual(Object.keys(SETTINGS).filter((name) => name in WRONG));
    expect(`${message}${hint}`).not.toContain('canary');
  });

  it.each(Object.entries(WRONG))('refuses %s=%s', (name, value) => {
    expect(refusalOf({ [name]: value }).message).toContain(`${name}: `);
  });

  it.each(['-1', '1.5', 'http', '0x', '99999'])('refuses the port %s', (port) => {
    expect(refusalOf({ PORT: port }).message).toContain('PORT: ');
  });

  it.each(['', ' ', '\t'])('treats an empty variable (%j) as unset', (value) => {
    const empty = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, value]));
    expect(readSettings(empty)).toEqual(readSettings({}));
  });

  it.each([
    [{}, 3000],
    [{ SLACK_SIGNING_SECRET: 'x' }, 3000],
    [{ SLACK_APP_TOKEN: 'x', GITHUB_WEBHOOK_SECRET: 'x' }, 3000],
    [{ SLACK_APP_TOKEN: 'x' }, null],
    [{ SLACK_APP_TOKEN: 'x', PORT: '8080' }, 8080],
  ])('opens a port only where somebody knocks, or it is asked for: %j', (environment, port) => {
    expect(httpPort(readSettings(environment))).toBe(port);
  });

  it.each(['#redis-ops', 'redis-ops', 'C0ops'])('rejects a name in place of the channel ID: %s', (name) => {
    expect(refusalOf({ SLACK_CHANNEL: name }).message).toMatch(
      /SLACK_CHANNEL: must be a channel ID \(C0123456789\), not a name/,
    );
    expect(readSettings({ SLACK_CHANNEL: 'C0123ABC' }).SLACK_CHANNEL).toBe('C0123ABC');
  });

  it('reads ~ as a shell does', () => {
    const { SSH_PRIVATE_KEY_FILE, STATE_DIR } = readSettings({
      SSH_PRIVATE_KEY_FILE: '~/.ssh/bot',
      STATE_DIR: '~/state',
    });
    expect([SSH_PRIVATE_KEY_FILE, STATE_DIR]).toEqual([`${homedir()}/.ssh/bot`, `${homedir()}/state`]);
  });

  it('ignores foreign variables', () => {
    const strange = { PATH: '/bin', constructor: 'x', toString: 'y', PORT: '8080' };
    expect(readSettings(strange)).toEqual({ ...readSettings({}), PORT: 8080 });
  });

  it('keeps secrets from being printed', () => {
    const settings = readSettings({
      SLACK_BOT_TOKEN: 'xoxb-canary',
      SLACK_APP_TOKEN: 'xapp-canary',
      SLACK_SIGNING_SECRET: 'canary',
      GITHUB_TOKEN: 'ghp_canary',
      GITHUB_WEBHOOK_SECRET: 'canary',
      QUEUE_REDIS_URL: 'redis://:canary@localhost:6379',
    });
    expect(settings.SLACK_BOT_TOKEN?.reveal()).toBe('xoxb-canary');
    expect(settings.QUEUE_REDIS_URL?.reveal()).toBe('redis://:canary@localhost:6379');
    expect(JSON.stringify(settings)).not.toContain('canary');
    expect(inspect(settings, { depth: 5, showHidden: true })).not.toContain('canary');
  });

  it('describes every variable', () => {
    for (const [name, type] of Object.entries(SETTINGS)) {
      expect(name).toMatch(/^[A-Z][A-Z_]*$/);
      expect(type.description ?? '').toMatch(/\.$|:$/);
    }
  });
});

describe('GITHUB_REPOSITORY', () => {
  it.each([
    ['o/r', ['o/r']],
    ['o/r,o/s', ['o/r', 'o/s']],
    [' O/r , p/r.x ', ['O/r', 'p/r.x']],
    ['', []],
  ])('%j names %j', (value, names) => {
    expect(repositoriesOf(readSettings({ GITHUB_REPOSITORY: value }))).toEqual(names);
  });

  it.each(['o', 'o/r,', ',o/r', 'o/r;o/s', 'o/r o/s', 'o/r,o/r', 'o/r, O/R', 'o/r/s'])('%j is refused', (value) => {
    expect(() => readSettings({ GITHUB_REPOSITORY: value })).toThrow(/GITHUB_REPOSITORY: /);
  });
});

describe('problemsOfServe', () => {
  const SLACK = { SLACK_BOT_TOKEN: 't', SLACK_APP_TOKEN: 'a', SLACK_CHANNEL: 'C1' };
  const GITHUB = { GITHUB_REPOSITORY: 'o/r', GITHUB_TOKEN: 't' };
  it.each<readonly [string, NodeJS.ProcessEnv, boolean, readonly string[]]>([
    ['all is there', { ...SLACK, ...GITHUB }, false, []],
    ['a checkout in GitHub’s place', SLACK, true, []],
    ['requests over HTTP', { ...SLACK, SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 's', ...GITHUB }, false, []],
    [
      'a GitHub App',
      { ...SLACK, GITHUB_REPOSITORY: 'o/r', GITHUB_APP_ID: '1', GITHUB_PRIVATE_KEY_FILE: '/k' },
      false,
      [],
    ],
    ['several repositories', { ...SLACK, GITHUB_REPOSITORY: 'o/r, o/s', GITHUB_TOKEN: 't' }, false, []],
    [
      'several repositories and a checkout',
      { ...SLACK, GITHUB_REPOSITORY: 'o/r,o/s', GITHUB_TOKEN: 't' },
      true,
      ['GITHUB_REPOSITORY: lists several'],
    ],
    ['an App without its key', { ...SLACK, GITHUB_REPOSITORY: 'o/r', GITHUB_APP_ID: '1' }, false, ['GITHUB_TOKEN, or']],
    [
      'a proxy, with a scheme and without',
      { ...SLACK, ...GITHUB, HTTPS_PROXY: 'proxy:3128', HTTP_PROXY: 'http://bot:canary@10.0.0.9:3128' },
      false,
      [],
    ],
    ['no proxy of HTTP', { ...SLACK, ...GITHUB, HTTPS_PROXY: 'socks5://10.0.0.9' }, false, ['HTTPS_PROXY: must be']],
    ['nothing', {}, false, ['SLACK_BOT_TOKEN:', 'SLACK_APP_TOKEN or', 'SLACK_CHANNEL:', 'GITHUB_REPOSITORY:']],
  ])('%s', (_name, environment, readsCheckout, problems) => {
    const found = problemsOfServe(readSettings(environment), readsCheckout);
    expect(found).toHaveLength(problems.length);
    for (const [index, start] of problems.entries()) expect(found[index]).toContain(start);
  });
});
