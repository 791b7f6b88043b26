import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBot, type RunningBot } from '../../lab/bot.ts';
import { GROUP_VARIABLES } from '../../lab/example-repository.ts';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { slackLines } from '../../lab/slack-view.ts';
import type { SlackMessage } from '../../lab/stand-in-slack.ts';
import {
  dumpOf,
  filesWith,
  holdsAny,
  hostFilesWith,
  journalHolds,
  needlesOf,
  newCanary,
  startSampler,
  type Sampler,
} from './canary.ts';
import { watchLog } from './pool/transcript.ts';
import { openProgram, repositoryFor, type Asked, type Program } from './program.ts';
import { startRecorder } from './recorder.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const FINISHED = /– (?:done|nothing to do|refused|failed|stopped|denied|expired)$/;

/** redis_password, redis_masterauth, a manual setting, and a wrong line of the repository. */
const password = newCanary();
const masterauth = newCanary();
const byHand = newCanary();
const misplaced = newCanary();
/** Planted everywhere, to prove that it would be found. */
const planted = newCanary();
const SECRETS = [password, masterauth, byHand, misplaced];

const slackSays = startRecorder();
const githubSays = startRecorder();
/** The command line’s output. */
const terminal: string[] = [];
let program: Program;
let bot: RunningBot;
let sampler: Sampler;
let queue: Redis;

beforeAll(async () => {
  await resetHosts();
  program = await openProgram();
  sampler = startSampler();
  const files = { ...repositoryFor({ password: password.password }), 'README.md': 'shop' };
  bot = await startBot(files, { via: (url) => (url.includes('/api') ? slackSays : githubSays).before(url) });
  watchLog(bot.logFile);
  queue = new Redis({ path: join(bot.stateDirectory, 'queue/redis.sock') });
}, 60_000);

afterAll(async () => {
  await sampler.stop();
  queue.disconnect();
  await bot.stop();
  await slackSays.close();
  await githubSays.close();
  await rm(bot.stateDirectory, { recursive: true });
  await program.close();
});

async function merge(title: string, asked: Asked): Promise<string> {
  const before = (await bot.slack.roots()).length;
  const text = repositoryFor({ password: password.password, ...asked })[GROUP_VARIABLES] ?? '';
  await bot.github.merge(await bot.github.openPullRequest(GROUP_VARIABLES, text, title));
  return endOf(before);
}

/** The head of the run’s thread, when it has ended and its report is there. */
async function endOf(before: number): Promise<string> {
  let head = '';
  await expect
    .poll(
      async () => {
        const root = (await bot.slack.roots())[before];
        head = root ? headOf(root) : '';
        return root && FINISHED.test(head) ? (await bot.slack.thread(root)).length : 0;
      },
      { timeout: 40_000, interval: 100 },
    )
    .toBeGreaterThan(1);
  return head;
}

function headOf(message: SlackMessage): string {
  return slackLines(message)[0] ?? '';
}

async function ask(text: string): Promise<string> {
  const before = bot.slack.whispers.length;
  await bot.slack.command('anna', text);
  await expect.poll(() => bot.slack.whispers.length, { timeout: 20_000 }).toBeGreaterThan(before);
  return bot.slack.whispers
    .slice(before)
    .flatMap(({ message }) => slackLines(message))
    .join('\n');
}

async function run(...argv: readonly string[]): Promise<number> {
  const { code, stdout, stderr } = await program.run(argv);
  terminal.push(stdout, stderr);
  return code;
}

/** Not through redis-cli’s environment, which is searched too. */
async function redisSays(host: string, commands: readonly string[]): Promise<string> {
  const { stdout } = await onHost(host, ['redis-cli'], { stdin: `${commands.join('\n')}\n` });
  return stdout;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** Every kind of place except nodes’ own files, and whether a needle is there. */
async function placesWith(needles: readonly string[]): Promise<readonly string[]> {
  const journals = await Promise.all(HOSTS.map((host) => journalHolds(host, needles)));
  const metrics = await (await fetch(`${bot.url}/metrics`)).text();
  const whispers = JSON.stringify(bot.slack.whispers);
  const comments = await Promise.all([1, 2, 3].map((number) => bot.github.comments(number).catch(() => [])));
  const texts = {
    processes: sampler.found(needles).join('\n'),
    'the queue': await dumpOf(queue),
    'the log': await readFile(bot.logFile, 'latin1'),
    Slack: slackSays.sent.join('\n') + whispers,
    GitHub: githubSays.sent.join('\n') + comments.flat().join('\n'),
    'the terminal': terminal.join('\n'),
    metrics,
  };
  const found = Object.entries(texts).flatMap(([place, text]) => (holdsAny(text, needles) ? [place] : []));
  const folders = [bot.stateDirectory, program.stateDirectory];
  const files = await Promise.all(folders.map((folder) => filesWith(folder, needles)));
  return [...found, ...(journals.includes(true) ? ['the journal'] : []), ...files.flat()];
}

/** By `redis-01:/etc/…`. */
async function nodeFilesWith(needles: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    HOSTS.map(async (host) => (await hostFilesWith(host, needles)).map((path) => `${host}:${path}`)),
  );
  return found.flat();
}

