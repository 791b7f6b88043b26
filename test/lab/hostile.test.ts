import { createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startBot, type RunningBot } from '../../lab/bot.ts';
import { GROUP_VARIABLES } from '../../lab/example-repository.ts';
import { labHosts, onHost, resetHosts } from '../../lab/hosts.ts';
import { slackLines } from '../../lab/slack-view.ts';
import { writeFiles } from '../../lab/write-files.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import { readDesired } from '../../src/desired/read-desired.ts';
import { ConfigInvalid, asRedisopsError } from '../../src/domain/error.ts';
import { watchLog } from './pool/transcript.ts';
import { fingerprint, on, openProgram, repositoryFor, type Program } from './program.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const INVENTORY = 'ansible/inventory/hosts.yml';
/** The trace of a command that must never run. */
const MARK = `/tmp/redisops-owned-${randomBytes(6).toString('hex')}`;
const TOUCH = `touch ${MARK}`;

const failure = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string().min(1),
    hint: z.string().min(1),
    problems: z.unknown().optional(),
  }),
});
const reasons = z.looseObject({ reasons: z.array(z.looseObject({ code: z.string(), node: z.string().nullable() })) });
const nodes = z.looseObject({
  nodes: z.array(z.looseObject({ name: z.string(), reachable: z.boolean(), role: z.string().nullable() })),
});
const blocked = z.looseObject({ blockers: z.array(z.looseObject({ code: z.string(), node: z.string().nullable() })) });
const run = z.looseObject({ outcome: z.string(), code: z.string() });

let program: Program;

beforeAll(async () => {
  await resetHosts();
  program = await openProgram();
});

afterAll(() => program.close());

async function marks(): Promise<readonly string[]> {
  const onHosts = await Promise.all(
    HOSTS.map(async (host) => ((await onHost(host, `ls ${MARK}`)).code === 0 ? [host] : [])),
  );
  return [...(existsSync(MARK) ? ['here'] : []), ...onHosts.flat()];
}

/** Characters that a shell, YAML, an INI file, SSH or systemd may interpret. */
const METACHARACTERS = [
  `$(${TOUCH})`,
  `\`${TOUCH}\``,
  `';${TOUCH};'`,
  `";${TOUCH};"`,
  `x; ${TOUCH} #`,
  `x | ${TOUCH}`,
  `x\n${TOUCH}\n`,
  `-oProxyCommand=${TOUCH}`,
  `../../..${MARK}`,
  `%n$(${TOUCH})`,
];

const VARIABLES = [
  'redis_enable_replication',
  'redis_enable_sentinel',
  'redis_master_host',
  'redis_master_ip',
  'redis_port',
  'redis_dir',
  'redis_bind',
  'redis_maxmemory',
  'redis_maxmemory_policy',
  'redis_repl_backlog_size',
  'redis_repl_diskless_sync',
];
const DIRECTIVES = ['dbfilename', 'logfile', 'syslog-ident', 'proc-title-template', 'pidfile', 'unixsocket', 'aclfile'];
const OF_THE_HOST = ['ansible_host', 'ansible_user', 'ansible_port'];
const OF_THE_CLUSTER = ['inventory', 'group', 'group_vars', 'host_vars', 'channel'];

/** A repository with the text in one place. */
function repositoryWith(place: string, text: string): Readonly<Record<string, string>> {
  const files = repositoryFor({});
  const quoted = JSON.stringify(text);
  const variables = files[GROUP_VARIABLES] ?? '';
  const inventory = files[INVENTORY] ?? '';
  if (VARIABLES.includes(place)) {
    const others = variables.split('\n').filter((line) => !line.startsWith(`${place}:`));
    return { ...files, [GROUP_VARIABLES]: `${place}: ${quoted}\n${others.join('\n')}` };
  }
  if (DIRECTIVES.includes(place)) return { ...files, [GROUP_VARIABLES]: `${variables}  ${place}: ${quoted}\n` };
  if (OF_THE_HOST.includes(place))
    return { ...files, [INVENTORY]: inventory.replace(/ansible_host: 10\.0\.0\.124/, `${place}: ${quoted}`) };
  if (OF_THE_CLUSTER.includes(place))
    return { ...files, 'redisops.yml': `clusters:\n  redis:\n    ${place}: ${quoted}\n` };
  switch (place) {
    case 'a directive’s name':
      return { ...files, [GROUP_VARIABLES]: `${variables}  ${quoted}: 1\n` };
    case 'a variable’s name':
      return { ...files, [GROUP_VARIABLES]: `${JSON.stringify(`redis_${text}`)}: 1\n${variables}` };
    case 'a host’s name':
      return { ...files, [INVENTORY]: inventory.replace('redis-02:', `${quoted}:`) };
    case 'a cluster’s name':
      return { ...files, 'redisops.yml': `clusters:\n  ${quoted}: {}\n` };
    default:
      throw new Error(`nobody knows where ${place} is`);
  }
}

