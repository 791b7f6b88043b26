import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { startBot, type RunningBot } from './bot.ts';
import { exampleRepository, GROUP_VARIABLES } from './example-repository.ts';
import { labHosts, resetHosts } from './hosts.ts';
import { slackLines } from './slack-view.ts';
import type { SlackMessage } from './stand-in-slack.ts';
import { until } from './until.ts';
import { startWriter } from './writer.ts';

const PASSWORD = randomBytes(16).toString('hex');
/** The end of a root message’s first line. */
const FINISHED = /– (?:done|nothing to do|refused|failed|stopped|denied|expired)$/;

/** Claims of the demo that failed. */
const broken: string[] = [];

function chapter(title: string): void {
  console.log(`\n\u001B[1m── ${title} ${'─'.repeat(Math.max(0, 96 - title.length))}\u001B[0m`);
}

function hold(claim: string, holds: boolean): void {
  console.log(`   ${holds ? '✔' : '✖'} ${claim}`);
  if (!holds) broken.push(claim);
}

function show(lines: readonly string[], indent: string): void {
  for (const line of lines) console.log(`${indent}${line}`);
}

function textOf(message: SlackMessage): string {
  return slackLines(message).join('\n');
}

function isDone(thread: string): boolean {
  return / – done$/m.test(thread);
}

function headOf(message: SlackMessage): string {
  return slackLines(message)[0] ?? '';
}

/** Waits for the run’s thread to end and prints it. */
async function threadThatEnds(bot: RunningBot, after: number): Promise<readonly SlackMessage[]> {
  const root = await until('the run’s thread', 120, async () => {
    const newest = (await bot.slack.roots())[after];
    return newest && FINISHED.test(headOf(newest)) ? newest : null;
  });
  const messages = await until('the report in the thread', 30, async () => {
    const thread = await bot.slack.thread(root);
    return thread.some(({ files }) => files.length > 0) ? thread : null;
  });
  printThread(messages);
  return messages;
}

function printThread(messages: readonly SlackMessage[]): void {
  for (const [index, message] of messages.entries()) {
    console.log(index === 0 ? '   #redis-ops  redisops' : '   │  redisops');
    show(slackLines(message), index === 0 ? '   ' : '   │  ');
    for (const file of message.files) console.log(`   │  📎 ${file.name ?? 'file'}`);
  }
}

/** Sends a command and prints the private answer, or the message in the channel. */
async function command(bot: RunningBot, person: string, text: string): Promise<string> {
  console.log(`   ${person}: /redis ${text}`);
  const [whispers, roots] = [bot.slack.whispers.length, (await bot.slack.roots()).length];
  const { status } = await bot.slack.command(person, text);
  if (status !== 200) console.log(`   (HTTP ${status})`);
  const message = await until(`an answer to /redis ${text}`, 60, async () => {
    const whisper = bot.slack.whispers[whispers]?.message;
    return whisper ?? (await bot.slack.roots())[roots] ?? null;
  });
  show(slackLines(message), '   ');
  return slackLines(message).join('\n');
}

