import { mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram, type ProgramResult } from '../../lab/run-program.ts';
import { isGenuine } from '../../src/domain/audit/chain.ts';
import { openBotLab, takeAwayDropIn, type BotLab } from './bot-lab.ts';
import { openProgram, type Program } from './program.ts';

const MIB = 1024 * 1024;

/** One story: the bot and the command line on one STATE_DIR, which is a file system of 20 MB. */
describe('the audit, on real hosts', () => {
  let disk: string;
  let lab: BotLab;
  let program: Program;

  beforeAll(async () => {
    disk = await mkdtemp(join(tmpdir(), 'redisops-disk-'));
    const { code } = await runProgram(['mount', '-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', disk]);
    if (code !== 0) throw new Error(`no file system of 20 MB can be mounted at ${disk}`);
    lab = await openBotLab({ stateDirectory: join(disk, 'state') });
    program = await openProgram();
    await lab.merge('Switch replication on', ['redis_config:', '  repl-diskless-sync-delay: 0']);
    await lab.ended(0);
  });

  afterAll(async () => {
    await program.close();
    await lab.close();
    await runProgram(['umount', disk]);
    await rm(disk, { recursive: true });
  });

  const segment = () => join(disk, 'state', 'audit', '000000000001.jsonl');
  const redisops = (...argv: readonly string[]): Promise<ProgramResult> =>
    program.run(argv, { STATE_DIR: join(disk, 'state') });
  const whats = async (): Promise<readonly string[]> => {
    const lines = (await readFile(segment(), 'utf8')).trimEnd().split('\n');
    expect(lines.filter((line) => !isGenuine(line))).toEqual([]);
    return lines
      .map((line) => JSON.parse(line) as { what: string; outcome: string })
      .map(({ what, outcome }) => `${what}: ${outcome}`);
  };

  /** Leaves so many bytes. */
  async function fill(left: number): Promise<() => Promise<void>> {
    const file = join(disk, 'somebody-elses');
    const { bavail, bsize } = await statfs(disk);
    await writeFile(file, Buffer.alloc(bavail * bsize - left));
    return () => rm(file);
  }

  it('has the request, the refused click, the approval with the plan’s digest, and the end', async () => {
    await takeAwayDropIn('redis-02');
    const thread = await lab.threads();
    await lab.ask('anna', 'apply');
    await lab.buttons(thread);
    await lab.bot.slack.click('anna', 'approval:approve');
    await expect.poll(whats, { timeout: 30_000 }).toContainEqual(expect.stringMatching(/: APPROVAL_OWN$/));
    await lab.bot.slack.click('ben', 'approval:approve');
    const { record } = await lab.ended(thread);
    expect(record.code).toBe('DONE');
    expect((await whats()).slice(-5)).toEqual([
      'converge to Git: queued',
      expect.stringMatching(/^approve plan [\da-f]{12}: APPROVAL_OWN$/),
      expect.stringMatching(/^approve plan [\da-f]{12}: attempted$/),
      expect.stringMatching(/^approve plan [\da-f]{12}: approved$/),
      'end of converge to Git: DONE',
    ]);
    expect(await readFile(segment(), 'utf8')).toMatch(/"outcome":"approved","plan":"[\da-f]{64}"/);
    expect(await lab.ask('anna', 'audit')).toMatch(/All \d+ entries are as they were written/);
  });

  it('has what the command line did, in the same chain', async () => {
    await program.asks({ variables: ['redis_maxmemory: 300mb'] });
    expect((await redisops('apply', '--yes')).code).toBe(0);
    expect((await whats()).slice(-2)).toEqual(['converge to Git, --yes: approved', 'end of converge to Git: DONE']);
    const { code, stdout } = await redisops('audit');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/are as they were written[^]*converge to Git, --yes/)]);
    expect(stdout).not.toContain('Not compared');
    const exported = await redisops('audit', '--export');
    expect(exported.stdout).toBe(await readFile(segment(), 'utf8'));
  });

  it('refuses what is new while the disk is almost full, and says so; then goes on', { timeout: 180_000 }, async () => {
    await takeAwayDropIn('redis-02');
    const thread = await lab.threads();
    await lab.ask('anna', 'apply');
    await lab.buttons(thread);
    const free = await fill(MIB);
    const whispers = lab.bot.slack.whispers.length;
    await lab.bot.slack.click('ben', 'approval:approve');
    expect(await lab.whisper('ben', whispers)).toContain('STATE_DIR_FULL');
    expect(await lab.ask('anna', 'resync redis-03')).toMatch(/STATE_DIR_FULL/);
    const refused = await redisops('apply', '--yes');
    expect([refused.code, refused.stdout]).toEqual([3, expect.stringContaining('STATE_DIR_FULL')]);
    await expect
      .poll(async () => (await fetch(`${lab.bot.url}/readyz`)).text(), { timeout: 30_000, interval: 500 })
      .toMatch(/not ready[^]*audit: failed/);
    await free();
    await expect
      .poll(async () => (await fetch(`${lab.bot.url}/readyz`)).status, { timeout: 30_000, interval: 500 })
      .toBe(200);
    await lab.bot.slack.click('ben', 'approval:approve');
    expect((await lab.ended(thread, 100)).record.decision).toMatchObject({ decision: 'approved' });
    // Refusals still had room.
    expect(await whats()).toContainEqual(expect.stringMatching(/^approve plan [\da-f]{12}: STATE_DIR_FULL$/));
  });

  it('names the entry that was changed, to everybody who asks', async () => {
    const whole = await readFile(segment(), 'utf8');
    await writeFile(segment(), whole.replace('APPROVAL_OWN', 'approved'));
    expect(await lab.ask('ben', 'audit')).toMatch(
      /AUDIT_BROKEN[^]*Entry \d+ was changed: 000000000001\.jsonl, line \d+/,
    );
    expect((await redisops('audit')).code).toBe(1);
  });
});