describe('a repository with shell metacharacters', () => {
  const places = [
    ...VARIABLES,
    ...DIRECTIVES,
    ...OF_THE_HOST,
    ...OF_THE_CLUSTER,
    'a directive’s name',
    'a variable’s name',
    'a host’s name',
    'a cluster’s name',
  ];

  /** Free text for Redis: anything may be there, and must be preserved exactly. */
  const FREE = ['syslog-ident', 'proc-title-template'];

  it.each(places.filter((place) => !FREE.includes(place)))('in %s is refused, with its place', async (place) => {
    // Names are echoed, except line breaks and what follows a directive’s name; values by the name of their place.
    const spoken = place.startsWith('a ')
      ? /touch|owned|has more behind it/
      : new RegExp(place === 'redis_master_host' ? 'the master|redis_master_host' : place);
    for (const [number, text] of METACHARACTERS.entries()) {
      const folder = join(program.folder, '..', 'metacharacters', `${place}-${number}`);
      const files = repositoryWith(place, text);
      await writeFiles(folder, files);
      const error = await readDesired(checkout(folder), {}).then(() => null, asRedisopsError);
      const problems = error instanceof ConfigInvalid ? error.problems.map(({ message }) => message) : [];
      expect({ text, problems }).toEqual({ text, problems: expect.arrayContaining([expect.stringMatching(spoken)]) });
    }
  });

  it('in its passwords and free texts carries them to the nodes, to the letter', async () => {
    const password = METACHARACTERS.filter((text) => !text.includes('\n'))
      .join(' ')
      .slice(0, 500);
    const identity = `$(${TOUCH})\`${TOUCH}\`;'"`;
    await program.write(
      repositoryFor({
        password: password.replaceAll('\\', '\\\\'),
        directives: {
          'syslog-ident': JSON.stringify(identity),
          'proc-title-template': JSON.stringify(`{title} ${identity}`),
        },
      }),
    );
    const { code, stdout, stderr } = await program.run(['apply', '--yes', '--json']);
    expect([code, stderr, run.parse(JSON.parse(stdout)).outcome]).toEqual([0, '', 'done']);
    const auth = `AUTH "${password.replaceAll(/["\\]/g, String.raw`\$&`)}"\n`;
    for (const host of HOSTS) {
      const { stdout } = await onHost(host, ['redis-cli'], {
        stdin: `${auth}CONFIG GET requirepass\nCONFIG GET syslog-ident\nCONFIG GET proc-title-template\n`,
      });
      const [, ...lines] = stdout.trim().split('\n');
      const free = ['syslog-ident', identity, 'proc-title-template', `{title} ${identity}`];
      expect(lines).toEqual(['requirepass', password, ...free]);
    }
    expect(await program.run(['plan', '--json'])).toMatchObject({ code: 0 });
    expect(await marks()).toEqual([]);
  });

  it.each([
    [['resync', `$(${TOUCH})`, '--yes']],
    [['resync', `redis-02;${TOUCH}`, '--yes']],
    [['render', `\`${TOUCH}\``]],
    [['plan', '--cluster', `$(${TOUCH})`]],
    [[`;${TOUCH}`]],
  ])('is asked for in vain by the words %j', async (argv) => {
    const { code, stdout } = await program.run([...argv, '--json']);
    expect(code).toBe(64);
    expect(failure.parse(JSON.parse(stdout)).error.code).toMatch(/^UNKNOWN_|^USAGE$/);
    expect(await marks()).toEqual([]);
  });

  it('would leave a mark if it could: the search finds one', async () => {
    await on('redis-02', TOUCH);
    await writeFile(MARK, '');
    expect(await marks()).toEqual(['here', 'redis-02']);
    await on('redis-02', `rm ${MARK}`);
    await rm(MARK);
  });
});