async function story(bot: RunningBot): Promise<void> {
  const { slack, github } = bot;

  chapter('Three bare hosts');
  const bare = await command(bot, 'anna', 'status');
  hold('the bare hosts are called down', /redis: down$/m.test(bare));

  chapter('Alice merges a pull request that switches replication on');
  let before = (await slack.roots()).length;
  const first = await mergeChange(bot, 'Switch replication on', { replication: true });
  const rollout = (await threadThatEnds(bot, before)).map(textOf).join('\n');
  hold(
    'the rollout is done, and a write arrived on both replicas',
    isDone(rollout) && rollout.includes('2 of 2 replicas acknowledged'),
  );
  const comments = await until('the outcome on the pull request', 30, async () => {
    const all = await github.comments(first);
    return all.length > 1 ? all : null;
  });
  hold('the outcome stands on the pull request, below the plan', comments.at(-1)?.includes('done') === true);

  chapter('A second one changes maxmemory, while a client writes every 5 ms');
  before = (await slack.roots()).length;
  const writer = startWriter({ addresses: addresses(), port: 6379, password: PASSWORD, intervalMs: 5 });
  await mergeChange(bot, 'Give Redis 256 MB', { replication: true, variables: ['redis_maxmemory: 256mb'] });
  const change = (await threadThatEnds(bot, before)).map(textOf).join('\n');
  const figures = await writer.finish();
  hold('the change is done', isDone(change));
  hold(
    `of ${figures.acknowledged} acknowledged writes, ${figures.lost} are lost`,
    figures.lost === 0 && figures.acknowledged > 50,
  );
  console.log(`   longest gap between two writes: ${figures.longestGapMs} ms`);

  chapter('A third one needs a restart of every Redis; the client goes on writing');
  before = (await slack.roots()).length;
  const restarts = startWriter({ addresses: addresses(), port: 6379, password: PASSWORD, intervalMs: 5 });
  const databases = ['redis_maxmemory: 256mb', 'redis_config:', '  databases: 20'];
  await mergeChange(bot, 'Twenty databases', { replication: true, variables: databases });
  await buttons(bot, before);
  console.log('   it disturbs service: ben reads the plan and clicks Approve');
  await slack.click('ben', 'approval:approve');
  const rolling = (await threadThatEnds(bot, before)).map(textOf).join('\n');
  const kept = await restarts.finish();
  hold('all three were restarted, the master after its role was handed over', isDone(rolling));
  hold(`of ${kept.acknowledged} acknowledged writes, ${kept.lost} are lost`, kept.lost === 0 && kept.acknowledged > 50);
  console.log(`   longest gap between two writes: ${kept.longestGapMs} ms`);

  chapter('Anna asks for a resynchronization; it waits for somebody else');
  before = (await slack.roots()).length;
  await command(bot, 'anna', 'resync redis-03');
  await buttons(bot, before);
  console.log('   anna clicks Approve');
  const whispers = slack.whispers.length;
  await slack.click('anna', 'approval:approve');
  const refusal = await until('the refusal', 10, () => Promise.resolve(slack.whispers[whispers]?.message ?? null));
  show(slackLines(refusal), '   ');
  hold('her own approval is refused', slackLines(refusal).join('\n').includes('APPROVAL_OWN'));
  console.log('   ben clicks Approve');
  await slack.click('ben', 'approval:approve');
  const resync = (await threadThatEnds(bot, before)).map(textOf).join('\n');
  hold('with Ben’s approval it is done', isDone(resync));

  chapter('The end');
  const end = await command(bot, 'anna', 'status');
  hold('the cluster is healthy', /redis: healthy$/m.test(end));
}

async function buttons({ slack }: RunningBot, after: number): Promise<void> {
  await until('the buttons', 30, async () =>
    (await slack.roots())[after]?.blocks.some(({ block_id }) => block_id === 'approval') ? true : null,
  );
}

async function mergeChange(
  bot: RunningBot,
  title: string,
  change: { replication: boolean; variables?: readonly string[] },
): Promise<number> {
  const text = exampleRepository({ password: PASSWORD, ...change })[GROUP_VARIABLES] ?? '';
  // Maps the merger on GitHub to a Slack user, so that someone else can approve.
  const people = `people:\n  alice: ${bot.slack.idOf('anna')}\n`;
  const pullRequest = await bot.github.openPullRequest(GROUP_VARIABLES, text, title, { 'redisops.yml': people });
  console.log(`   alice opens #${pullRequest} “${title}”`);
  const [plan = ''] = await until('the plan on the pull request', 30, async () => {
    const comments = await bot.github.comments(pullRequest);
    return comments.length > 0 ? comments : null;
  });
  show(folded(plan).split('\n'), '   ┆ ');
  await bot.github.merge(pullRequest);
  console.log(`   #${pullRequest} is merged`);
  return pullRequest;
}

/** As GitHub shows it initially. */
function folded(markdown: string): string {
  return markdown.replaceAll(/<!--.*?-->\n|<details><summary>Show<\/summary>[^]*?<\/details>\n*/g, '');
}

function addresses(): readonly string[] {
  return labHosts().hosts.map(({ address }) => address);
}

/** `/redis …` as Anna; `approve` and `deny` click as Ben. */
async function prompt(bot: RunningBot): Promise<void> {
  console.log('\nYour turn: /redis …  as Anna, approve or deny as Ben. Ctrl-C ends.');
  const terminal = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
  terminal.prompt();
  terminal.on('SIGINT', () => terminal.close());
  for await (const line of terminal) {
    await take(bot, line.trim()).catch((error: unknown) => console.log(String(error)));
    terminal.prompt();
  }
}

async function take(bot: RunningBot, line: string): Promise<void> {
  if (line === '') return;
  if (line === 'approve' || line === 'deny') {
    await bot.slack.click('ben', `approval:${line}`);
    return threadThatEnds(bot, (await bot.slack.roots()).length - 1).then(() => undefined);
  }
  await command(bot, 'anna', line.replace(/^\/redis\s*/, ''));
}

console.log('Making the three hosts bare …');
await resetHosts();
const bot = await startBot(exampleRepository({ password: PASSWORD, replication: false }));
try {
  await story(bot);
  if (!process.argv.includes('--once')) await prompt(bot);
} catch (error) {
  broken.push(error instanceof Error ? error.message : String(error));
} finally {
  await bot.stop();
}
for (const claim of broken) console.log(`✖ did not hold: ${claim}`);
if (broken.length === 0) console.log('\nAll of it held.');
else console.log(`The bot’s log: ${bot.logFile}`);
process.exit(broken.length === 0 ? 0 : 1);
