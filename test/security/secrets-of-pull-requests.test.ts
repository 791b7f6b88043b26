import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP_TOKEN, startGitGitHub, type GitGitHub } from '../../lab/git-github/server.ts';
import { exampleRepository, GROUP_VARIABLES } from '../../lab/example-repository.ts';
import { gitHub } from '../../src/adapters/github/github.ts';
import type { NodeAddress } from '../../src/domain/desired.ts';
import { Secret } from '../../src/domain/secret.ts';
import { planPullRequest } from '../../src/run/pull-requests/plan-pull-request.ts';
import { vaultedVariable } from '../desired/vaulted.ts';
import { portsOf } from '../ports.ts';

const PASSWORD = 'Zq7-Xw9-Kv3';
const VAULT = 'the vault’s password';
const INVENTORY = 'ansible/inventory/hosts.yml';
const TEMPLATE = 'ansible/roles/redis/templates/redis.conf.j2';
const PART = 'ansible/roles/redis/templates/part.j2';

const plainFiles = exampleRepository({ password: 'unused', replication: true });
const variables = (plainFiles[GROUP_VARIABLES] ?? '').replace(/redis_password: .*\n/, '');
const vaulted = vaultedVariable('redis_password', PASSWORD, VAULT);
const ofRole = [
  'port 6379',
  'bind 0.0.0.0',
  'dir {{ redis_dir }}',
  'requirepass {{ redis_password }}',
  'masterauth {{ redis_password }}',
  "{% include 'part.j2' %}",
  '',
].join('\n');

let github: GitGitHub;
let asked: NodeAddress[];

beforeAll(async () => {
  github = await startGitGitHub();
  const base = {
    ...plainFiles,
    [GROUP_VARIABLES]: `${variables}${vaulted}tier: prod\n`,
    [TEMPLATE]: ofRole,
    [PART]: 'maxclients 500\n',
    'ansible/roles/redis/defaults/main.yml': 'redis_dir: /data/redis\n',
    'redisops.yml': 'pull_requests: { forks: always }\n',
  };
  github.people.push('main', base, 'Ours');
});

afterAll(() => github.close());

