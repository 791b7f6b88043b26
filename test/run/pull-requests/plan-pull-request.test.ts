import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APP_TOKEN, BOT_TOKEN, startGitGitHub, type GitGitHub } from '../../../lab/git-github/server.ts';
import { exampleRepository, GROUP_VARIABLES } from '../../../lab/example-repository.ts';
import { gitHub } from '../../../src/adapters/github/github.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { NodeAddress } from '../../../src/domain/desired.ts';
import { planPullRequest, type Looked } from '../../../src/run/pull-requests/plan-pull-request.ts';
import { portsOf } from '../../ports.ts';

// Git is a process for each thing that is asked of it.

let github: GitGitHub;
let asked: NodeAddress[];

beforeEach(async () => {
  github = await startGitGitHub();
  asked = [];
  github.people.push('main', exampleRepository({ password: 'canary-of-base', replication: true }), 'Ours');
});

afterEach(async () => {
  await github.close();
  const mistakes = [...github.mistakes, ...github.webhooks.mistakes];
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
});

const variables = (...lines: string[]) =>
  exampleRepository({ password: 'canary-of-base', replication: true, variables: lines })[GROUP_VARIABLES] ?? '';

/** A bot with this token; its nodes are not there, and what it asked them is written down. */
function botOf(token = APP_TOKEN) {
  const settings = {
    repository: github.repository,
    identity: { kind: 'token' as const, token: new Secret(token) },
    apiUrl: github.url,
    backOffMs: 1,
  };
  const memory = portsOf();
  const ports = {
    ...memory,
    nodes: {
      ...memory.nodes,
      connect: (node: NodeAddress) => {
        asked.push(node);
        return memory.nodes.connect(node);
      },
    },
    ...gitHub(settings),
    branch: 'main',
    clock: { ...memory.clock, sleep: () => Promise.resolve() },
  };
  const look = async (number: number): Promise<Looked> => (await planPullRequest(number, null, ports)).looked;
  return { look, ports };
}

const comments = (by = 'github-actions[bot]') =>
  [...github.world.comments.values()].filter(({ login }) => login === by);
const checks = () => [...github.world.checks.values()];
const proposed = (files: Record<string, string>, more: object = {}) =>
  github.people.propose({ title: 'Change', files, ...more });