async function ended(child: ReturnType<typeof spawn>): Promise<void> {
  await once(child, 'exit');
}

describe('the search', () => {
  it.each([
    ['as it is', (text: string) => text],
    ['escaped', (text: string) => JSON.stringify(text)],
    ['URL-encoded', encodeURIComponent],
    ['in base64', (text: string) => Buffer.from(text).toString('base64')],
    ['in base64 after one character', (text: string) => Buffer.from(`:${text}`).toString('base64')],
    ['in base64 after two characters', (text: string) => Buffer.from(`u:${text}`).toString('base64')],
    ['in base64url', (text: string) => Buffer.from(`u:${text}`).toString('base64url')],
    ['in hexadecimal', (text: string) => Buffer.from(text).toString('hex')],
  ])('finds a password %s', (_, dress) => {
    expect(holdsAny(`before ${dress(planted.password)} after`, planted.needles)).toBe(true);
    expect(holdsAny(`before ${dress(password.password)} after`, planted.needles)).toBe(false);
  });

  it('finds what is planted, in every kind of place', async () => {
    const text = planted.password;
    const local = spawn('sleep', ['0.3'], { env: { PATH: process.env['PATH'], SECRET: text } });
    const listed = spawn('bash', ['-c', 'sleep 0.3; exit', text]);
    await Promise.all([ended(local), ended(listed), onHost('redis-02', ['bash', '-c', 'sleep 0.3; exit', text])]);
    await queue.hset('control', 'field', Buffer.from(text).toString('base64'));
    await writeFile(join(bot.stateDirectory, 'control'), encodeURIComponent(text));
    await onHost('redis-03', 'tee /var/tmp/control | logger', { stdin: text });
    await fetch(`${bot.environment['SLACK_API_URL'] ?? ''}auth.test`, { method: 'POST', body: text });
    await fetch(`${bot.environment['GITHUB_API_URL'] ?? ''}/user`, { method: 'POST', body: text });
    terminal.push(text);
    await writeFile(bot.logFile, text, { flag: 'a' });
    await expect.poll(() => journalHolds('redis-03', planted.needles)).toBe(true);

    expect(sampler.found(planted.needles).filter((each) => each.startsWith('bash\0-c\0sleep'))).not.toEqual([]);
    expect(sampler.found(planted.needles).filter((each) => each.includes('SECRET='))).not.toEqual([]);
    expect(await placesWith(planted.needles)).toEqual(
      expect.arrayContaining([
        'processes',
        'the queue',
        'the log',
        'Slack',
        'GitHub',
        'the terminal',
        'the journal',
        join(bot.stateDirectory, 'control'),
      ]),
    );
    expect(await nodeFilesWith(planted.needles)).toContain('redis-03:/var/tmp/control');
  });

  it('does not treat every text as a password', () => {
    expect(holdsAny('the quick brown fox', needlesOf('jumps over the lazy dog'))).toBe(false);
  });
});

