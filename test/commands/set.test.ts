import { describe, expect, it } from 'vitest';
import { answerTyped } from '../chat/typed.ts';
import { exampleRepository, GROUP_VARIABLES } from '../../lab/example-repository.ts';
import { blockKit } from '../../src/report/slack/block-kit.ts';
import { CHANNEL, fakeGitHub, portsOf } from '../ports.ts';
import type { Commits, PullRequests, ConfigSource, ProposedChange } from '../../src/ports/git.ts';

const REPOSITORY = exampleRepository({
  password: 'canary',
  replication: true,
  variables: ['redis_maxmemory: 256mb # as the shop asked for', 'redis_config:', '  timeout: 60'],
});
const HEAD = 'a'.repeat(40);
const PULL = 'b'.repeat(40);

function sourceOf(files: Readonly<Record<string, string>>, revision = HEAD): ConfigSource {
  const folders = (folder: string) => Object.keys(files).filter((path) => path.startsWith(`${folder}/`));
  return {
    revision,
    read: async (path) => files[path] ?? null,
    list: async (folder) =>
      folders(folder)
        .map((path) => path.slice(folder.length + 1))
        .filter((name) => !name.includes('/')),
  };
}

interface Given {
  files?: Readonly<Record<string, string>>;
  /** Group variables on the branch of an open pull request. */
  open?: string;
  user?: string;
  /** The configuration comes from a checkout. */
  local?: boolean;
}

async function type(text: string, { files = {}, open, user = 'U0ANNA', local = false }: Given = {}) {
  const opened: ProposedChange[] = [];
  const changed: Omit<ProposedChange, 'body'>[] = [];
  const repository = { ...REPOSITORY, 'redisops.yml': 'clusters:\n  redis:\n    requesters: [U0ANNA]\n', ...files };
  const asked: string[] = [];
  const commits: Partial<Commits> = {
    at: (revision) => sourceOf({ ...repository, [GROUP_VARIABLES]: open ?? '' }, revision),
  };
  const pullRequests: Partial<PullRequests> = {
    openFrom: async (name) => {
      asked.push(name);
      return open === undefined ? null : { number: 7, url: 'https://github.com/acme/infra/pull/7', head: PULL };
    },
    create: async (change) => {
      opened.push(change);
      return { number: 8, url: 'https://github.com/acme/infra/pull/8' };
    },
    addCommit: async (change) => void changed.push(change),
  };
  const ports = portsOf({
    ports: {
      gitHub: local ? null : fakeGitHub({ commits, pullRequests }),
      source: async () => sourceOf(repository, local ? 'working tree' : HEAD),
    },
  });
  const report = await answerTyped({ id: 't', text, user, channel: CHANNEL }, ports);
  return { report, shown: JSON.stringify(blockKit(report)), opened, changed, asked, ...ports.outside };
}

function lines(change: { text: string } | undefined): readonly string[] {
  const before = (REPOSITORY[GROUP_VARIABLES] ?? '').split('\n');
  return (change?.text ?? '').split('\n').filter((line) => !before.includes(line));
}