describe('a pull request', () => {
  it('gets one comment and a check of its head; a push edits the comment and begins a check of the new head', async () => {
    const { look } = botOf();
    const number = proposed({ [GROUP_VARIABLES]: variables('redis_maxmemory: 256mb') });
    expect(await look(number)).toBe('planned');
    expect(await look(number)).toBe('as before');
    const first = comments();
    expect(first).toHaveLength(1);
    const [head] = checks().map((check) => check.head);
    expect(first[0]?.body).toContain(`Head ${head}`);
    expect(first[0]?.body).toContain(`Base ${github.head()}`);
    expect(first[0]?.body).toMatch(/digest [0-9a-f]{64}/);

    const pushed = github.people.pushTo(number, { [GROUP_VARIABLES]: variables('redis_maxmemory: 512mb') });
    expect(await look(number)).toBe('planned');
    expect(comments().map(({ id }) => id)).toEqual([first[0]?.id]);
    expect(comments()[0]?.body).toContain(`Head ${pushed}`);
    expect(checks().map((check) => [check.name, check.head, check.status])).toEqual([
      ['redisops/plan', head, 'completed'],
      ['redisops/plan', pushed, 'completed'],
    ]);
  });

  it('is planned even if the previous plan has the mark of its new head', async () => {
    const { look } = botOf();
    const number = proposed({ [GROUP_VARIABLES]: variables('redis_maxmemory: 1mb') });
    expect(await look(number)).toBe('planned');
    const head = github.people.pushTo(number, { [GROUP_VARIABLES]: variables('redis_maxmemory: 2mb') });
    for (const own of comments()) own.body += `\n<!-- planned ${head} ready unasked -->\n`;
    expect(await look(number)).toBe('planned');
    expect(await look(number)).toBe('as before');
  });

  it('whose nodes cannot be read fails, and no value of the base’s is said', async () => {
    const number = proposed({ [GROUP_VARIABLES]: variables('redis_maxmemory: 256mb') });
    await botOf().look(number);
    expect(checks()).toMatchObject([{ conclusion: 'failure', title: 'Blocked: redis' }]);
    expect(comments()[0]?.body).toContain('SSH_UNREACHABLE');
    expect(JSON.stringify([comments(), checks()])).not.toContain('canary');
  });

  it('has an annotation on the very line that changes, and on the line of each mistake', async () => {
    const good = proposed({
      [GROUP_VARIABLES]: variables('redis_maxmemory: 256mb', 'redis_config:', '  maxclients: 500'),
    });
    await botOf().look(good);
    const lines = variables('redis_maxmemory: 256mb', 'redis_config:', '  maxclients: 500').split('\n');
    expect(checks()[0]?.annotations.map(({ path, start_line: line }) => [path, lines[line - 1]])).toEqual([
      [GROUP_VARIABLES, 'redis_maxmemory: 256mb'],
      [GROUP_VARIABLES, '  maxclients: 500'],
    ]);

    const bad = proposed({ [GROUP_VARIABLES]: variables('redis_maxmemroy: 256mb', 'redis_port: nine') });
    await botOf().look(bad);
    const check = checks()[1];
    expect(check).toMatchObject({ conclusion: 'failure', title: 'No plan for redis' });
    const failures = check?.annotations.filter(({ annotation_level: level }) => level === 'failure') ?? [];
    const wrong = variables('redis_maxmemroy: 256mb', 'redis_port: nine').split('\n');
    expect(failures.map(({ start_line: line }) => wrong[line - 1])).toContain('redis_maxmemroy: 256mb');
  });

  it('has its annotations on the head’s lines where the base has moved on above them', async () => {
    const number = proposed({ [GROUP_VARIABLES]: variables('redis_maxmemroy: 256mb') });
    github.people.push('main', { [GROUP_VARIABLES]: `# one\n# two\n# three\n${variables()}` }, 'Comments');
    await botOf().look(number);
    const lines = variables('redis_maxmemroy: 256mb').split('\n');
    const failures = checks()[0]?.annotations.filter(({ annotation_level: level }) => level === 'failure') ?? [];
    expect(failures.map(({ start_line: line }) => lines[line - 1])).toEqual(['redis_maxmemroy: 256mb']);
    expect(comments()[0]?.body).toContain(`merged into main (${github.head().slice(0, 12)})`);
  });

  it('has annotations in batches of 50, all of them', async () => {
    const many = Array.from({ length: 120 }, (_, at) => `redis_none_${at}: ${at}`);
    await botOf().look(proposed({ [GROUP_VARIABLES]: variables(...many) }));
    const [check] = checks();
    expect(check?.annotations.length).toBeGreaterThan(120);
    expect(check?.conclusion).toBe('failure');
    const updates = github.requests.filter(({ method, path }) => method === 'PATCH' && path.includes('check-runs'));
    expect(updates.map(({ status }) => status)).toEqual(updates.map(() => 200));
    expect(updates.length).toBe(Math.ceil((check?.annotations.length ?? 0) / 50));
  });

  it('that changes no managed file is neutral, without a comment and without a look at any node', async () => {
    expect(await botOf().look(proposed({ 'README.md': 'other\n' }))).toBe('not managed');
    expect(checks()).toMatchObject([{ conclusion: 'neutral', title: 'No managed file changed' }]);
    expect([comments(), asked]).toEqual([[], []]);
  });

  it('that does not merge is planned alone, with a note', async () => {
    const number = proposed({ [GROUP_VARIABLES]: variables('redis_maxmemory: 1gb') });
    github.people.push('main', { [GROUP_VARIABLES]: variables('redis_maxmemory: 2gb') }, 'Theirs');
    await botOf().look(number);
    expect(comments()[0]?.body).toContain('alone: it conflicts with main');
  });

  it('whose merge GitHub does not try in time is planned alone, and an older trial is not taken for it', async () => {
    const number = proposed({ [GROUP_VARIABLES]: variables('redis_maxmemory: 1gb') });
    const { ports } = botOf();
    await ports.pullRequests.get(number);
    const old = await ports.pullRequests.get(number);
    github.people.pushTo(number, { [GROUP_VARIABLES]: variables('redis_maxmemory: 2gb') });
    const pullRequests = {
      ...ports.pullRequests,
      get: async (which: number) => {
        const now = await ports.pullRequests.get(which);
        return now && { ...now, mergeable: true, trialMerge: old?.trialMerge ?? null };
      },
    };
    await planPullRequest(number, null, { ...ports, pullRequests });
    expect(comments()[0]?.body).toContain('alone: GitHub did not report the merge');
  });

  it('whose check cannot be ended is planned again, and leaves none open', async () => {
    const number = proposed({ [GROUP_VARIABLES]: variables('redis_maxmemory: 256mb') });
    const { look } = botOf();
    github.trouble((method) => (method === 'PATCH' ? { status: 502 } : null));
    await expect(look(number)).rejects.toMatchObject({ code: 'GITHUB_FAILED' });
    github.trouble(null);
    expect(await look(number)).toBe('planned');
    expect(checks().map(({ status }) => status)).toEqual(['completed']);
    expect(comments()).toHaveLength(1);
  });

  it('needs few requests', async () => {
    const number = proposed({ [GROUP_VARIABLES]: variables('redis_maxmemory: 256mb') });
    await botOf().look(number);
    expect(github.requests.length).toBeLessThan(30);
    const before = github.requests.length;
    await botOf().look(number);
    expect(github.requests.length - before).toBeLessThan(5);
  });

  it('is not said when a newer commit came while it was planned', async () => {
    const number = proposed({ [GROUP_VARIABLES]: variables('redis_maxmemory: 256mb') });
    const { ports } = botOf();
    const nodes = {
      ...ports.nodes,
      connect: (node: NodeAddress) => {
        if (asked.length === 0) github.people.pushTo(number, { [GROUP_VARIABLES]: variables('redis_maxmemory: 1gb') });
        return ports.nodes.connect(node);
      },
    };
    expect(await planPullRequest(number, null, { ...ports, nodes })).toEqual({ looked: 'overtaken', mark: null });
    expect(comments()).toEqual([]);
    expect(checks()).toMatchObject([{ conclusion: 'cancelled' }]);
    expect((await planPullRequest(number, null, ports)).looked).toBe('planned');
    expect(comments()).toHaveLength(1);
  });

  it('gets a commit status if the token may not write checks', async () => {
    await botOf(BOT_TOKEN).look(proposed({ [GROUP_VARIABLES]: variables('redis_maxmemory: 256mb') }));
    expect(github.world.statuses.map(({ context, state }) => [context, state])).toEqual([
      ['redisops/plan', 'pending'],
      ['redisops/plan', 'failure'],
    ]);
    expect(github.world.statuses.at(-1)?.targetUrl).toContain('#issuecomment-');
    expect(checks()).toEqual([]);
    expect(comments('redisops-bot')).toHaveLength(1);
  });

  it('is planned by the rules of the base: what its own redisops.yml says of clusters and people does not count', async () => {
    const rules = 'clusters:\n  redis:\n    group_vars: elsewhere.yml\npull_requests:\n  forks: always\n';
    const files = {
      'redisops.yml': rules,
      'elsewhere.yml': 'redis_port: 1\n',
      [GROUP_VARIABLES]: variables('redis_maxmemory: 1gb'),
    };
    await botOf().look(proposed(files));
    expect(comments()[0]?.body).toContain('its rules and clusters apply after the merge');
    expect(comments()[0]?.body).toContain('SSH_UNREACHABLE');
    const fork = proposed(files, { fork: 'mallory', by: 'mallory' });
    expect(await botOf().look(fork)).toBe('waits for a maintainer');
  });
});