describe('a repository made to do harm', () => {
  const bomb = Array.from({ length: 12 }, (_, level) =>
    level === 0
      ? 'a0: &a0 [x, x, x, x, x, x, x, x]'
      : `a${level}: &a${level} [${Array(8)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
  ).join('\n');
  const fiveMegabytes = `all:\n  children:\n    redis:\n      hosts:\n${Array.from({ length: 130_000 }, (_, n) => `        redis-${n}: {ansible_host: 10.0.0.1}`).join('\n')}\n`;

  it.each<[string, Readonly<Record<string, string | Buffer>>]>([
    ['variables that are a list', { [GROUP_VARIABLES]: '- redis_port: 6379\n' }],
    ['variables that are one word', { [GROUP_VARIABLES]: 'redis\n' }],
    ['a bomb of anchors', { [GROUP_VARIABLES]: `${bomb}\nredis_config: *a11\n` }],
    ['an anchor in a circle', { [GROUP_VARIABLES]: 'redis_config: &a {maxclients: *a}\n' }],
    [
      'merges of merges',
      { [GROUP_VARIABLES]: `a: &a\n  <<: [${Array(2000).fill('{b: 1}').join(', ')}]\nredis_config: *a\n` },
    ],
    ['an inventory of 5 MB', { [INVENTORY]: fiveMegabytes }],
    ['an inventory that is a list', { [INVENTORY]: '- redis-01\n' }],
    ['a range without an end', { [INVENTORY]: 'redis:\n  hosts:\n    redis-[1:99999999]:\n' }],
    ['bytes that are no text', { [GROUP_VARIABLES]: Buffer.from([0xff, 0xfe, 0, 0x80]) }],
    ['clusters that are a list', { 'redisops.yml': '- redis\n' }],
    ['a type that runs code elsewhere', { [GROUP_VARIABLES]: '!!python/object/apply:os.system ["touch /tmp/x"]\n' }],
  ])('is refused in a moment: %s', async (_, files) => {
    await program.asks();
    await program.write(files);
    const before = performance.now();
    const { code, stdout, stderr } = await program.run(['apply', '--yes', '--json']);
    expect(performance.now() - before).toBeLessThan(15_000);
    expect([code, stderr]).toEqual([1, '']);
    expect(failure.parse(JSON.parse(stdout)).error.code).toBe('CONFIG_INVALID');
    await rm(program.folder, { recursive: true });
  });

  it('is not followed out of itself', async () => {
    await program.asks();
    await rm(join(program.folder, GROUP_VARIABLES));
    await symlink('/etc/shadow', join(program.folder, GROUP_VARIABLES));
    const { code, stdout } = await program.run(['check', '--json']);
    expect([code, failure.parse(JSON.parse(stdout)).error.code]).toEqual([1, 'CONFIG_INVALID']);
    expect(stdout).not.toContain('root:');
    await rm(program.folder, { recursive: true });
  });
});

describe('a node made to do harm', () => {
  let own = '';

  beforeAll(async () => {
    await resetHosts();
    await program.asks();
    await program.applies();
    own = await readFile(labHosts().knownHostsFile, 'utf8');
  });

  afterEach(async () => {
    await onHost(
      'redis-02',
      'pkill -CONT -x sshd; echo "ops ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/ops; rm -f /etc/ssh/sshd_config.d/00-test.conf; iptables --flush; systemctl reset-failed ssh; systemctl restart ssh',
    );
    await program.asks();
  });

  const knownHosts = async (change: (text: string) => string): Promise<Record<string, string>> => {
    const file = join(program.stateDirectory, 'known_hosts');
    await writeFile(file, change(own));
    return { SSH_KNOWN_HOSTS_FILE: file };
  };
  const nothing = (): Promise<Record<string, string>> => Promise.resolve({});
  const sshd = (line: string) => async (): Promise<Record<string, string>> => {
    await on(
      'redis-02',
      `echo '${line}' >/etc/ssh/sshd_config.d/00-test.conf; systemctl reset-failed ssh; systemctl restart ssh`,
    );
    return {};
  };

  interface Row {
    node: string;
    code: string;
    hint: RegExp;
    does: () => Promise<Record<string, string>>;
  }

  it.each<Row>([
    {
      node: 'accepts the connection and says nothing',
      code: 'SSH_TIMEOUT',
      hint: /host is up|load/,
      does: async () => {
        await on('redis-02', 'pkill -STOP -o -x sshd');
        return {};
      },
    },
    {
      node: 'lets one in and then hangs',
      code: 'COMMAND_TIMEOUT',
      hint: /its load/,
      does: sshd('ForceCommand sleep 600'),
    },
    {
      node: 'answers every command with megabytes of nonsense',
      code: 'COMMAND_FAILED',
      hint: /reads Debian hosts/,
      does: sshd('ForceCommand head -c 50000000 /dev/urandom'),
    },
    {
      node: 'has another’s host key',
      code: 'SSH_HOST_KEY',
      hint: /SSH_KNOWN_HOSTS_FILE|ssh-keyscan/,
      does: () =>
        knownHosts((text) =>
          text.replaceAll(/^redis-02,10\.0\.0\.124 (\S+) .*$/gm, `redis-02,10.0.0.124 ${keyOf(text, 'redis-01')}`),
        ),
    },
    {
      node: 'has a host key that nobody knows',
      code: 'SSH_HOST_KEY',
      hint: /SSH_KNOWN_HOSTS_FILE|ssh-keyscan/,
      does: () => knownHosts((text) => text.replaceAll(/^redis-02,.*\n/gm, '')),
    },
    {
      node: 'refuses sudo',
      code: 'SUDO_REFUSED',
      hint: /passwordless sudo/,
      does: async () => {
        await on('redis-02', 'rm /etc/sudoers.d/ops');
        return {};
      },
    },
    {
      node: 'refuses the key',
      code: 'SSH_AUTH',
      hint: /`ssh-copy-id -i \S+ ops@10\.0\.0\.124`/,
      does: sshd('AllowUsers nobody'),
    },
  ])('that $node is reported by $code, beside the others', async ({ code, hint, does }) => {
    await program.asks({ variables: ['redis_maxmemory: 77mb'] });
    const before = await fingerprint();
    const environment = await does();
    const startedAt = performance.now();
    const [status, plan, apply, person] = await Promise.all([
      program.run(['status', '--json'], environment),
      program.run(['plan', '--json'], environment),
      program.run(['apply', '--yes', '--json'], environment),
      program.run(['plan'], environment),
    ]);
    expect(performance.now() - startedAt).toBeLessThan(15_000);

    expect([status.code, plan.code, apply.code, person.code]).toEqual([1, 3, 3, 3]);
    expect(status.stderr + plan.stderr + apply.stderr).toBe('');
    expect(reasons.parse(JSON.parse(status.stdout)).reasons).toContainEqual(
      expect.objectContaining({ code, node: 'redis-02' }),
    );
    const seen = nodes.parse(JSON.parse(status.stdout)).nodes;
    expect(seen.map(({ reachable, role }) => [reachable, role])).toEqual([
      [true, 'master'],
      [false, null],
      [true, 'replica'],
    ]);
    expect(blocked.parse(JSON.parse(plan.stdout)).blockers).toContainEqual(
      expect.objectContaining({ code, node: 'redis-02' }),
    );
    expect(run.parse(JSON.parse(apply.stdout))).toMatchObject({ outcome: 'refused', code });
    expect(person.stdout).toContain(code);
    expect(person.stdout.replaceAll(/\s+/g, ' ')).toMatch(hint);
    expect(await fingerprint()).toEqual(before);
  });

  it('whose Redis does not take the password is reported, and left alone', async () => {
    await program.asks({ password: 'another', variables: ['redis_maxmemory: 77mb'] });
    const before = await fingerprint();
    const status = await program.run(['status', '--json'], await nothing());
    const apply = await program.run(['apply', '--yes', '--json'], await nothing());
    expect([status.code, apply.code]).toEqual([1, 3]);
    expect(reasons.parse(JSON.parse(status.stdout)).reasons.map(({ code, node }) => `${code} ${node ?? ''}`)).toEqual(
      expect.arrayContaining(HOSTS.map((host) => `REDIS_AUTH_FAILED ${host}`)),
    );
    expect(run.parse(JSON.parse(apply.stdout))).toMatchObject({ outcome: 'refused' });
    expect(await fingerprint()).toEqual(before);
  });
});

function keyOf(knownHosts: string, host: string): string {
  return new RegExp(`^${host},\\S+ (.*)$`, 'm').exec(knownHosts)?.[1] ?? '';
}

describe('the bot', () => {
  let bot: RunningBot;
  let queue: Redis;

  beforeAll(async () => {
    bot = await startBot(repositoryFor({}));
    watchLog(bot.logFile);
    queue = new Redis({ path: join(bot.stateDirectory, 'queue/redis.sock') });
  });

  afterAll(async () => {
    queue.disconnect();
    await bot.stop();
    await rm(bot.stateDirectory, { recursive: true });
  });

  const sign = (text: string, secret: string) => createHmac('sha256', secret).update(text).digest('hex');
  const slack = (body: string, ageSeconds = 0, secret?: string): Record<string, string> => {
    const timestamp = String(Math.floor(Date.now() / 1000) - ageSeconds);
    return {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${sign(`v0:${timestamp}:${body}`, secret ?? bot.slack.signingSecret)}`,
    };
  };
  const github = (body: string, secret?: string): Record<string, string> => ({
    'content-type': 'application/json',
    'x-github-event': 'pull_request',
    'x-github-delivery': randomBytes(8).toString('hex'),
    'x-hub-signature-256': `sha256=${sign(body, secret ?? bot.github.webhookSecret)}`,
  });
  const command = (text: string): string =>
    new URLSearchParams({
      command: '/redis',
      text,
      user_id: bot.slack.person('anna'),
      user_name: 'anna',
      channel_id: bot.slack.channel,
      team_id: 'T000000001',
      trigger_id: randomBytes(8).toString('hex'),
      response_url: `${bot.slack.apiUrl}response`,
    }).toString();
  const merge = (padding = ''): string =>
    JSON.stringify({
      action: 'closed',
      number: 1,
      pull_request: {
        merged: true,
        number: 1,
        merge_commit_sha: 'a'.repeat(40),
        base: { ref: 'main', sha: 'b'.repeat(40) },
        merged_by: { login: 'alice' },
      },
      repository: { full_name: bot.github.repository },
      padding,
    });

  interface Knock {
    path: string;
    body: string;
    headers: Record<string, string>;
  }
  const A_MEGABYTE = 1024 * 1024;
  const TEN_MEGABYTES = 10 * A_MEGABYTE;

  it('queues a command that Slack did sign: the next ones look for that', async () => {
    const before = await queued();
    const body = command('apply');
    const answer = await fetch(`${bot.url}/slack/events`, { method: 'POST', headers: slack(body), body });
    expect(answer.status).toBe(200);
    await expect
      .poll(async () => (await bot.slack.roots()).map((root) => slackLines(root)[0]), { timeout: 20_000 })
      .toEqual([expect.stringMatching(/– (?:done|nothing to do)$/)]);
    expect(await queued()).toHaveLength(before.length + 3);
  });

  it.each<[string, number, () => Knock]>([
    ['a forged command', 401, () => knockSlack(command('apply'), (body) => slack(body, 0, 'guessed'))],
    [
      'an unsigned command',
      401,
      () => knockSlack(command('apply'), () => ({ 'content-type': 'application/x-www-form-urlencoded' })),
    ],
    ['a command of six minutes ago', 401, () => knockSlack(command('apply'), (body) => slack(body, 360))],
    ['a command of 10 MiB', 413, () => knockSlack(command('x'.repeat(TEN_MEGABYTES)), (body) => slack(body))],
    ['a forged merge', 401, () => knockGitHub(merge(), (body) => github(body, 'guessed'))],
    [
      'an unsigned merge',
      401,
      () => knockGitHub(merge(), () => ({ 'content-type': 'application/json', 'x-github-event': 'pull_request' })),
    ],
    ['a merge of 10 MiB', 413, () => knockGitHub(merge('x'.repeat(TEN_MEGABYTES)), (body) => github(body))],
  ])('refuses %s with %i, and queues nothing', async (_, status, knock) => {
    const { path, body, headers } = knock();
    const before = await queued();
    const said = await fetch(bot.url + path, { method: 'POST', headers, body }).then(
      (answer) => answer.status,
      // Answered while the body is still arriving, a client may only see a closed connection.
      (error: unknown) => (body.length > A_MEGABYTE ? status : error),
    );
    expect(said).toBe(status);
    expect(await queued()).toEqual(before);
    expect((await fetch(`${bot.url}/readyz`)).status).toBe(200);
  });

  function knockSlack(body: string, headers: (body: string) => Record<string, string>): Knock {
    return { path: '/slack/events', body, headers: headers(body) };
  }

  function knockGitHub(body: string, headers: (body: string) => Record<string, string>): Knock {
    return { path: '/github/webhooks', body, headers: headers(body) };
  }

  /** Jobs, runs and threads: anything a request may have started. */
  async function queued(): Promise<readonly string[]> {
    const keys = await queue.keys('*');
    const begun = keys.filter((key) => /^redisops:(?:run:|bull:[^:]+:(?:propose|execute)-[^:]+$)/.test(key));
    return [...begun.toSorted(), ...(await bot.slack.roots()).map(({ ts }) => ts)];
  }

  it.each([
    ['<!channel>'],
    ['<!here> <!everyone>'],
    ['resync <!channel>'],
    ['resync <@U000000002|ben>'],
    ['status <#C000000001|general>'],
    ['status --cluster <!subteam^S1>'],
    ['resync redis-02\nresync redis-03'],
    ['status\u0000\u202E\u{1F600}'],
    [`status ${'<!channel> '.repeat(900)}`],
    ['x'.repeat(10_000)],
    [`resync $(${TOUCH})`],
    [`\`\`\`*_~<http://evil.example|click>`],
  ])('answers %j politely, and calls nobody', async (text) => {
    const before = bot.slack.whispers.length;
    const roots = (await bot.slack.roots()).length;
    expect((await bot.slack.command('anna', text)).status).toBe(200);
    await expect.poll(() => bot.slack.whispers.length, { timeout: 10_000 }).toBeGreaterThan(before);
    const whispers = bot.slack.whispers.slice(before);
    expect(whispers.map(({ user }) => user)).toEqual([bot.slack.person('anna')]);
    const said = whispers.flatMap(({ message }) => slackLines(message)).join('\n');
    expect(said).toMatch(/USAGE|UNKNOWN_COMMAND|UNKNOWN_CLUSTER/);
    expect(said).toContain('/redis');
    expect(said.length).toBeLessThan(1000);
    for (const { message } of whispers)
      for (const marked of markedUp(message)) expect(marked).not.toMatch(/<[!@#]|<http:\/\/evil/);
    expect((await bot.slack.roots()).length).toBe(roots);
  });

  it('is still there after all that, and reads an inventory of 5 MB no further', async () => {
    await bot.github.commit({ [INVENTORY]: `${'# x'.repeat(1_700_000)}\n` }, 'Comment');
    const before = bot.slack.whispers.length;
    await bot.slack.command('anna', 'status');
    await expect.poll(() => bot.slack.whispers.length, { timeout: 10_000 }).toBeGreaterThan(before);
    const said = bot.slack.whispers.slice(before).flatMap(({ message }) => slackLines(message));
    expect(said.join('\n')).toContain('CONFIG_INVALID');
    expect(bot.processes.map(({ exitCode }) => exitCode)).toEqual([null]);
    expect((await fetch(`${bot.url}/healthz`)).status).toBe(200);
    expect(await readFile(bot.logFile, 'utf8')).not.toMatch(/unhandled|uncaught/i);
    expect(await marks()).toEqual([]);
  });
});

/** Texts in which Slack looks for mentions and links: `mrkdwn`, and a message’s own text. */
function markedUp(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(markedUp);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text, ...rest } = value as { type?: unknown; text?: unknown };
  const own = typeof text === 'string' && (type === 'mrkdwn' || type === undefined) ? [text] : markedUp(text);
  return [...own, ...markedUp(Object.values(rest))];
}