describe('a password', () => {
  it('is used by the bot, for merges, questions and an approved resynchronization', async () => {
    expect(await merge('Switch replication on', { variables: ['redis_maxmemory: 200mb'] })).toMatch(/done$/);
    expect(await merge('More memory', { variables: ['redis_maxmemory: 256mb'] })).toMatch(/done$/);
    expect(await ask('status')).toContain('healthy');
    for (const text of ['plan', 'verify', 'history']) expect(await ask(text)).not.toBe('');

    const before = (await bot.slack.roots()).length;
    await bot.slack.command('anna', 'resync redis-03');
    await expect
      .poll(async () => (await bot.slack.roots())[before]?.blocks.some(({ block_id }) => block_id === 'approval'), {
        timeout: 20_000,
      })
      .toBe(true);
    await bot.slack.click('ben', 'approval:approve');
    expect(await endOf(before)).toMatch(/done$/);
  });

  it('is used by the command line', async () => {
    await program.asks({ password: password.password, variables: ['redis_maxmemory: 300mb'] });
    expect(await run('apply', '--yes')).toBe(0);
    expect(await run('resync', 'redis-02', '--yes', '--json')).toBe(0);
    for (const verb of ['status', 'verify', 'doctor', 'history', 'check'])
      expect([verb, await run(verb)]).toEqual([verb, 0]);
    expect(await run('render', 'redis-02')).toBe(0);
  });

  it('of replication may be another one, which fails', async () => {
    const variables = [`redis_masterauth: ${quoted(masterauth.password)}`, 'redis_maxmemory: 300mb'];
    await program.asks({ password: password.password, variables });
    expect(await run('plan')).toBe(2);
    expect(await run('apply', '--yes')).toBe(0);
    expect(await run('resync', 'redis-02', '--yes')).toBe(1);
    expect(await run('status', '--json')).toBe(0);
    expect(await run('doctor')).toBe(1);
    expect(await ask('status')).not.toContain('redis: healthy');
  });

  it('changed on a node is reported without its value', async () => {
    const [auth, change] = [password, byHand].map((each) => quoted(each.password));
    expect(await redisSays('redis-03', [`AUTH ${auth ?? ''}`, `CONFIG SET requirepass ${change ?? ''}`])).toContain(
      'OK',
    );
    expect(await run('apply', '--yes')).toBe(3);
    expect(await run('status')).toBe(1);
    expect(terminal.join('\n')).toContain('REDIS_AUTH_FAILED');
    expect(await ask('status')).toContain('redis-03');
    expect(await merge('Less memory', { variables: ['redis_maxmemory: 100mb'] })).toMatch(/refused$|failed$/);
  });

  it('is in no process until here', async () => {
    await sampler.stop();
    for (const { needles } of SECRETS) expect(sampler.found(needles)).toEqual([]);
  });

  it.each([
    ['without its closing quote', `redis_password: "${misplaced.needles[0] ?? ''}`],
    ['as a list', `redis_password: [${misplaced.needles[0] ?? ''}]`],
    ['twice', `redis_password: ${misplaced.needles[0] ?? ''}\nredis_password: ${misplaced.needles[0] ?? ''}`],
    ['with a second colon', `redis_password: ${misplaced.needles[0] ?? ''}: x`],
    ['among the directives', `redis_config:\n  requirepass: ${misplaced.needles[0] ?? ''}`],
    ['among the directives, wrongly', `redis_config:\n  masterauth: [${misplaced.needles[0] ?? ''}]`],
    ['under a wrong name', `redis_pasword: ${misplaced.needles[0] ?? ''}`],
    ['with Jinja', `redis_password: "{{ ${misplaced.needles[0] ?? ''} }}"`],
    ['with a line break', `redis_password: "${misplaced.needles[0] ?? ''}\\n"`],
  ])('that stands in the repository %s is refused unsaid', async (_, lines) => {
    await program.asks();
    await program.write({
      [GROUP_VARIABLES]: `redis_enable_replication: true\nredis_master_host: redis-01\n${lines}\n`,
    });
    const answers = await Promise.all([run('check'), run('check', '--json')]);
    expect(answers).toEqual([1, 1]);
    expect(terminal.slice(-4).filter((text) => text.includes('CONFIG_INVALID'))).toHaveLength(2);
  });

  it('of a user is not shown in a plan, nor in a file with its secrets masked', async () => {
    const user = `default on >${misplaced.needles[0] ?? ''} ~* +@all`;
    await program.asks({ password: password.password, directives: { user } });
    await run('plan', '--json');
    await run('plan');
    expect(terminal.join('\n')).toContain('user');
    expect(await run('render', 'redis-02')).toBe(0);
  });

  it('is afterwards where it belongs, and nowhere else', async () => {
    for (const { needles } of SECRETS) expect(await placesWith(needles)).toEqual([]);

    const configuration = HOSTS.map((host) => `${host}:/etc/redis/redis.conf`);
    const previous = HOSTS.map((host) => `${host}:/etc/redis/redis.conf.redisops-previous`);
    expect(await nodeFilesWith(password.needles)).toEqual([...configuration, ...previous].toSorted());
    expect(await nodeFilesWith(masterauth.needles)).toEqual(configuration);
    expect(await nodeFilesWith(byHand.needles)).toEqual([]);
    expect(await nodeFilesWith(misplaced.needles)).toEqual([]);

    // Proves that there was something to search.
    expect(sampler.rounds()).toBeGreaterThan(200);
    expect([...sampler.commandLines].filter((each) => each.includes('redisops')).length).toBeGreaterThan(20);
    expect((await dumpOf(queue)).length).toBeGreaterThan(1000);
    expect(slackSays.sent.filter((each) => each.startsWith('POST /upload')).length).toBeGreaterThan(0);
    expect(githubSays.sent.filter((each) => /^POST .*comments/.test(each)).length).toBeGreaterThan(0);
  });
});