it.each(['!vault', '!vault-encrypted', '!<!vault>'])(
  'vaulted values (%s) are not shown, also not to who may push',
  async (tag) => {
    const moved = `redis_maxmemory_policy: ${tag} |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n`;
    await botOf().look(proposed({ [GROUP_VARIABLES]: `${variables('redis_port: 7000')}${moved}` }));
    expect(comments()[0]?.body).toContain('no values are shown');
    expect(comments()[0]?.body).not.toContain('7000');
  },
);

describe('a draft and a fork', () => {
  const change = { [GROUP_VARIABLES]: '' };
  beforeEach(() => {
    change[GROUP_VARIABLES] = variables('redis_maxmemory: 1gb');
    github.world.people.set('mallory', 'none').set('rita', 'read').set('ben', 'write');
  });

  it('wait for a comment by someone with write access', async () => {
    const { look } = botOf();
    const draft = proposed(change, { draft: true });
    expect(await look(draft)).toBe('waits for a maintainer');
    expect(checks()).toMatchObject([{ conclusion: 'neutral' }]);
    github.people.comment(draft, 'rita', '/redisops plan');
    expect(await look(draft)).toBe('as before');
    github.people.comment(draft, 'ben', '/redisops plan');
    expect(await look(draft)).toBe('planned');
    expect(comments()).toHaveLength(1);
    github.people.setDraft(draft, false);
    expect(await look(draft)).toBe('planned');
  });

  it('are not read before that word: a file made to stall the reader stalls nothing', async () => {
    const { look, ports } = botOf();
    const read: string[] = [];
    const { commits } = ports;
    ports.commits = {
      ...commits,
      at(revision) {
        const source = commits.at(revision);
        return {
          ...source,
          read(path) {
            read.push(`${revision} ${path}`);
            return source.read(path);
          },
        };
      },
    };
    const hostile = { 'ansible/inventory/hosts.ini': `[redis:children]\na${' '.repeat(900_000)}b\n`, ...change };
    const number = proposed(hostile, { fork: 'mallory', by: 'mallory' });
    expect(await look(number)).toBe('waits for a maintainer');
    const head = github.world.pulls.get(number)?.head ?? 'none';
    const revisions = new Set(read.map((each) => each.split(' ')[0]));
    expect(revisions).toEqual(new Set([github.head()]));
    expect(read.join('\n')).not.toContain(head);
  });

  it('of a fork: the comment must name the head, and a push invalidates it', async () => {
    const { look } = botOf();
    const number = proposed(change, { fork: 'mallory', by: 'mallory' });
    expect(await look(number)).toBe('waits for a maintainer');
    expect(checks()).toMatchObject([{ conclusion: 'action_required' }]);
    expect(asked).toEqual([]);
    const head = github.world.pulls.get(number)?.head ?? '';
    expect(comments()[0]?.body).toContain(`/redisops plan ${head.slice(0, 12)}`);

    github.people.comment(number, 'mallory', `/redisops plan ${head.slice(0, 12)}`);
    github.people.comment(number, 'ben', '/redisops plan');
    expect(await look(number)).toBe('as before');
    github.people.comment(number, 'ben', `Looks good.\n\n/redisops plan ${head.slice(0, 12)}`);
    expect(await look(number)).toBe('planned');
    github.people.pushTo(number, { [GROUP_VARIABLES]: variables('redis_maxmemory: 2gb') });
    expect(await look(number)).toBe('waits for a maintainer');
  });

  it.each([
    ['forks: never', { fork: 'mallory', by: 'mallory' }, 'not planned'],
    ['forks: always', { fork: 'mallory', by: 'mallory' }, 'planned'],
    ['drafts: never', { draft: true }, 'not planned'],
    ['drafts: always', { draft: true }, 'planned'],
  ])('with %s', async (rule, more, looked) => {
    github.people.push('main', { 'redisops.yml': `pull_requests:\n  ${rule}\n` }, 'Rules');
    expect(await botOf().look(proposed(change, more))).toBe(looked);
  });

  it.each([
    [
      'another address',
      {
        'ansible/inventory/hosts.yml': (
          exampleRepository({ password: '', replication: true })['ansible/inventory/hosts.yml'] ?? ''
        ).replace('10.0.0.125', '10.6.6.6'),
      },
    ],
    [
      'a guessed password',
      { [GROUP_VARIABLES]: exampleRepository({ password: 'guess', replication: true })[GROUP_VARIABLES] ?? '' },
    ],
    [
      'a vault',
      {
        [GROUP_VARIABLES]: `${exampleRepository({ password: 'canary-of-base', replication: true })[GROUP_VARIABLES]}redis_maxmemory: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n`,
      },
    ],
    [
      'a template in a group that it brings',
      {
        'ansible/inventory/hosts.yml': `${exampleRepository({ password: '', replication: true })['ansible/inventory/hosts.yml']}    mine:\n      children: { redis: {} }\n`,
        'ansible/group_vars/mine.yml': 'redis_maxmemory: "{{ hostvars[redis_password] }}"\n',
      },
    ],
    [
      'a template whose braces are escapes',
      {
        [GROUP_VARIABLES]: `${exampleRepository({ password: 'canary-of-base', replication: true })[GROUP_VARIABLES]}redis_maxmemory: "\\x7b{ hostvars[redis_password] }}"\n`,
      },
    ],
  ])('of a fork with %s is not planned, and no node is asked', async (_name, files) => {
    github.people.push('main', { 'redisops.yml': 'pull_requests:\n  forks: always\n' }, 'Rules');
    await botOf().look(proposed(files, { fork: 'mallory', by: 'mallory' }));
    expect(checks()).toMatchObject([{ conclusion: 'failure', title: 'No plan for redis' }]);
    expect(comments()[0]?.body).toContain('NOT_ALLOWED');
    expect(asked).toEqual([]);
    expect(JSON.stringify([comments(), checks()])).not.toContain('canary');
  });

  it('of a fork shows no words of the nodes and no values', async () => {
    github.people.push('main', { 'redisops.yml': 'pull_requests:\n  forks: always\n' }, 'Rules');
    await botOf().look(proposed(change, { fork: 'mallory', by: 'mallory' }));
    const text = comments()[0]?.body ?? '';
    expect(text).toContain('SSH_UNREACHABLE');
    expect(text).not.toContain('is not there');
    expect(text).not.toContain('1gb');
  });
});