/** All that anyone sees of the plan of a pull request with these files, without what tells one commit from another. */
async function seenOf(files: Record<string, string>, more: object = {}): Promise<string> {
  asked = [];
  const settings = {
    repository: github.repository,
    identity: { kind: 'token' as const, token: new Secret(APP_TOKEN) },
    apiUrl: github.url,
    backOffMs: 1,
  };
  const memory = portsOf();
  const connect = (node: NodeAddress) => {
    asked.push(node);
    return memory.nodes.connect(node);
  };
  const ports = {
    ...memory,
    nodes: { ...memory.nodes, connect },
    ...gitHub(settings),
    branch: 'main',
    vaultPassword: new Secret(VAULT),
    clock: { ...memory.clock, sleep: () => Promise.resolve() },
  };
  github.world.comments.clear();
  github.world.checks.clear();
  const requests = github.requests.length;
  const number = github.people.propose({ title: 'Change', files, ...more });
  expect((await planPullRequest(number, null, ports)).looked).toBe('planned');
  const bodies = [...github.world.comments.values()].map(({ body }) => body);
  const checks = [...github.world.checks.values()].map(({ conclusion, title, summary, annotations }) => [
    conclusion,
    title,
    summary,
    annotations,
  ]);
  const all = JSON.stringify([bodies, checks, asked.length, github.requests.length - requests], null, 1);
  return all.replaceAll(/\b[0-9a-f]{12,64}\b/g, 'commit').replaceAll(/(pull|issues)\/\d+|#issuecomment-\d+/g, '$1');
}

describe('a fork that guesses a password', () => {
  const fork = { fork: 'mallory', by: 'mallory' };
  const hosts = plainFiles[INVENTORY] ?? '';

  it.each<[where: string, files: (guess: string) => Record<string, string>]>([
    ['in place of the vaulted one', (guess) => ({ [GROUP_VARIABLES]: `${variables}redis_password: "${guess}"\n` })],
    ['for one host', (guess) => ({ 'ansible/host_vars/redis-02.yml': `redis_password: "${guess}"\n` })],
    ['for all groups', (guess) => ({ 'ansible/group_vars/all/zz': `redis_password: ${guess}\n` })],
    [
      'in the inventory',
      (guess) => ({
        [INVENTORY]: hosts.replace('ansible_user: ops', `ansible_user: ops\n        redis_password: "${guess}"`),
      }),
    ],
    [
      'as a directive',
      (guess) => ({ [GROUP_VARIABLES]: `${variables}${vaulted}redis_config: { RequirePass: "${guess}" }\n` }),
    ],
    [
      'as the master’s',
      (guess) => ({ [GROUP_VARIABLES]: `${variables}${vaulted}redis_masterauth: &a "${guess}"\nx: *a\n` }),
    ],
    [
      'of a user',
      (guess) => ({
        [GROUP_VARIABLES]: `${variables}${vaulted}redis_config: { user: ["default on >${guess} ~* &* +@all"] }\n`,
      }),
    ],
  ])('%s gets the same answer, right or wrong', async (_, files) => {
    const right = await seenOf(files(PASSWORD), fork);
    const wrong = await seenOf(files('Aa1-Bb2-Cc3'), fork);
    expect(right.replaceAll(PASSWORD, 'guess')).toBe(wrong.replaceAll('Aa1-Bb2-Cc3', 'guess'));
    expect(right).toContain('it changes a password or another secret');
    expect(asked).toEqual([]);
  });

  it('learns nothing by letting a group with a known password apply', async () => {
    const groups = (password: string) => ({
      'ansible/group_vars/test.yml': `redis_password: "${password}"\n`,
    });
    const joined = {
      [INVENTORY]: `${hosts}    test:\n      children: { redis: {} }\n      vars: { ansible_group_priority: 9 }\n`,
    };
    github.people.push('main', groups(PASSWORD), 'A group of no hosts');
    const right = await seenOf(joined, fork);
    github.people.push('main', groups('Aa1-Bb2-Cc3'), 'Another password');
    const wrong = await seenOf(joined, fork);
    expect(right).toBe(wrong);
    expect(right).toContain('SSH_UNREACHABLE');
  });
});

describe('a branch by someone who cannot open the vault', () => {
  const letters =
    "{% for c in redis_password %}{% for a in 'XZKqwv-379' %}{% if a == c %}{{ a }}_{% endif %}{% endfor %}{% endfor %}";

  it.each<[where: string, files: Record<string, string>]>([
    ['in a variable', { [GROUP_VARIABLES]: `${variables}${vaulted}redis_config: { syslog-ident: "${letters}" }\n` }],
    [
      'in a variable, its braces as escapes',
      {
        [GROUP_VARIABLES]: `${variables}${vaulted}redis_config: { syslog-ident: "${letters.replaceAll('{', '\\x7b')}" }\n`,
      },
    ],
    [
      'for one host',
      { 'ansible/host_vars/redis-02.yml': `redis_maxmemory: "{{ 1 if redis_password > 'M' else 2 }}gb"\n` },
    ],
    [
      'in the inventory',
      {
        [INVENTORY]: (plainFiles[INVENTORY] ?? '').replace(
          'ansible_user: ops',
          `redis_config: { syslog-ident: "${letters}" }`,
        ),
      },
    ],
    [
      'through another variable',
      {
        [GROUP_VARIABLES]: `${variables}${vaulted}app_x: "${letters}"\nredis_config: { syslog-ident: "{{ app_x }}" }\n`,
      },
    ],
  ])('who has a template print it letter by letter %s sees no letter', async (_, files) => {
    const seen = await seenOf(files);
    expect(seen).toContain('no values are shown');
    expect(seen).not.toContain('Z_q_7');
    expect(seen).not.toMatch(/[12]gb/);
    expect(seen).not.toContain(PASSWORD);
  });

  it.each<[file: string, files: Record<string, string>]>([
    ['the template', { [TEMPLATE]: `${ofRole}syslog-ident ${letters}\n` }],
    ['an included file', { [PART]: `syslog-ident ${letters}\n` }],
    ['the role’s defaults', { 'ansible/roles/redis/defaults/main.yml': `redis_dir: "/data/${letters}"\n` }],
  ])('who has it printed by %s sees no letter', async (_, files) => {
    const rules = `pull_requests: { forks: always }\nclusters: { redis: { template: ${TEMPLATE} } }\n`;
    github.people.push('main', { 'redisops.yml': rules }, 'Our template');
    const seen = await seenOf(files);
    expect(seen).toContain('no values are shown');
    expect(seen).not.toContain('Z_q_7');
    github.people.push('main', { 'redisops.yml': 'pull_requests: { forks: always }\n' }, 'No template');
  });

  it('still sees the plan where there is no secret to read', async () => {
    github.people.push(
      'main',
      { [GROUP_VARIABLES]: variables, 'ansible/group_vars/test.yml': 'x: 1\n' },
      'No password',
    );
    const seen = await seenOf({
      [GROUP_VARIABLES]: `${variables}gb: 2\nredis_config: { maxclients: "{{ gb }}00" }\n`,
    });
    expect(seen).not.toContain('no values are shown');
  });
});