describe('set', () => {
  it('opens a pull request that changes one line, and shows what its merge would do', async () => {
    const { report, opened, asked, audited } = await type('set maxmemory 2gb');
    expect(asked).toEqual(['redisops/set-redis-maxmemory']);
    expect(opened).toMatchObject([
      {
        name: 'redisops/set-redis-maxmemory',
        revision: HEAD,
        path: GROUP_VARIABLES,
        title: 'redis: set maxmemory to 2gb',
      },
    ]);
    expect(lines(opened[0])).toEqual(['redis_maxmemory: 2gb # as the shop asked for']);
    expect(opened[0]?.body).toContain('U0ANNA asked for it in Slack');
    expect(report).toMatchObject({ title: 'redis: pull request #8 sets maxmemory 2 GiB (2gb)', tone: 'warning' });
    expect(report.summary).toContain('256 MiB (256mb) → 2 GiB (2gb)');
    expect(report.summary).toContain('https://github.com/acme/infra/pull/8');
    expect(report.footer?.join()).toContain('Plan');
    expect(audited).toMatchObject([{ what: 'set maxmemory 2gb', outcome: 'done' }]);
  });

  it.each<[string, readonly string[]]>([
    ['set redis_maxmemory 2gb', ['redis_maxmemory: 2gb # as the shop asked for']],
    ['set TIMEOUT 77', ['  timeout: 77']],
    ['set hz 50', ['  hz: 50']],
    ['set save "900 1 300 10"', ['  save: "900 1 300 10"']],
    ['set save 900 1', ['  save: "900 1"']],
    ['set maxmemory-policy allkeys-lru', ['redis_maxmemory_policy: "allkeys-lru"']],
    ['set port 6380', ['redis_port: 6380']],
    ['set notify-keyspace-events KEA in redis', ['  notify-keyspace-events: "KEA"']],
  ])('%s', async (text, expected) => {
    const { opened } = await type(text);
    expect(lines(opened[0])).toEqual(expected);
  });

  it.each(['set maxmemory 256mb', 'set maxmemory 268435456', 'set save ""', 'set hz 10'])(
    '%s: Git says so already',
    async (text) => {
      const { report, opened } = await type(text);
      expect([report.summary, opened]).toEqual(['Git already says so. No pull request is needed.', []]);
    },
  );

  const pending = (REPOSITORY[GROUP_VARIABLES] ?? '').replace('256mb', '2gb');

  it('changes the open pull request, and nothing that others added to it', async () => {
    const { report, opened, changed } = await type('set maxmemory 3gb', { open: `${pending}# Mine.\n` });
    expect(opened).toEqual([]);
    expect(changed).toMatchObject([{ name: 'redisops/set-redis-maxmemory', revision: PULL }]);
    expect(lines(changed[0])).toEqual(['redis_maxmemory: 3gb # as the shop asked for', '# Mine.']);
    expect(report.title).toContain('pull request #7 now sets');
  });

  it('names the pull request that sets it already', async () => {
    const { report, opened, changed } = await type('set maxmemory 2gb', { open: pending });
    expect([opened, changed]).toEqual([[], []]);
    expect(report.title).toContain('pull request #7 sets already');
  });

  it.each<[string, string, Given]>([
    ['set maxmemory', 'USAGE', {}],
    ['set', 'USAGE', {}],
    ['set redis_master_host redis-02', 'USAGE', {}],
    ['set {a} b', 'USAGE', {}],
    ['set maxmemory lots', 'CONFIG_INVALID', {}],
    ['set maxmemry 2gb', 'CONFIG_INVALID', {}],
    ['set replicaof 10.0.0.1', 'CONFIG_INVALID', {}],
    ['set include /etc/shadow', 'CONFIG_INVALID', {}],
    ['set maxmemory 2gb', 'NOT_ALLOWED', { user: 'U0EVE' }],
    ['set maxmemory 2gb', 'NOT_AVAILABLE_YET', { local: true }],
    [
      'set maxmemory 2gb',
      'SET_OVERRULED',
      {
        files: { [GROUP_VARIABLES]: (REPOSITORY[GROUP_VARIABLES] ?? '').replace('256mb', '"{{ half }}mb"\nhalf: 128') },
      },
    ],
    [
      'set timeout 77',
      'SET_OVERRULED',
      { files: { 'ansible/host_vars/redis-02.yml': 'redis_config:\n  timeout: 1\n' } },
    ],
  ])('%s is refused: %s', async (text, code, given) => {
    const { report, opened, changed, audited } = await type(text, given);
    expect(JSON.stringify(report)).toContain(code);
    expect([opened, changed]).toEqual([[], []]);
    expect(audited).toMatchObject([{ outcome: code }]);
  });

  it.each([
    [
      'set maxmemory lots',
      'maxmemory cannot be set: redis_maxmemory must be a size such as 256mb or 2gb, not “lots”.',
      'No pull request was opened. Its line would be `redis_maxmemory: "lots" # as the shop asked for`.',
    ],
    [
      'set timeout soon',
      'timeout cannot be set: timeout must be a whole number from 0 to 2147483647, not “soon”.',
      'No pull request was opened. Its line would be `timeout: "soon"`.',
    ],
  ])('%s: says what is wrong with the value', async (text, summary, next) => {
    const { report } = await type(text);
    expect([report.summary, report.next]).toEqual([summary, next]);
    expect(report.summary).not.toContain('group_vars');
  });

  it.each([
    '{{ hostvars[redis_password] }}',
    "{% if redis_password[0] == 'c' %}1gb{% else %}2gb{% endif %}",
    '{#x#}1gb',
  ])('takes no template, which could ask for a password: %s', async (value) => {
    const { report, shown, opened } = await type(`set maxmemory "${value}"`);
    expect(report.footer?.[0]).toContain('USAGE');
    expect(opened).toEqual([]);
    expect(shown).not.toContain('canary');
  });

  it.each(['requirepass', 'redis_password', 'REDIS_MASTERAUTH', 'masterauth', 'user', 'tls-key-file-pass'])(
    'takes no secret: %s',
    async (name) => {
      const { report, shown, opened, audited, log } = await type(`set ${name} hunter2`);
      expect(report.footer?.[0]).toContain('SECRET_IN_CHAT');
      expect(opened).toEqual([]);
      expect(shown + JSON.stringify([report, audited, log.lines])).not.toContain('hunter2');
    },
  );
});
